//! A server behind pipes, and raw clients of it.
//!
//! - [`Server`] is an axum application under `axum::serve`, whose listener hands out pipes instead of TCP connections:
//!   everything is real but the network, so the clock can be paused.
//! - [`Request`], [`Answer`] and [`Pending`] are HTTP/1.1 by hand.
//! - [`WebSocket`] is RFC 6455 by hand.
//! - [`Peer`] speaks Engine.IO on either transport; [`Machine`] is a whole client of it.
//! - [`pair`], [`server`] and [`assert_breach`] are the short ways of tests of Socket.IO.
//! - [`Comer`] is a client that comes back where connection state recovery is on.
//! - [`Log`], [`witness`] and [`Gate`] show and steer what handlers do.

mod http;
mod log;
mod machine;
mod peer;
mod recovery;
mod server;
mod socket;
mod websocket;

pub(crate) use self::{
    http::{Answer, Connection, Pending, Request},
    log::{Gate, Log, settle, witness},
    machine::Machine,
    peer::{Got, Peer},
    recovery::{Comer, event, recovering, recovering_with, recovery},
    server::Server,
    socket::{Breach, Pair, Sockets, assert_breach, hands_out, pair, server, server_with},
    websocket::{Frame, WebSocket, frame},
};

/// Both transports, for lines that hold on either.
pub(crate) const BOTH: [Via; 2] = [Via::Polling, Via::WebSocket];

/// How a client reaches the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Via {
    Polling,
    WebSocket,
}
