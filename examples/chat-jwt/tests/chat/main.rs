//! The chat without a port: requests go to its router, and a small client plays the sockets over polling.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail by a panic")]

mod bounds;
mod login;
mod page;
mod rooms;
mod session;
mod settings;
mod support;
mod token;
