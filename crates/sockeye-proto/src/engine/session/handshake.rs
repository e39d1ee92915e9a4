//! The first packet of a session (Engine.IO 4, "Handshake").

use crate::engine::{Answer, Config, Control, Opening, Sink, Transport, Writable, open::open_packet};

/// Tells the open packet on the transport that asked for it.
pub(super) fn greet(sid: &str, config: &Config, opened_by: Opening, sink: &mut impl Sink) {
    match opened_by {
        Opening::Polling(req) => {
            let json = open_packet(sid, config.upgrades(Transport::Polling), config);
            // What is in the outbox by now follows in the same body.
            let controls = &[Control::Open(&json)];
            sink.answer(req, Answer::Packets { controls, frames: config.max_payload, close: false });
            sink.writable(Writable::Nothing);
        }
        Opening::WebSocket(conn) => {
            let json = open_packet(sid, config.upgrades(Transport::WebSocket), config);
            sink.control(conn, Control::Open(&json));
            sink.writable(Writable::Socket(conn));
        }
    }
}
