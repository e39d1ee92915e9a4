//! What can go wrong for a caller, one small enum for each kind of call.

use std::sync::Arc;

use sockeye_proto::socket::{EncodeError, PayloadError};
use thiserror::Error;

/// Why an event was not emitted, or not in time.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EmitError {
    /// An argument cannot be written as JSON. Nothing was queued.
    #[error("the arguments could not be encoded")]
    Encode(#[from] EncodeError),
    /// The name belongs to the protocol's own events, such as `connect` and `disconnect`. Nothing was queued.
    #[error("`{0}` is reserved for the protocol's own events")]
    Reserved(Box<str>),
    /// The namespace has a [`Contract`](crate::Contract), and this event is not among those that it emits. Nothing was
    /// queued.
    #[error("`{0}` is not in the contract of the namespace")]
    NotInContract(Box<str>),
    /// The server is not built yet: `Io` was used before `build`. Nothing was queued.
    #[error("the server is not built yet")]
    NotMounted,
    /// The server was built without this namespace. Nothing was queued.
    #[error("there is no namespace `{0}`")]
    UnknownNamespace(Arc<str>),
    /// More than the soft bound waits for the client, or too many of its acks are awaited. Nothing was queued.
    #[error("too much waits for this client")]
    Full,
    /// There was no room within `send_timeout`. The event **is** queued and waits on: do not send it again.
    #[error("the client has not taken what waits for it in time")]
    Timeout,
    /// The socket has left, or its session is closed; what was queued may be lost.
    #[error("the socket is closed")]
    Closed,
}

/// Why an ack did not come, or could not be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AckError {
    /// The client did not answer in time.
    #[error("the client did not answer in time")]
    Timeout,
    /// The socket has left before it answered.
    #[error("the socket has left without an answer")]
    Disconnected,
    /// This side is too busy to read what the client sends, perhaps because handlers wait for this very answer.
    #[error("the session is stalled, so that no answer can be read")]
    Stalled,
    /// The client answered with something else than what was asked for.
    #[error("the answer does not have the expected form")]
    Decode(#[source] PayloadError),
    /// The event was not emitted.
    #[error("the event was not emitted")]
    Emit(#[from] EmitError),
}

/// Why a room was not joined or left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum JoinError {
    /// The socket has left its namespace.
    #[error("the socket is closed")]
    Closed,
    /// It would be in more rooms than [`SocketConfig::max_rooms`](crate::SocketConfig::max_rooms). It has joined none of
    /// those that were asked for.
    #[error("the socket is in too many rooms")]
    TooManyRooms,
    /// A name is longer than [`SocketConfig::max_room_len`](crate::SocketConfig::max_room_len). It has joined none of the
    /// rooms that were asked for.
    #[error("the name of the room is too long")]
    NameTooLong,
    /// More of the socket's rooms than [`SocketConfig::max_room_hooks`](crate::SocketConfig::max_room_hooks) wait to be told
    /// to the namespace's handlers, which do not keep up. It has joined none of those that were asked for.
    #[error("too many of the socket's rooms wait for their handlers")]
    Full,
}

/// Why the data of a socket was not read or changed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DataError {
    /// The value cannot be written as JSON.
    #[error("the data could not be encoded")]
    Encode(#[source] serde_json::Error),
    /// The data is not what it was to be read as.
    #[error("the data does not have the expected form")]
    Decode(#[source] serde_json::Error),
    /// The value is something else than a JSON object.
    #[error("the data of a socket is an object")]
    NotAnObject,
    /// The object would be larger than [`SocketConfig::max_data`](crate::SocketConfig::max_data).
    #[error("{bytes} bytes of data are more than {most}")]
    TooLarge {
        /// How large it would be.
        bytes: usize,
        /// How large it may be.
        most: usize,
    },
    /// The namespace has declared that its sockets' data is of another type.
    #[error("the data of these sockets is declared as `{declared}`, not as `{asked}`")]
    OtherType {
        /// The type that the namespace has declared.
        declared: &'static str,
        /// The type that was asked for.
        asked: &'static str,
    },
}

/// Why a broadcast or a query did not go out. A slow or vanished member is never a reason.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BroadcastError {
    /// The event was not emitted to anybody.
    #[error("the event was not emitted")]
    Emit(#[from] EmitError),
    /// The adapter could not reach the other nodes; the sockets of this one have been served.
    #[error("the adapter failed")]
    Adapter(#[from] AdapterError),
}

/// What went wrong in an adapter.
#[derive(Debug, Error)]
#[error("{message}")]
pub struct AdapterError {
    message: Box<str>,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl AdapterError {
    /// An error that consists of a sentence.
    pub fn new(message: impl Into<Box<str>>) -> Self {
        Self { message: message.into(), source: None }
    }

    /// Adds what caused it.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}
