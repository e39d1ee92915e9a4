//! Section Q: connection state recovery.

mod bounds;
mod offsets;
mod returns;
mod sessions;
