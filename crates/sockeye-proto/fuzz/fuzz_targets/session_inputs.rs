//! Fuzzes `tests/judges/session_inputs.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| sockeye_proto_fuzz::session_inputs(data));
