//! What the server takes from the heap for each event, counted item by item.
//!
//! The server runs on real sockets and on the thread of the test, and the counting allocator counts by thread, so a
//! figure is the server's alone and the same in each run.

#![cfg(test)]
#![forbid(unsafe_code)]

mod broadcasts;
mod client;
mod events;
mod idle;
mod world;
