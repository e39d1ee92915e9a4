//! Everything of an event but its arguments.

use std::{fmt, num::NonZeroU64, sync::Arc};

use http::{Extensions, request::Parts};
use smol_str::SmolStr;

use super::{Entry, Gate, entry::Place};
use crate::{Acker, Socket};

/// Everything of an [`Event`](crate::Event) but its arguments: what extractors read.
pub struct EventParts {
    socket: Socket,
    /// In place if it is short, so that sessions on several cores do not count the handles of one name.
    name: SmolStr,
    extensions: Extensions,
    seq: u64,
    /// One more than the id, so that none takes no room.
    ack: Option<NonZeroU64>,
    /// What most events do without.
    rare: Option<Box<Rare>>,
}

#[derive(Default)]
struct Rare {
    /// The handshake's request, rebuilt for this event when the first extractor asks.
    request: Option<Parts>,
    /// Which of the handlers that share the event this one is for.
    place: Option<Place>,
}

impl EventParts {
    pub(super) fn new(socket: Socket, name: SmolStr, seq: u64, ack: Option<u64>) -> Self {
        let ack = ack.and_then(|id| NonZeroU64::new(id.wrapping_add(1)));
        Self { socket, name, extensions: Extensions::new(), seq, ack, rare: None }
    }

    pub(super) fn shared(&self, gate: &Arc<Gate>, number: usize) -> Self {
        let mut parts = Self::new(self.socket.clone(), self.name.clone(), self.seq, self.ack());
        parts.extensions = self.extensions.clone();
        let request = self.rare.as_ref().and_then(|rare| rare.request.clone());
        parts.rare = Some(Box::new(Rare { request, place: Some(Place { gate: gate.clone(), number }) }));
        parts
    }

    pub(super) fn set_name(&mut self, name: SmolStr) {
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
        let Self { rare, socket, .. } = self;
        rare.get_or_insert_default().request.get_or_insert_with(|| socket.request())
    }

    /// Takes the ack into the handler's own hands: what [`Acker`] does as an argument.
    pub fn acker(&self) -> Acker {
        Acker::of(self)
    }

    /// What is to be told when the handler's body begins to run.
    pub fn entry(&self) -> Entry {
        Entry::new(self.socket.clone(), self.seq, self.rare.as_ref().and_then(|rare| rare.place.clone()))
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
