//! How a test's client travels.

use std::fmt;

use sockeye_proto::engine;

/// How a client travels. [`ALL`](Self::ALL) is there for tests that hold on each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Transport {
    /// HTTP long-polling, to the end.
    Polling,
    /// A websocket from the start. The default: one connection, so the least moves while a test looks elsewhere.
    #[default]
    WebSocket,
    /// Polling first, then a websocket if the server offers one: what stock clients do. The upgrade goes on while the
    /// client is used; [`TestClient::upgraded`](crate::TestClient::upgraded) waits for it.
    Upgrade,
}

impl Transport {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::Polling, Self::WebSocket, Self::Upgrade];

    /// The transport that the session opens on.
    pub(crate) const fn first(self) -> engine::Transport {
        match self {
            Self::Polling | Self::Upgrade => engine::Transport::Polling,
            Self::WebSocket => engine::Transport::WebSocket,
        }
    }
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Polling => "polling",
            Self::WebSocket => "websocket",
            Self::Upgrade => "upgrade",
        })
    }
}
