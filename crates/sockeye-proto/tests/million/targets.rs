//! One test for each fuzz target.

use super::{drive::drive, generate};
use crate::judges;

macro_rules! a_million {
    ($($test:ident: $target:ident,)*) => {$(
        #[test]
        fn $test() {
            drive(stringify!($target), judges::$target::judge, generate::$target);
        }
    )*};
}

a_million! {
    a_million_inputs_to_engine_packet: engine_packet,
    a_million_inputs_to_engine_payload: engine_payload,
    a_million_inputs_to_request_query: request_query,
    a_million_inputs_to_websocket_deflate: websocket_deflate,
    a_million_inputs_to_websocket_frames: websocket_frames,
    a_million_inputs_to_socket_text: socket_text,
    a_million_inputs_to_socket_binary: socket_binary,
    a_million_inputs_to_session_inputs: session_inputs,
    a_million_inputs_to_mux_inputs: mux_inputs,
}
