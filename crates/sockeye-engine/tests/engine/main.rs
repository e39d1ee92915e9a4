//! The engine from outside: as a tower service with a paused clock, and under axum with real connections.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

mod clauses;
mod close;
mod compression;
mod flow;
mod handshake;
mod heartbeat;
mod newcomers;
mod panics;
mod polling;
mod requests;
mod served;
mod shutdown;
mod support;
mod upgrade;
mod websocket;
