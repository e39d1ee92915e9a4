//! The multiplexer: one session's messages, sorted by namespace.

use std::{sync::Arc, time::Instant};

use super::{
    arguments::Arguments,
    assembly::Assembly,
    decode::{self, Body, Content},
    name::Name,
    packet::PacketType,
    text,
    violation::Violation,
};
use crate::{Payload, engine::MessageRef, few::Few};

mod config;
mod slots;
mod spare;
mod stray;
#[cfg(test)]
mod tests;

pub use self::{
    config::{ConfigError, MuxConfig},
    slots::Slot,
};
use self::{
    slots::{Place, Slots},
    stray::Stray,
};

/// The server's half of Socket.IO for one session. Reads no clock, owns no socket, queues nothing.
///
/// [`handle`](Self::handle) takes the session's messages in order and says what each means. A CONNECT makes a slot
/// *pending* until [`admitted`](Self::admitted) or [`refused`](Self::refused) is called; meanwhile other namespaces go on.
/// The first [`Violation`] ends the session: nothing may be handled after it.
#[derive(Debug)]
pub struct Mux {
    config: Arc<MuxConfig>,
    slots: Slots,
    assembly: Option<Box<Assembly<Slot>>>,
    /// Runs until a namespace has been joined once.
    connect_by: Option<Instant>,
    paused_at: Option<Instant>,
    /// Boxed: most clients send none.
    stray: Option<Box<Stray>>,
}

/// What one message means. Complete by the protocol.
#[derive(Debug)]
pub enum Incoming<'a> {
    /// A client asks to join `namespace`. Answer with [`Mux::admitted`] or [`Mux::refused`].
    Connect {
        /// The slot, pending from now on.
        slot: Slot,
        /// The name, with the query text if there was one.
        namespace: &'a str,
        /// Text of a JSON object; `{}` when the client sent none.
        auth: Payload,
    },
    /// An event for a joined namespace.
    Event {
        /// Whose it is.
        slot: Slot,
        /// The id to answer with, if an answer is wanted; at most 2^53.
        ack: Option<u64>,
        /// Never a [reserved](super::is_reserved) one. A number's text when the client named the event by a number.
        name: Name<'a>,
        /// What came with it.
        arguments: Arguments,
    },
    /// An answer to an event of the server's; whether one waits for this id is not known here. If nobody does, call
    /// [`Mux::unasked`].
    Ack {
        /// Whose it is.
        slot: Slot,
        /// The event's id.
        id: u64,
        /// What came with it.
        arguments: Arguments,
    },
    /// The client left the namespace; its slot is free.
    Disconnect {
        /// The slot it had.
        slot: Slot,
    },
}

impl Mux {
    /// The multiplexer of a session opened at `now`, from when the connect timeout runs.
    #[must_use]
    pub fn new(config: Arc<MuxConfig>, now: Instant) -> Self {
        let connect_by = now.checked_add(config.connect_timeout);
        Self { config, slots: Slots::default(), assembly: None, connect_by, paused_at: None, stray: None }
    }

    /// Takes the session's next message. `None` means that it asks for nothing: an attachment that is not the last, or
    /// a packet to be ignored.
    ///
    /// # Errors
    /// What the peer did wrong; the session has to be closed.
    pub fn handle<'a>(
        &mut self,
        message: MessageRef<'a>,
        now: Instant,
    ) -> Result<Option<Incoming<'a>>, Violation> {
        self.handle_by(message, || now)
    }

    /// As [`handle`](Self::handle), for which the clock is only read if it matters: most messages are events of a namespace
    /// that is joined, and have no deadline.
    ///
    /// # Errors
    /// What the peer did wrong; the session has to be closed.
    pub fn handle_by<'a>(
        &mut self,
        message: MessageRef<'a>,
        now: impl Fn() -> Instant,
    ) -> Result<Option<Incoming<'a>>, Violation> {
        match message {
            MessageRef::Text(_) if self.assembly.is_some() => Err(Violation::InterruptedAttachments),
            MessageRef::Text(text) => self.packet(text, now),
            MessageRef::Binary(bytes) => self.attachment(bytes, now),
        }
    }

    /// The CONNECT of a pending slot is answered with yes.
    pub fn admitted(&mut self, slot: Slot) {
        if self.slots.join(slot) {
            self.connect_by = None;
        }
    }

    /// The CONNECT of a pending slot is answered with no: the slot is free.
    pub fn refused(&mut self, slot: Slot) {
        self.slots.refuse(slot);
    }

    /// The server disconnected the slot.
    ///
    /// What the client sends to the namespace before it knows is ignored, at most [`MuxConfig::max_stray`] packets a
    /// minute; a new CONNECT is allowed. A slot that is no longer in use is left alone.
    pub fn left(&mut self, slot: Slot) {
        self.slots.leave(slot);
    }

    /// Nobody waits for the [`Incoming::Ack`] that was given last, any longer or at all. An honest client is late now and
    /// then; one that invents answers is found out.
    ///
    /// # Errors
    /// [`Violation::TooManyStray`] beyond [`MuxConfig::max_stray`] ignored packets a minute.
    pub fn unasked(&mut self, now: Instant) -> Result<(), Violation> {
        self.stray.get_or_insert_default().count(now, self.config.max_stray)
    }

    /// Nothing will be read for a while, or reading goes on: deadlines of the peer stand still meanwhile.
    pub fn paused(&mut self, on: bool, now: Instant) {
        if on {
            self.paused_at.get_or_insert(now);
            return;
        }
        let Some(since) = self.paused_at.take() else { return };
        let pause = now.saturating_duration_since(since);
        self.slots.paused_for(pause);
        if let Some(deadline) = &mut self.connect_by {
            *deadline = deadline.checked_add(pause).unwrap_or(*deadline);
        }
        if let Some(assembly) = &mut self.assembly {
            assembly.deadline = assembly.deadline.checked_add(pause).unwrap_or(assembly.deadline);
        }
    }

    /// Call this at [`timeout`](Self::timeout); earlier calls are harmless.
    ///
    /// # Errors
    /// [`Violation::ConnectTimeout`] or [`Violation::AttachmentTimeout`].
    pub fn handle_timeout(&mut self, now: Instant) -> Result<(), Violation> {
        if self.paused_at.is_some() {
            return Ok(());
        }
        if self.connect_by.is_some_and(|deadline| deadline <= now) {
            return Err(Violation::ConnectTimeout);
        }
        if self.assembly.as_ref().is_some_and(|assembly| assembly.deadline <= now) {
            self.assembly = None;
            return Err(Violation::AttachmentTimeout);
        }
        Ok(())
    }

    /// When [`handle_timeout`](Self::handle_timeout) wants to be called.
    #[must_use]
    pub fn timeout(&self) -> Option<Instant> {
        if self.paused_at.is_some() {
            return None;
        }
        let attachments = self.assembly.as_ref().map(|assembly| assembly.deadline);
        self.connect_by.into_iter().chain(attachments).min()
    }

    /// Bytes held of a packet whose attachments are not complete; 0 at all other times.
    #[must_use]
    pub fn buffered(&self) -> usize {
        self.assembly.as_ref().map_or(0, |assembly| assembly.buffered())
    }

    fn packet<'a>(
        &mut self,
        message: &'a str,
        now: impl Fn() -> Instant,
    ) -> Result<Option<Incoming<'a>>, Violation> {
        let header = text::parse(message, &self.config)?;
        let depth = self.config.max_depth;
        if header.kind == PacketType::Event {
            // The short way for what comes most.
            let (name, values) = decode::event(&header, depth)?;
            return match self.slots.find(header.namespace, &now).ok_or(Violation::NotJoined)? {
                Place::Joined(slot) => {
                    let arguments = Arguments::new(Payload::array(values.as_bytes()), Few::new());
                    Ok(Some(Incoming::Event { slot, ack: header.id, name, arguments }))
                }
                Place::Left(_) => self.ignore(now),
            };
        }
        let packet = decode::decode(&header, depth)?;
        let namespace = packet.namespace;
        if let Body::Connect(auth) = packet.body {
            let slot = self.slots.connect(namespace, now(), self.config.max_namespaces)?;
            return Ok(Some(Incoming::Connect { slot, namespace, auth }));
        }
        let place = self.slots.find(namespace, &now).ok_or(Violation::NotJoined)?;
        match packet.body {
            Body::Connect(_) | Body::ConnectError(_) => Err(Violation::UnexpectedPacketType),
            Body::EmptyAck => self.ignore(now),
            Body::Disconnect => match place {
                Place::Joined(slot) => {
                    self.slots.depart(slot, now());
                    Ok(Some(Incoming::Disconnect { slot }))
                }
                Place::Left(_) => self.ignore(now),
            },
            Body::Message { content, arguments, attachments: 0 } => {
                self.deliver(place, content, Arguments::new(arguments, Few::new()), now)
            }
            Body::Message { content, arguments, attachments } => {
                if message.len() > self.config.max_payload {
                    return Err(Violation::PacketTooLarge);
                }
                let now = now();
                let deadline = now.checked_add(self.config.attachment_timeout).unwrap_or(now);
                let (Place::Joined(slot) | Place::Left(slot)) = place;
                let assembly =
                    Assembly::begin(slot, content, arguments, attachments, message.len(), deadline);
                self.assembly = Some(spare::fill(assembly));
                Ok(None)
            }
        }
    }

    fn attachment<'a>(
        &mut self,
        bytes: &[u8],
        now: impl Fn() -> Instant,
    ) -> Result<Option<Incoming<'a>>, Violation> {
        let assembly = self.assembly.as_mut().ok_or(Violation::UnexpectedBinary)?;
        if !assembly.add(bytes, self.config.max_payload)? {
            return Ok(None);
        }
        let Some(mut assembly) = self.assembly.take() else { return Ok(None) };
        let slot = assembly.key;
        let (content, arguments) = assembly.finish();
        spare::give_back(assembly);
        // The server may have left the namespace while attachments were under way.
        let place = if self.slots.is_joined(slot) { Place::Joined(slot) } else { Place::Left(slot) };
        self.deliver(place, content, arguments, now)
    }

    fn deliver<'a>(
        &mut self,
        place: Place,
        content: Content<'a>,
        arguments: Arguments,
        now: impl Fn() -> Instant,
    ) -> Result<Option<Incoming<'a>>, Violation> {
        match (place, content) {
            (Place::Joined(slot), Content::Event { ack, name }) => {
                Ok(Some(Incoming::Event { slot, ack, name, arguments }))
            }
            (Place::Joined(slot), Content::Ack { id: Some(id) }) => {
                Ok(Some(Incoming::Ack { slot, id, arguments }))
            }
            (Place::Left(_), _) | (_, Content::Ack { id: None }) => self.ignore(now),
        }
    }

    fn ignore<'a>(&mut self, now: impl Fn() -> Instant) -> Result<Option<Incoming<'a>>, Violation> {
        self.stray.get_or_insert_default().count(now(), self.config.max_stray)?;
        Ok(None)
    }
}
