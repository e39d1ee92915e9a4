//! What a client told, and the form of control frames.

use std::str;

use tungstenite::protocol::frame::coding::{CloseCode, Control};

use super::Violation;

/// One message or control frame of a client: all that RFC 6455 knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Incoming<'a> {
    /// A whole text message.
    Text(&'a str),
    /// A whole binary message.
    Binary(&'a [u8]),
    /// A ping, to be answered with the same payload, at most 125 bytes. Of several that wait only the last needs an
    /// answer (RFC 6455, section 5.5.3).
    Ping(&'a [u8]),
    /// A pong; nobody needs its payload.
    Pong,
    /// The client closes, with a code or without; to be answered with the same. Nothing comes after it.
    Close(Option<u16>),
}

impl<'a> Incoming<'a> {
    /// Reads the whole payload of a control frame.
    pub(super) fn control(kind: Control, payload: &'a [u8]) -> Result<Self, Violation> {
        match kind {
            Control::Close => Ok(Self::Close(close_code(payload)?)),
            Control::Ping => Ok(Self::Ping(payload)),
            Control::Pong => Ok(Self::Pong),
            Control::Reserved(_) => Err(Violation::UnknownOpcode),
        }
    }
}

/// Nothing, or a code that may be sent and a reason in UTF-8 (RFC 6455, section 5.5.1).
fn close_code(payload: &[u8]) -> Result<Option<u16>, Violation> {
    if payload.is_empty() {
        return Ok(None);
    }
    let Some((code, reason)) = payload.split_first_chunk() else {
        return Err(Violation::MalformedClose);
    };
    str::from_utf8(reason).map_err(|_| Violation::InvalidUtf8)?;
    let code = u16::from_be_bytes(*code);
    if !CloseCode::from(code).is_allowed() {
        return Err(Violation::MalformedClose);
    }
    Ok(Some(code))
}
