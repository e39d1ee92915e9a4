//! Everything of an event but its arguments.

use std::{fmt, num::NonZeroU64, sync::Arc};

use http::{Extensions, request::Parts};

use super::{Entry, Gate, entry::Place};
use crate::{Acker, Socket};

/// Everything of an [`Event`](crate::Event) but its arguments: what extractors read.
pub struct EventParts {
    socket: Socket,
    name: Arc<str>,
    extensions: Extensions,
    seq: u64,
    /// One more than the id, so that none takes no room.
    ack: Option<NonZeroU64>,
    /// The handshake's request, rebuilt for this event when the first extractor asks.
    request: Option<Box<Parts>>,
    /// Which of the handlers that share the event this one is for.
    place: Option<Box<Place>>,
}

impl EventParts {
    pub(super) fn new(socket: Socket, name: Arc<str>, seq: u64, ack: Option<u64>) -> Self {
        let ack = ack.and_then(|id| NonZeroU64::new(id.wrapping_add(1)));
        Self { socket, name, extensions: Extensions::new(), seq, ack, request: None, place: None }
    }

    pub(super) fn shared(&self, gate: &Arc<Gate>, number: usize) -> Self {
        let mut parts = Self::new(self.socket.clone(), self.name.clone(), self.seq, self.ack());
        parts.extensions = self.extensions.clone();
        parts.request = self.request.clone();
        parts.place = Some(Box::new(Place { gate: gate.clone(), number }));
        parts
    }

    pub(super) fn set_name(&mut self, name: Arc<str>) {
        self.name = name;
    }

    /// Who sent the event.
    pub const fn socket(&self) -> &Socket {
        &self.socket
    }

    /// The event's name. It is the client's text: escape it in logs.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The event's name, to be kept.
    pub const fn shared_name(&self) -> &Arc<str> {
        &self.name
    }

    /// Values that layers have left.
    pub const fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// Values for those that come after.
    pub const fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.extensions
    }

    /// The number of this event among those of its socket, from 1.
    pub const fn seq(&self) -> u64 {
        self.seq
    }

    /// The id of the ack that the client asks for.
    pub const fn ack(&self) -> Option<u64> {
        match self.ack {
            Some(above) => Some(above.get() - 1),
            None => None,
        }
    }

    /// Whether the client asks for an ack.
    pub const fn wants_ack(&self) -> bool {
        self.ack.is_some()
    }

    /// The HTTP request that opened the session, as axum's extractors want it.
    ///
    /// Rebuilt for this event on the first call, and its own: an extractor that takes something out of it surprises the
    /// other extractors of this handler, as in axum, but no other event.
    pub fn request(&mut self) -> &mut Parts {
        let Self { request, socket, .. } = self;
        request.get_or_insert_with(|| Box::new(socket.request()))
    }

    /// Takes the ack into the handler's own hands: what [`Acker`] does as an argument.
    pub fn acker(&self) -> Acker {
        Acker::of(self)
    }

    /// What is to be told when the handler's body begins to run.
    pub fn entry(&self) -> Entry {
        Entry::new(self.socket.clone(), self.seq, self.place.clone())
    }

    /// The handler's body begins to run: the next event of this socket may start.
    pub fn enter(&self) {
        self.entry().enter();
    }
}

impl fmt::Debug for EventParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventParts")
            .field("socket", &self.socket)
            .field("name", &self.name)
            .field("seq", &self.seq)
            .field("ack", &self.ack)
            .finish_non_exhaustive()
    }
}
