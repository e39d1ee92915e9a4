//! Fuzzes `tests/judges/websocket_deflate.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| sockeye_proto_fuzz::websocket_deflate(data));
