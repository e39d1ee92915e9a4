//! What the fuzz targets run: the judges that the tests on stable run as well.
#![forbid(unsafe_code)]

#[path = "../../tests/judges/mod.rs"]
mod judges;

/// One Engine.IO packet, as it stands in a payload or a text frame.
pub fn engine_packet(data: &[u8]) {
    judges::engine_packet::judge(data);
}

/// A POST's body: several Engine.IO packets.
pub fn engine_payload(data: &[u8]) {
    judges::engine_payload::judge(data);
}

/// A request's query, behind one byte for its other facts.
pub fn request_query(data: &[u8]) {
    judges::request_query::judge(data);
}

/// A session's life: requests, websockets, their packets, time and the server's own wishes, in any order.
pub fn session_inputs(data: &[u8]) {
    judges::session_inputs::judge(data);
}

/// What a client writes on its websocket where compression was agreed on.
pub fn websocket_deflate(data: &[u8]) {
    judges::websocket_deflate::judge(data);
}

/// What a client writes on its websocket, behind one byte that says in pieces of which length it arrives.
pub fn websocket_frames(data: &[u8]) {
    judges::websocket_frames::judge(data);
}

/// One Socket.IO packet as text.
pub fn socket_text(data: &[u8]) {
    judges::socket_text::judge(data);
}

/// A binary Socket.IO packet and its attachments, each behind a record separator.
pub fn socket_binary(data: &[u8]) {
    judges::socket_binary::judge(data);
}

/// A multiplexer's life: what a client sends and what the server does, in any order, against a model.
pub fn mux_inputs(data: &[u8]) {
    judges::mux_inputs::judge(data);
}
