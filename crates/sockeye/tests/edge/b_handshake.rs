//! Section B: what a handshake holds.

mod answers;
mod content;
mod cors;
