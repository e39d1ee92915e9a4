//! The client's half, for tests and for the client crate to come.

use std::{borrow::Cow, sync::Arc, time::Instant};

use serde::Serialize;

use super::{
    arguments::Arguments,
    assembly::Assembly,
    decode::{self, Body, Content},
    encode::{self, EventWriter},
    mux::MuxConfig,
    name::Name,
    packet::PacketType,
    text,
    violation::Violation,
};
use crate::{Group, Payload, engine::MessageRef, few::Few};

/// The client's half of Socket.IO: writes what a client says, reads what a server says.
///
/// It does not follow which namespaces are joined; whoever drives it does.
#[derive(Debug)]
pub struct Client {
    config: Arc<MuxConfig>,
    next_ack: u64,
    assembly: Option<Box<Assembly<Box<str>>>>,
}

/// What a server's message means. Complete by the protocol.
#[derive(Debug)]
pub enum Incoming<'a> {
    /// The namespace is joined.
    Connect {
        /// Which one.
        namespace: &'a str,
        /// Text of a JSON object with the socket's `sid`.
        payload: Payload,
    },
    /// The namespace may not be joined.
    ConnectError {
        /// Which one.
        namespace: &'a str,
        /// Text of a JSON object with a `message`, or of a string.
        payload: Payload,
    },
    /// The server left the namespace.
    Disconnect {
        /// Which one.
        namespace: &'a str,
    },
    /// An event.
    Event {
        /// Where.
        namespace: Cow<'a, str>,
        /// The id to answer with, if an answer is wanted.
        ack: Option<u64>,
        /// Its name.
        name: Name<'a>,
        /// What came with it.
        arguments: Arguments,
    },
    /// An answer.
    Ack {
        /// Where.
        namespace: Cow<'a, str>,
        /// The event's id.
        id: u64,
        /// What came with it.
        arguments: Arguments,
    },
}

impl Client {
    /// A client with the bounds of `config`; its connect timeout is not used.
    #[must_use]
    pub fn new(config: Arc<MuxConfig>) -> Self {
        Self { config, next_ack: 0, assembly: None }
    }

    /// Asks to join `namespace`, without auth.
    #[must_use]
    pub fn connect(&self, namespace: &str) -> Group {
        encode::bare(PacketType::Connect, namespace)
    }

    /// Asks to join `namespace` with an auth payload, which has to be an object.
    #[must_use]
    pub fn connect_with(&self, namespace: &str, auth: &(impl Serialize + ?Sized)) -> Group {
        encode::connect(namespace, auth)
    }

    /// Leaves `namespace`.
    #[must_use]
    pub fn disconnect(&self, namespace: &str) -> Group {
        encode::disconnect(namespace)
    }

    /// An event that wants no answer.
    #[must_use]
    pub fn event(&self, namespace: &str, name: &str) -> EventWriter {
        EventWriter::event(namespace, None, name)
    }

    /// An event that wants an answer, and the id the answer will have.
    #[must_use]
    pub fn event_with_ack(&mut self, namespace: &str, name: &str) -> (u64, EventWriter) {
        let id = self.next_ack;
        self.next_ack = id.wrapping_add(1);
        (id, EventWriter::event(namespace, Some(id), name))
    }

    /// The answer to an event of the server's.
    #[must_use]
    pub fn ack(&self, namespace: &str, id: u64) -> EventWriter {
        EventWriter::ack(namespace, id)
    }

    /// Takes the session's next message. `None` means that more is to come, or that it answers nothing.
    ///
    /// # Errors
    /// What the server did wrong.
    pub fn handle<'a>(
        &mut self,
        message: MessageRef<'a>,
        now: Instant,
    ) -> Result<Option<Incoming<'a>>, Violation> {
        match message {
            MessageRef::Text(_) if self.assembly.is_some() => Err(Violation::InterruptedAttachments),
            MessageRef::Text(text) => self.packet(text, now),
            MessageRef::Binary(bytes) => {
                let assembly = self.assembly.as_mut().ok_or(Violation::UnexpectedBinary)?;
                if !assembly.add(bytes, self.config.max_payload)? {
                    return Ok(None);
                }
                let Some(mut assembly) = self.assembly.take() else { return Ok(None) };
                let (content, arguments) = assembly.finish();
                Ok(incoming(Cow::Owned(assembly.key.into_string()), content, arguments))
            }
        }
    }

    /// Bytes held of a packet whose attachments are not complete.
    #[must_use]
    pub fn buffered(&self) -> usize {
        self.assembly.as_ref().map_or(0, |assembly| assembly.buffered())
    }

    fn packet<'a>(&mut self, text: &'a str, now: Instant) -> Result<Option<Incoming<'a>>, Violation> {
        let packet = decode::decode(&text::parse(text, &self.config)?, self.config.max_depth)?;
        let namespace = packet.namespace;
        Ok(match packet.body {
            Body::Connect(payload) => Some(Incoming::Connect { namespace, payload }),
            Body::ConnectError(payload) => Some(Incoming::ConnectError { namespace, payload }),
            Body::Disconnect => Some(Incoming::Disconnect { namespace }),
            Body::EmptyAck => None,
            Body::Message { content, arguments, attachments: 0 } => {
                incoming(Cow::Borrowed(namespace), content, Arguments::new(arguments, Few::new()))
            }
            Body::Message { content, arguments, attachments } => {
                let deadline = now.checked_add(self.config.attachment_timeout).unwrap_or(now);
                let key = namespace.into();
                let assembly = Assembly::begin(key, content, arguments, attachments, text.len(), deadline);
                self.assembly = Some(Box::new(assembly));
                None
            }
        })
    }
}

fn incoming<'a>(namespace: Cow<'a, str>, content: Content<'a>, arguments: Arguments) -> Option<Incoming<'a>> {
    match content {
        Content::Event { ack, name } => Some(Incoming::Event { namespace, ack, name, arguments }),
        Content::Ack { id: Some(id) } => Some(Incoming::Ack { namespace, id, arguments }),
        Content::Ack { id: None } => None,
    }
}
