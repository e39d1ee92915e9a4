//! The settings of a session and their bounds.

use std::time::Duration;

use crate::{engine::Transport, outbox::Bounds};

mod limits;

/// The settings of all sessions of one server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// From the handshake, and from each pong, to the next ping. 25 s: shorter than the idle timeouts of common
    /// proxies (30 s and more), and the reference's default.
    pub ping_interval: Duration,
    /// How long a pong may take. 20 s: a mobile network may be away for some seconds; the reference's default.
    pub ping_timeout: Duration,
    /// How long an upgrade may take from the opening of its websocket. 10 s, the reference's default; the session
    /// goes on by polling afterwards.
    pub upgrade_timeout: Duration,
    /// Bytes of the longest message from the client, of a POST's body, and of an answer to a GET that holds more
    /// than one packet. 1,000,000, the reference's default, advertised to clients as `maxPayload`.
    pub max_payload: usize,
    /// How long a session that is asked to end may take to write what waits. 30 s, the reference's figure.
    pub close_timeout: Duration,
    /// How long this side may not read because its own queues are full. 30 s: longer than a handler should take,
    /// short enough that clients are not kept in the dark.
    pub stall_timeout: Duration,
    /// After this a waiting GET is answered with a noop. `None`: it waits until there is something, at the longest
    /// `ping_interval`; set it below the timeout of an impatient proxy or timeout layer.
    pub poll_wait: Option<Duration>,
    /// The transports a session may be opened with. Both.
    pub transports: Vec<Transport>,
    /// Whether a session opened by polling is told that it may move to a websocket. Yes. A client that comes with one
    /// unasked is served all the same, as by the reference.
    pub allow_upgrades: bool,
    /// The bounds of what waits for a client.
    pub outbox: Bounds,
    /// Packets without a meaning in their place (open, upgrade, noop, a pong nobody waits for, a repeated probe)
    /// that are ignored between two pings; one more closes the session. 128: no known client sends any.
    pub max_stray: u32,
    /// Fragments of one websocket message. 1,024: enough for a message of `max_payload` in fragments of 1 kB.
    pub max_fragments: usize,
}

impl Config {
    /// Checks what the types cannot say.
    ///
    /// # Errors
    /// Names the first field that makes no sense.
    pub fn validate(&self) -> Result<(), ConfigError> {
        // Whole, so that a new field is not forgotten here.
        let Self {
            ping_interval,
            ping_timeout,
            upgrade_timeout,
            max_payload,
            close_timeout,
            stall_timeout,
            poll_wait,
            transports,
            allow_upgrades: _,
            outbox: Bounds { soft, hard },
            // None at all is a strict server's wish.
            max_stray: _,
            max_fragments,
        } = self;
        let durations = [
            ("ping_interval", Some(*ping_interval)),
            ("ping_timeout", Some(*ping_timeout)),
            ("upgrade_timeout", Some(*upgrade_timeout)),
            ("close_timeout", Some(*close_timeout)),
            ("stall_timeout", Some(*stall_timeout)),
            ("poll_wait", *poll_wait),
        ];
        for (field, duration) in durations {
            match duration {
                Some(Duration::ZERO) => return Err(ConfigError::Zero(field)),
                Some(duration) if duration > LONGEST => return Err(ConfigError::TooLong(field)),
                _ => {}
            }
        }
        let numbers = [
            ("max_payload", max_payload),
            ("max_fragments", max_fragments),
            ("outbox_soft", soft),
            ("outbox_hard", hard),
        ];
        if let Some((field, _)) = numbers.into_iter().find(|(_, number)| **number == 0) {
            return Err(ConfigError::Zero(field));
        }
        if transports.is_empty() {
            return Err(ConfigError::NoTransport);
        }
        if soft > hard {
            return Err(ConfigError::SoftAboveHard);
        }
        Ok(())
    }

    /// The transports a session that was opened with this one may move to.
    pub fn upgrades(&self, from: Transport) -> impl Iterator<Item = Transport> {
        let can = self.allow_upgrades && from == Transport::Polling;
        self.transports.iter().copied().filter(move |to| can && *to == Transport::WebSocket)
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            ping_interval: Duration::from_secs(25),
            ping_timeout: Duration::from_secs(20),
            upgrade_timeout: Duration::from_secs(10),
            max_payload: 1_000_000,
            close_timeout: Duration::from_secs(30),
            stall_timeout: Duration::from_secs(30),
            poll_wait: None,
            transports: vec![Transport::Polling, Transport::WebSocket],
            allow_upgrades: true,
            outbox: Bounds::default(),
            max_stray: 128,
            max_fragments: 1024,
        }
    }
}

/// A setting that makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// This field must be more than zero.
    #[error("{0} must be more than zero")]
    Zero(&'static str),
    /// This duration is longer than any timer should run.
    #[error("{0} must be at most a year")]
    TooLong(&'static str),
    /// No session could ever be opened.
    #[error("transports must name at least one transport")]
    NoTransport,
    /// The bound at which senders wait lies above the one at which the session is closed.
    #[error("the soft bound of the outbox must not exceed the hard one")]
    SoftAboveHard,
}

/// Keeps the arithmetic with instants far from its limits.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_valid() {
        assert_eq!(Config::default().validate(), Ok(()));
    }

    #[test]
    fn nonsense_is_named() {
        let default = Config::default;
        let cases = [
            (Config { ping_timeout: Duration::ZERO, ..default() }, ConfigError::Zero("ping_timeout")),
            (Config { poll_wait: Some(Duration::ZERO), ..default() }, ConfigError::Zero("poll_wait")),
            (Config { close_timeout: Duration::MAX, ..default() }, ConfigError::TooLong("close_timeout")),
            (Config { max_payload: 0, ..default() }, ConfigError::Zero("max_payload")),
            (Config { max_fragments: 0, ..default() }, ConfigError::Zero("max_fragments")),
            (Config { outbox: Bounds { soft: 0, hard: 1 }, ..default() }, ConfigError::Zero("outbox_soft")),
            (Config { transports: Vec::new(), ..default() }, ConfigError::NoTransport),
            (Config { outbox: Bounds { soft: 2, hard: 1 }, ..default() }, ConfigError::SoftAboveHard),
        ];
        for (config, error) in cases {
            assert_eq!(config.validate(), Err(error));
        }
    }

    #[test]
    fn only_polling_moves_to_websocket() {
        let config = Config::default();
        assert_eq!(config.upgrades(Transport::Polling).collect::<Vec<_>>(), [Transport::WebSocket]);
        assert_eq!(config.upgrades(Transport::WebSocket).count(), 0);
        let config = Config { allow_upgrades: false, ..config };
        assert_eq!(config.upgrades(Transport::Polling).count(), 0);
    }
}
