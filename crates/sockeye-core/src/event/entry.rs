//! The moment at which an event enters its handler.

use std::sync::Arc;

use super::Gate;
use crate::Socket;

/// Tells the socket that an event has entered its handler's body, so that the next one may start.
///
/// Layers and extractors run before that. An event which ends without entering is noticed by the session itself.
#[derive(Debug)]
#[must_use = "the next event of the socket waits until this one has entered, or ended"]
pub struct Entry {
    socket: Socket,
    seq: u64,
    place: Option<Place>,
}

/// The place of a handler among those that share an event.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) gate: Arc<Gate>,
    pub(super) number: usize,
}

impl Entry {
    pub(super) const fn new(socket: Socket, seq: u64, place: Option<Place>) -> Self {
        Self { socket, seq, place }
    }

    /// The body begins to run.
    pub fn enter(self) {
        match self.place {
            Some(place) => place.gate.enter(place.number),
            None => self.socket.enter(self.seq),
        }
    }
}
