//! Section B: what a handshake holds.

mod content;
mod cors;
