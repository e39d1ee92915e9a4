//! Engine.IO packets and their text (Engine.IO 4, "Packet encoding").
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

use std::borrow::Cow;

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use crate::engine::MessageRef;

/// The packet types of Engine.IO 4, complete by the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PacketType {
    /// `0`: the session's parameters, from the server.
    Open,
    /// `1`: the sender leaves.
    Close,
    /// `2`: asks for a pong.
    Ping,
    /// `3`: answers a ping.
    Pong,
    /// `4`, or a binary frame: a message.
    Message,
    /// `5`: the upgrade is complete.
    Upgrade,
    /// `6`: nothing; releases a waiting GET.
    Noop,
}

/// One packet, borrowed where its encoding allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Packet<'a> {
    /// The session's parameters as JSON text.
    Open(&'a str),
    /// The sender leaves.
    Close,
    /// Asks for a pong with the same text: nothing, or `probe`.
    Ping(&'a str),
    /// Answers a ping.
    Pong(&'a str),
    /// A text message.
    Text(&'a str),
    /// A binary message; owned when it was base64.
    Binary(Cow<'a, [u8]>),
    /// The upgrade is complete.
    Upgrade,
    /// Nothing.
    Noop,
}

impl<'a> Packet<'a> {
    /// Reads one packet of a payload.
    ///
    /// # Errors
    /// See [`ParseError`]; each closes the session.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ParseError> {
        Self::parse_text(simdutf8::basic::from_utf8(bytes).map_err(|_| ParseError::Utf8)?)
    }

    /// Reads one packet from a text frame.
    ///
    /// Text behind a type that carries none is ignored, as the reference does.
    ///
    /// # Errors
    /// See [`ParseError`]; each closes the session.
    pub fn parse_text(text: &'a str) -> Result<Self, ParseError> {
        let kind = text.as_bytes().first().ok_or(ParseError::Empty)?;
        // `None` is behind the first byte of a longer character, which is no type.
        let data = text.get(1..).ok_or(ParseError::UnknownType)?;
        Ok(match kind {
            b'0' => Self::Open(data),
            b'1' => Self::Close,
            b'2' => Self::Ping(data),
            b'3' => Self::Pong(data),
            b'4' => Self::Text(data),
            b'5' => Self::Upgrade,
            b'6' => Self::Noop,
            b'b' => Self::Binary(BASE64.decode(data).map_err(|_| ParseError::Base64)?.into()),
            _ => return Err(ParseError::UnknownType),
        })
    }

    /// Its type.
    pub fn kind(&self) -> PacketType {
        match self {
            Self::Open(_) => PacketType::Open,
            Self::Close => PacketType::Close,
            Self::Ping(_) => PacketType::Ping,
            Self::Pong(_) => PacketType::Pong,
            Self::Text(_) | Self::Binary(_) => PacketType::Message,
            Self::Upgrade => PacketType::Upgrade,
            Self::Noop => PacketType::Noop,
        }
    }

    /// The message it carries, if it is one.
    pub fn message(&self) -> Option<MessageRef<'_>> {
        match self {
            Self::Text(text) => Some(MessageRef::Text(text)),
            Self::Binary(bytes) => Some(MessageRef::Binary(bytes)),
            _ => None,
        }
    }

    /// Appends the packet's text, with binary messages in base64, as it stands in a payload.
    pub fn write(&self, out: &mut Vec<u8>) {
        let (kind, data) = match self {
            Self::Open(data) => (b'0', *data),
            Self::Close => (b'1', ""),
            Self::Ping(data) => (b'2', *data),
            Self::Pong(data) => (b'3', *data),
            Self::Text(data) => (b'4', *data),
            Self::Upgrade => (b'5', ""),
            Self::Noop => (b'6', ""),
            Self::Binary(bytes) => {
                out.push(b'b');
                out.extend_from_slice(BASE64.encode(bytes).as_bytes());
                return;
            }
        };
        out.push(kind);
        out.extend_from_slice(data.as_bytes());
    }
}

/// Why something is no packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// There is nothing at all.
    #[error("the packet is empty")]
    Empty,
    /// The first character names no type.
    #[error("the packet's type is unknown")]
    UnknownType,
    /// The text is not UTF-8.
    #[error("the packet is not UTF-8")]
    Utf8,
    /// The text behind a `b` is not base64.
    #[error("the binary packet is not base64")]
    Base64,
}

/// Writes padding and does not insist on it: some clients leave it out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_each_type() {
        let cases = [
            ("0{}", Packet::Open("{}")),
            ("1", Packet::Close),
            ("2", Packet::Ping("")),
            ("2probe", Packet::Ping("probe")),
            ("3", Packet::Pong("")),
            ("3probe", Packet::Pong("probe")),
            ("4", Packet::Text("")),
            ("4é\u{1f980}", Packet::Text("é\u{1f980}")),
            ("5", Packet::Upgrade),
            ("6", Packet::Noop),
            ("b", Packet::Binary(Cow::Borrowed(b""))),
            ("bAQID", Packet::Binary(Cow::Borrowed(&[1, 2, 3]))),
            ("bAQIDBA==", Packet::Binary(Cow::Borrowed(&[1, 2, 3, 4]))),
        ];
        for (text, packet) in cases {
            assert_eq!(Packet::parse(text.as_bytes()), Ok(packet.clone()), "{text}");
            let mut out = Vec::new();
            packet.write(&mut out);
            assert_eq!(out, text.as_bytes());
        }
        assert_eq!(Packet::parse_text("bAQIDBA"), Ok(Packet::Binary(Cow::Borrowed(&[1, 2, 3, 4]))));
    }

    #[test]
    fn refuses_the_rest() {
        let cases = [
            (&b""[..], ParseError::Empty),
            (b"7", ParseError::UnknownType),
            (b"abc", ParseError::UnknownType),
            ("é".as_bytes(), ParseError::UnknownType),
            (b"4\xff", ParseError::Utf8),
            (b"b!", ParseError::Base64),
        ];
        for (bytes, error) in cases {
            assert_eq!(Packet::parse(bytes), Err(error), "{bytes:?}");
        }
    }

    fn packet() -> impl Strategy<Value = (u8, String, Vec<u8>)> {
        (0u8..8, ".*", proptest::collection::vec(any::<u8>(), 0..99))
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_again((kind, text, bytes) in packet()) {
            let packet = match kind {
                0 => Packet::Open(&text),
                1 => Packet::Close,
                2 => Packet::Ping(&text),
                3 => Packet::Pong(&text),
                4 => Packet::Text(&text),
                5 => Packet::Upgrade,
                6 => Packet::Noop,
                _ => Packet::Binary(Cow::Borrowed(&bytes)),
            };
            let mut out = Vec::new();
            packet.write(&mut out);
            prop_assert_eq!(Packet::parse(&out), Ok(packet));
        }

        #[test]
        fn any_bytes_are_judged(bytes in proptest::collection::vec(any::<u8>(), 0..99)) {
            if let Ok(packet) = Packet::parse(&bytes) {
                prop_assert_eq!(packet.message().is_some(), packet.kind() == PacketType::Message);
            }
        }
    }
}
