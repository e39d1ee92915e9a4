//! Fuzzes `tests/judges/request_query.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| sockeye_proto_fuzz::request_query(data));
