//! The chat without a port: visitors of a `World` log in, connect, and talk; time passes by itself.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail by a panic")]

mod admin;
mod bounds;
mod login;
mod page;
mod rooms;
mod session;
mod settings;
mod support;
mod token;
