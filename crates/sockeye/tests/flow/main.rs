//! Order, flow and ends under load: what a server promises about events, seen by raw clients on a paused clock.
#![cfg(test)]

mod aborts;
mod burst;
mod ends;
mod own_session;
mod panics;
mod races;
mod upgrade;

#[path = "../attack/kit.rs"]
#[expect(dead_code, reason = "each of the two uses another part of it")]
mod kit;

/// The server behind pipes and its raw clients, which these tests have in common with those of the edge cases.
#[path = "../edge"]
#[expect(dead_code, unused_imports, reason = "each of the two uses another part of it")]
mod shared {
    pub(crate) mod support;
}

pub(crate) use shared::support;
