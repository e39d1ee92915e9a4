//! Why a socket has left its namespace.

use std::fmt;

use sockeye_proto::engine::CloseReason;

/// Why a socket has left its namespace: alone, or because its session ended.
///
/// In a disconnect handler it is an argument like any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DisconnectReason {
    /// The client has left the namespace.
    Client,
    /// The server has: [`Socket::disconnect`](crate::Socket::disconnect).
    Server,
    /// The client has come back on another connection, with the secret of this socket's session, before this end was
    /// noticed to be dead. Only with [recovery](crate::Recovery).
    TakenOver,
    /// The session has ended, and with it all its sockets.
    Session(CloseReason),
}

impl DisconnectReason {
    /// The reason in the reference's words: `client namespace disconnect`, `server namespace disconnect`, or those of
    /// the session's end, such as `transport close` and `ping timeout`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Client => "client namespace disconnect",
            Self::Server => "server namespace disconnect",
            Self::TakenOver => "taken over",
            Self::Session(reason) => reason.as_str(),
        }
    }

    /// Whether a client may go on with its session after this, where [recovery](crate::Recovery) is on: nobody has asked
    /// for the end, and nothing came that is no Engine.IO packet.
    pub fn is_recoverable(&self) -> bool {
        match self {
            Self::Client | Self::Server => false,
            Self::TakenOver => true,
            Self::Session(reason) => matches!(
                reason,
                CloseReason::TransportClose
                    | CloseReason::TransportError(_)
                    | CloseReason::PingTimeout
                    | CloseReason::Protocol(..)
                    | CloseReason::Forced(_)
                    | CloseReason::ServerShuttingDown
                    | CloseReason::SlowConsumer
                    | CloseReason::Stalled
            ),
        }
    }
}

impl From<CloseReason> for DisconnectReason {
    fn from(reason: CloseReason) -> Self {
        Self::Session(reason)
    }
}

impl fmt::Display for DisconnectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
