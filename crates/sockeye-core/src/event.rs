//! An event on its way to a handler: the request type of the event stack.

mod entry;
mod gate;
mod parts;
#[cfg(test)]
mod tests;

pub use self::{entry::Entry, gate::Gate, parts::EventParts};

use std::sync::Arc;

use http::Extensions;
use smol_str::SmolStr;
use sockeye_proto::socket::{Arguments, EncodeError, encode::EventWriter};

use crate::{IntoArgs, Socket, reply::read_back};

/// An event that a client has sent, on its way to a handler. What tower layers around handlers see as the request.
///
/// ```
/// use std::time::Instant;
/// use sockeye_core::Event;
///
/// fn stamp(mut event: Event) -> Event {
///     event.extensions_mut().insert(Instant::now());
///     event
/// }
/// ```
#[derive(Debug)]
pub struct Event {
    parts: EventParts,
    arguments: Arguments,
}

impl Event {
    /// An event of a socket. `seq` counts the events of this socket from 1, in the order of arrival; `ack` is the id of
    /// the ack that the client asks for.
    pub fn new(
        socket: Socket,
        name: impl Into<SmolStr>,
        seq: u64,
        ack: Option<u64>,
        arguments: Arguments,
    ) -> Self {
        Self { parts: EventParts::new(socket, name.into(), seq, ack), arguments }
    }

    /// The same event for one of several handlers that share it, which start in the order of their `place`s, counted from
    /// 1. That it enters its handler is told to `gate`; who shares an event tells the socket when the last has entered.
    ///
    /// Any of them may take the ack, and the first answer goes out.
    #[must_use]
    pub fn shared(&self, gate: &Arc<Gate>, place: usize) -> Self {
        Self { parts: self.parts.shared(gate, place), arguments: self.arguments.clone() }
    }

    /// Puts an event together again.
    pub const fn from_parts(parts: EventParts, arguments: Arguments) -> Self {
        Self { parts, arguments }
    }

    /// Takes the event apart: what extractors read, and the arguments, which one of them consumes.
    pub fn into_parts(self) -> (EventParts, Arguments) {
        (self.parts, self.arguments)
    }

    /// Everything but the arguments.
    pub const fn parts(&self) -> &EventParts {
        &self.parts
    }

    /// Everything but the arguments, to be changed.
    pub const fn parts_mut(&mut self) -> &mut EventParts {
        &mut self.parts
    }

    /// The arguments, as they came.
    pub const fn arguments(&self) -> &Arguments {
        &self.arguments
    }

    /// Other arguments for whoever comes after this layer.
    pub fn set_arguments(&mut self, arguments: Arguments) {
        self.arguments = arguments;
    }

    /// Other arguments for whoever comes after this layer, as many as `args` has; see [`IntoArgs`].
    ///
    /// # Errors
    /// When a value cannot be written as JSON, or is nested deeper than 128; the arguments are then as they were.
    pub fn set_args(&mut self, args: impl IntoArgs) -> Result<(), EncodeError> {
        let mut writer = EventWriter::unaddressed();
        args.write_args(&mut writer)?;
        self.arguments = read_back(&writer.seal()).map_err(|error| EncodeError::new(error.to_string()))?;
        Ok(())
    }

    /// Another name for whoever comes after this layer: a layer of the namespace thus sends it to another handler.
    pub fn set_name(&mut self, name: impl Into<SmolStr>) {
        self.parts.set_name(name.into());
    }

    /// The event's name. It is the client's text: escape it in logs.
    pub fn name(&self) -> &str {
        self.parts.name()
    }

    /// Who sent it.
    pub const fn socket(&self) -> &Socket {
        self.parts.socket()
    }

    /// Whether the client asks for an ack.
    pub const fn wants_ack(&self) -> bool {
        self.parts.wants_ack()
    }

    /// Values that layers have left for those that come after them.
    pub const fn extensions(&self) -> &Extensions {
        self.parts.extensions()
    }

    /// Values for layers and extractors that come after this one.
    pub const fn extensions_mut(&mut self) -> &mut Extensions {
        self.parts.extensions_mut()
    }
}
