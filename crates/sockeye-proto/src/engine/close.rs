//! Why sessions end, and how one is asked to.

use std::fmt;

use crate::engine::Transport;

/// Why a session ended. [`as_str`](Self::as_str) is the text that handlers and the reference's users know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CloseReason {
    /// The client said goodbye, or its websocket vanished.
    TransportClose,
    /// The transport was used in a way it cannot go on from.
    TransportError(TransportError),
    /// No pong came in time.
    PingTimeout,
    /// Something came that is no Engine.IO packet.
    ParseError,
    /// The layer above found its own protocol violated, on this transport.
    Protocol(Violation, Transport),
    /// This side's user asked for it, on this transport.
    Forced(Transport),
    /// The whole server is going away.
    ServerShuttingDown,
    /// More waited for this client than the hard bound of its outbox allows.
    SlowConsumer,
    /// This side could not read on for the whole of `stall_timeout`.
    Stalled,
}

impl CloseReason {
    /// The reason in the reference's words where it has some.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::TransportClose => "transport close",
            Self::TransportError(_) => "transport error",
            Self::PingTimeout => "ping timeout",
            Self::ParseError => "parse error",
            // The reference has two names for one thing, by transport (edge line 298).
            Self::Protocol(_, Transport::Polling) | Self::Forced(Transport::Polling) => "forced server close",
            Self::Protocol(..) | Self::Forced(_) => "forced close",
            Self::ServerShuttingDown => "server shutting down",
            Self::SlowConsumer => "slow consumer",
            Self::Stalled => "stalled",
        }
    }

    /// What happened in more detail, for logs and counters; never a peer's text.
    pub fn detail(&self) -> Option<&'static str> {
        match self {
            Self::TransportError(error) => Some(error.as_str()),
            Self::Protocol(violation, _) => Some(violation.as_str()),
            _ => None,
        }
    }
}

impl fmt::Display for CloseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What broke a transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportError {
    /// A GET went away before it was answered, or an answer before it was read.
    PollAborted,
    /// A second GET came while one was waiting.
    PollOverlap,
    /// A POST went away before its body was complete.
    PostAborted,
    /// A second POST came while one was not yet answered.
    PostOverlap,
    /// A POST of content type `application/octet-stream`, which Engine.IO 4 has no use for.
    PostType,
    /// A ping from the client: in Engine.IO 4 the server pings.
    PingFromClient,
    /// More packets without a meaning in their place than `max_stray`.
    TooManyStray,
    /// A websocket frame broke RFC 6455 or a bound of ours; the number is the close code to answer with.
    Framing(u16),
    /// A server answered a request of ours with this status.
    Status(u16),
    /// Reading or writing failed.
    Io,
}

impl TransportError {
    /// The error in words.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::PollAborted => "poll connection closed prematurely",
            Self::PollOverlap => "two polls at once",
            Self::PostAborted => "post connection closed prematurely",
            Self::PostOverlap => "two posts at once",
            Self::PostType => "content type not supported",
            Self::PingFromClient => "ping from a client",
            Self::TooManyStray => "too many stray packets",
            Self::Framing(1009) => "websocket message too big",
            Self::Framing(1007) => "websocket text is not UTF-8",
            Self::Framing(_) => "websocket protocol violated",
            Self::Status(_) => "the server refused a request",
            Self::Io => "input or output failed",
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a peer did against the protocol of the layer above, as a text fixed at compile time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Violation(&'static str);

impl Violation {
    /// Names a violation.
    pub const fn new(text: &'static str) -> Self {
        Self(text)
    }

    /// The name.
    pub const fn as_str(&self) -> &'static str {
        self.0
    }
}

impl fmt::Debug for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Violation({:?})", self.0)
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

/// How a session is asked to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Close {
    /// What waits is written first, at most for `close_timeout`; then the session closes.
    Graceful(CloseReason),
    /// The peer broke the protocol above. What waits is written first all the same: answers to what was right
    /// before the mistake.
    Violation(Violation),
    /// At once; what waits is lost.
    Now(CloseReason),
}
