//! Fuzzes `tests/judges/mux_inputs.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| sockeye_proto_fuzz::mux_inputs(data));
