//! Emitting events of a contract to one socket.

use serde::Serialize;

use super::{AckFuture, Emit, Emitter, Socket};
use crate::{EventType, FromAck};

/// # Typed events
impl Socket {
    /// Emits an event whose name its type knows; the value is its one argument. As [`emit`](Self::emit) otherwise.
    ///
    /// # Errors
    /// When awaited: [`EmitError::NotInContract`](crate::EmitError::NotInContract) where the namespace has a contract
    /// without this event, and the others of an emit.
    pub fn emit_event<E: EventType + Serialize>(&self, event: &E) -> Emit {
        self.emitter().emit_event(event)
    }

    /// Emits an event whose name its type knows, and reads the client's answer as what the type says. As
    /// [`emit_with_ack`](Self::emit_with_ack) otherwise.
    pub fn emit_event_with_ack<E>(&self, event: &E) -> AckFuture<E::Ack>
    where
        E: EventType<Ack: FromAck> + Serialize,
    {
        self.emitter().emit_event_with_ack(event)
    }
}

/// # Typed events
impl Emitter {
    /// As [`Socket::emit_event`].
    pub fn emit_event<E: EventType + Serialize>(&self, event: &E) -> Emit {
        match self.socket.context().may_emit_typed::<E>() {
            Ok(()) => self.emit(E::NAME, event),
            Err(error) => Emit::done(Err(error)),
        }
    }

    /// As [`Socket::emit_event_with_ack`].
    pub fn emit_event_with_ack<E>(&self, event: &E) -> AckFuture<E::Ack>
    where
        E: EventType<Ack: FromAck> + Serialize,
    {
        match self.socket.context().may_emit_typed::<E>() {
            Ok(()) => self.emit_with_ack(E::NAME, event),
            Err(error) => AckFuture::refused(error.into()),
        }
    }
}
