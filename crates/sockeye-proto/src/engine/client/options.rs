//! The settings of a client.

use std::time::Duration;

/// The settings of one client; the rest is up to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How long the open packet may take. 20 s, as in the reference's client.
    pub open_timeout: Duration,
    /// How long a probe may take. 10 s, the server's default; it goes on by polling afterwards.
    pub upgrade_timeout: Duration,
    /// How long what waits may take to be sent at the end. 10 s.
    pub close_timeout: Duration,
    /// Whether it moves to a websocket when the server offers one. Yes.
    pub upgrade: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            open_timeout: Duration::from_secs(20),
            upgrade_timeout: Duration::from_secs(10),
            close_timeout: Duration::from_secs(10),
            upgrade: true,
        }
    }
}
