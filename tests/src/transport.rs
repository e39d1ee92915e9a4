//! The ways a client can be connected.

/// Which transports a script's client uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Long-polling only.
    Polling,
    /// WebSocket from the first request.
    WebSocket,
    /// Polling, then the upgrade; scripts go on when it has happened.
    Upgrade,
}

impl Transport {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Polling, Self::WebSocket, Self::Upgrade];

    /// The name that scripts know.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Polling => "polling",
            Self::WebSocket => "websocket",
            Self::Upgrade => "upgrade",
        }
    }
}
