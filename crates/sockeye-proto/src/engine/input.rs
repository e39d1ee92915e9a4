//! What happens to a session.

use crate::engine::{Close, TransportError};

/// Names an HTTP request of this session; the driver gives each another number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Req(pub u64);

/// Names a websocket of this session; the driver gives each another number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Conn(pub u64);

/// What a session was opened by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Opening {
    /// A GET, which the open packet answers.
    Polling(Req),
    /// A websocket, on which the open packet is the first frame.
    WebSocket(Conn),
}

/// A complete data message of a websocket.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum FrameRef<'a> {
    /// A text frame: one packet.
    Text(&'a str),
    /// A binary frame: one binary message.
    Binary(&'a [u8]),
}

/// Shows kind and length, never the content.
impl std::fmt::Debug for FrameRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Binary(bytes) => write!(f, "Binary({} bytes)", bytes.len()),
        }
    }
}

/// Why nothing more will be read from a websocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// The peer closed it, or vanished.
    Closed,
    /// It broke. After [`TransportError::Framing`] the machine tells [`hang_up`](crate::engine::Sink::hang_up) with
    /// the close code, for the peer may still read.
    Error(TransportError),
}

/// One thing that happened. The session answers before it looks at the next.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Input<'a> {
    /// A GET arrived.
    PollOpened(Req),
    /// The client of a waiting GET went away, or the body of an answer that took packets from the outbox was
    /// dropped before all of it was handed over. A dropped answer without such packets need not be told.
    PollDropped(Req),
    /// A POST arrived; its body has not been read yet.
    PostOpened {
        /// The request.
        req: Req,
        /// Whether its content type is `application/octet-stream`.
        binary: bool,
    },
    /// The next packet of a POST's body; the driver splits it ([`payload`](crate::engine::payload)), so that it may
    /// pause between two packets.
    PostPacket(Req, &'a [u8]),
    /// The last packet of the body was given.
    PostEnd(Req),
    /// The client went away before the body was complete. The request needs no answer any more.
    PostAborted(Req),
    /// The body is longer than `max_payload`; no packet of it was given.
    PostTooLarge(Req),
    /// A websocket opened that names this session: the first step of an upgrade.
    SocketOpened(Conn),
    /// A complete message came on that websocket.
    Frame(Conn, FrameRef<'a>),
    /// Nothing more comes on that websocket.
    SocketClosed(Conn, Why),
    /// Everything for this websocket has been written: what was told, and what waited in the outbox. Also due
    /// after [`closing`](crate::engine::Sink::closing) when nothing was left to write in the first place.
    Flushed(Conn),
    /// Something waits in the outbox.
    Outgoing,
    /// Whether this side has stopped reading because its own queues are full. Meanwhile no pong can be seen and no
    /// step of an upgrade, so their deadlines are frozen, and `stall_timeout` runs.
    Paused(bool),
    /// The instant that [`timeout`](crate::engine::Session::timeout) names has come.
    Timeout,
    /// The session is asked to end.
    Close(Close),
}
