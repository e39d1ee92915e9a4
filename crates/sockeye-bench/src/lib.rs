//! What the measured servers and the load that drives them agree on.
//!
//! Each server is a binary, so that its process is all that is measured: `bench-sockeye`, and `bench-others` with the name
//! of another one. `sockeye-bench` starts and drives them.

#![forbid(unsafe_code)]

pub mod order;
pub mod server;
pub mod token;
