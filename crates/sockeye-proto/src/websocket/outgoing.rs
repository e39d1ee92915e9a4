//! The frames a server sends beside its messages.

use bytes::Bytes;

use crate::frame::header::{Header, Opcode};

/// A whole text frame: an Engine.IO packet that is not a message.
pub fn text_frame(text: &str) -> Bytes {
    frame(Opcode::Text, text.as_bytes())
}

/// A close frame, with a code or without. The peer of one without a code sees 1005.
pub fn close_frame(code: Option<u16>) -> Bytes {
    match code {
        Some(code) => frame(Opcode::Close, &code.to_be_bytes()),
        None => frame(Opcode::Close, &[]),
    }
}

/// The answer to a ping. A control frame carries at most 125 bytes (RFC 6455, section 5.5), so only as many are echoed;
/// a ping that was read never has more.
pub fn pong_frame(payload: &[u8]) -> Bytes {
    frame(Opcode::Pong, payload.get(..MAX_CONTROL).unwrap_or(payload))
}

fn frame(opcode: Opcode, payload: &[u8]) -> Bytes {
    Bytes::from([Header::new(opcode, payload.len()).as_slice(), payload].concat())
}

/// The longest payload of a control frame, in bytes.
pub(super) const MAX_CONTROL: usize = 125;
