//! Section Q: connection state recovery.

mod offsets;
mod returns;
mod sessions;
