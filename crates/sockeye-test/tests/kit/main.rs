//! The kit against servers of its own: what its clients do, what its network does, and how its tests fail.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail by a panic")]

mod acks;
mod clients;
mod failures;
mod http;
mod network;
mod unit;

use std::time::Duration;

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
