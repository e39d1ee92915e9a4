//! What must hold whatever a peer sends: one judge for each decoder and each machine.
//!
//! A judge takes any bytes and fails by panicking. The fuzz targets in `fuzz/` and `tests/million.rs` bring the bytes.

mod arguments;
mod lines;
mod listeners;

pub(crate) mod engine_packet;
pub(crate) mod engine_payload;
pub(crate) mod mux_inputs;
pub(crate) mod request_query;
pub(crate) mod session_inputs;
pub(crate) mod socket_binary;
pub(crate) mod socket_text;
pub(crate) mod websocket_deflate;
pub(crate) mod websocket_frames;
