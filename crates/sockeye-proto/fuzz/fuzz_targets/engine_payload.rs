//! Fuzzes `tests/judges/engine_payload.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| sockeye_proto_fuzz::engine_payload(data));
