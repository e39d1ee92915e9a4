//! Emitting events of a contract to many sockets.

use serde::Serialize;

use super::{Acks, Broadcast, BroadcastFuture};
use crate::{EventType, FromAck};

/// # Typed events
impl Broadcast {
    /// Emits an event whose name its type knows; the value is its one argument. As [`emit`](Self::emit) otherwise.
    ///
    /// # Errors
    /// When awaited: [`EmitError::NotInContract`](crate::EmitError::NotInContract) where the namespace has a contract
    /// without this event, and the others of a broadcast.
    pub fn emit_event<E: EventType + Serialize>(&self, event: &E) -> BroadcastFuture {
        match self.namespace().and_then(|namespace| namespace.may_emit_typed::<E>()) {
            Ok(()) => self.emit(E::NAME, event),
            Err(error) => BroadcastFuture::failed(error),
        }
    }

    /// Emits an event whose name its type knows, and collects the answers as what the type says. As
    /// [`emit_with_ack`](Self::emit_with_ack) otherwise.
    ///
    /// # Errors
    /// When awaited: those of [`emit_event`](Self::emit_event).
    pub fn emit_event_with_ack<E>(&self, event: &E) -> BroadcastFuture<Acks<E::Ack>>
    where
        E: EventType<Ack: FromAck> + Serialize,
    {
        match self.namespace().and_then(|namespace| namespace.may_emit_typed::<E>()) {
            Ok(()) => self.emit_with_ack(E::NAME, event),
            Err(error) => BroadcastFuture::failed(error),
        }
    }
}
