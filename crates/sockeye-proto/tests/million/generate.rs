//! Inputs that are nearly right: they have the shape a target looks for, and now and then a fault.

use super::random::Random;

mod deflated;
mod engine;
mod frames;
mod json;
mod scripts;
mod socket;

pub(super) use self::{
    deflated::websocket_deflate,
    engine::{engine_packet, engine_payload, request_query},
    frames::websocket_frames,
    scripts::{mux_inputs, session_inputs},
    socket::{socket_binary, socket_text},
};

/// What stands between packets and attachments.
const SEPARATOR: u8 = 0x1e;

/// Numbers near the bounds that somebody checks.
const NUMBERS: [&str; 18] = [
    "0",
    "1",
    "2",
    "3",
    "7",
    "10",
    "11",
    "007",
    "63",
    "64",
    "65",
    "255",
    "65536",
    "1e1",
    "9007199254740992",
    "9007199254740993",
    "18446744073709551616",
    "-1",
];
