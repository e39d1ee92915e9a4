//! From a text message to a packet whose payload has the shape its type asks for.

use std::borrow::Cow;

use super::{
    name::{Name, is_reserved},
    packet::PacketType,
    placeholder, scan,
    text::Header,
    violation::Violation,
};
use crate::Payload;

/// A packet, perhaps still without its attachments.
#[derive(Debug)]
pub(super) struct Packet<'a> {
    pub(super) namespace: &'a str,
    pub(super) body: Body<'a>,
}

/// What a packet says.
#[derive(Debug)]
pub(super) enum Body<'a> {
    Connect(Payload),
    Disconnect,
    ConnectError(Payload),
    Message {
        content: Content<'a>,
        arguments: Payload,
        attachments: usize,
    },
    /// An answer that answers nothing, for it has no arguments.
    EmptyAck,
}

/// What has arguments, and may have attachments.
#[derive(Debug)]
pub(super) enum Content<'a> {
    Event {
        ack: Option<u64>,
        name: Name<'a>,
    },
    /// Without an id it answers nothing.
    Ack {
        id: Option<u64>,
    },
}

impl Content<'_> {
    /// Lets go of the text it was read from.
    pub(super) fn into_owned(self) -> Content<'static> {
        match self {
            Self::Event { ack, name } => Content::Event { ack, name: name.keep() },
            Self::Ack { id } => Content::Ack { id },
        }
    }
}

/// Decodes the rest of a text message whose header has been read.
pub(super) fn decode<'a>(header: &Header<'a>, depth: usize) -> Result<Packet<'a>, Violation> {
    let body = match header.kind {
        PacketType::Connect => Body::Connect(match header.payload {
            None => Payload::copy_from(b"{}"),
            Some(payload) => Payload::copy_from(scan::object(payload, depth)?.as_bytes()),
        }),
        PacketType::Disconnect => match header.payload {
            None => Body::Disconnect,
            Some(_) => return Err(Violation::InvalidPayload),
        },
        PacketType::ConnectError => {
            let payload = scan::object_or_string(header.payload.unwrap_or_default(), depth)?;
            Body::ConnectError(Payload::copy_from(payload.as_bytes()))
        }
        PacketType::Event | PacketType::BinaryEvent => {
            let (name, values) = event(header, depth)?;
            Body::Message {
                content: Content::Event { ack: header.id, name },
                arguments: arguments(values, header, depth)?,
                attachments: header.attachments,
            }
        }
        PacketType::Ack | PacketType::BinaryAck => ack(header, depth)?,
    };
    Ok(Packet { namespace: header.namespace, body })
}

/// The name of an event and the text of its arguments, without the brackets of their array.
pub(super) fn event<'a>(header: &Header<'a>, depth: usize) -> Result<(Name<'a>, &'a str), Violation> {
    let (name, values) = scan::event(header.payload.ok_or(Violation::InvalidPayload)?, depth)?;
    let name = name.decode();
    if is_reserved(&name) {
        return Err(Violation::ReservedEvent);
    }
    Ok((name, values))
}

fn ack<'a>(header: &Header<'a>, depth: usize) -> Result<Body<'a>, Violation> {
    let Some(payload) = header.payload else {
        return if header.attachments == 0 { Ok(Body::EmptyAck) } else { Err(Violation::InvalidPayload) };
    };
    let array = scan::array(payload, depth)?;
    let values =
        array.strip_prefix('[').and_then(|values| values.strip_suffix(']')).unwrap_or_default().trim();
    let content = Content::Ack { id: header.id };
    Ok(Body::Message {
        content,
        arguments: arguments(values, header, depth)?,
        attachments: header.attachments,
    })
}

fn arguments(values: &str, header: &Header<'_>, depth: usize) -> Result<Payload, Violation> {
    // It is in the one form, and names the first of at least one.
    if header.attachments > 0 && values == placeholder::ALONE {
        return Ok(Payload::PLACEHOLDER);
    }
    let values = if header.kind.is_binary() {
        placeholder::settle(values, header.attachments, depth)?
    } else {
        Cow::Borrowed(values)
    };
    Ok(Payload::array(values.as_bytes()))
}
