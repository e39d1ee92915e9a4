//! Fuzzes `tests/judges/socket_text.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| sockeye_proto_fuzz::socket_text(data));
