//! Section B: what a handshake holds.
