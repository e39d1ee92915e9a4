//! The moment at which an event enters its handler.

use crate::Socket;

/// Tells the socket that an event has entered its handler's body, so that the next one may start.
///
/// Layers and extractors run before that. An event which ends without entering is noticed by the session itself.
#[derive(Debug)]
#[must_use = "the next event of the socket waits until this one has entered, or ended"]
pub struct Entry {
    socket: Socket,
    seq: u64,
}

impl Entry {
    pub(super) const fn new(socket: Socket, seq: u64) -> Self {
        Self { socket, seq }
    }

    /// The body begins to run.
    pub fn enter(self) {
        self.socket.enter(self.seq);
    }
}
