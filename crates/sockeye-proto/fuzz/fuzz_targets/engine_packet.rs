//! Fuzzes `tests/judges/engine_packet.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| sockeye_proto_fuzz::engine_packet(data));
