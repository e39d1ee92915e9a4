//! Hostile and broken clients: `attack_NN_…` is row NN of the list, on every transport that it applies to.
//!
//! Clients are raw, servers are real but for their network, and the clock is paused. What is asserted is counted: events
//! handled, sessions open, replies given, packets in one turn of the runtime. No test measures time.
#![cfg(test)]

mod acks;
mod attachments;
mod bomb;
mod connection;
mod flood;
mod handshake;
mod injection;
mod kit;
mod names;
mod namespaces;
mod probe;
mod rate;
mod reconnect;
mod recovery;
mod requests;
mod shapes;
mod size;
mod slow_reader;
mod text;
mod websocket;

/// The server behind pipes and its raw clients, which these tests have in common with those of the edge cases.
#[path = "../edge"]
#[expect(dead_code, unused_imports, reason = "each of the two uses another part of it")]
mod shared {
    pub(crate) mod support;
}

pub(crate) use shared::support;
