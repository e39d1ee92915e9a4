//! The bounds of a server.

use std::time::Duration;

use sockeye_engine::{Limit, TrustedProxies};

/// The bounds of [`serve`](crate::serve()).
///
/// ```
/// use std::time::Duration;
///
/// use sockeye::serve::ServeConfig;
///
/// let config = ServeConfig { body_timeout: Some(Duration::from_secs(300)), ..ServeConfig::default() };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServeConfig {
    /// How long a connection may be without a request: from its beginning, and from the end of each answer, until the
    /// next head has come whole. 10 s: a head is one packet, and browsers open a new connection in no time.
    pub header_timeout: Duration,
    /// How long the body of a request may take in all, from when somebody wants to read it. 30 s; `None`: as long as it
    /// takes, for applications that take large files. Bodies of sessions have a bound of their own,
    /// [`Builder::body_timeout`](crate::Builder::body_timeout).
    pub body_timeout: Option<Duration>,
    /// How long a peer may take not a single byte of an answer that waits for it. 30 s.
    pub write_timeout: Duration,
    /// Connections at the same time, websockets among them. 65,536: a process seldom has more descriptors. One more is
    /// closed at once.
    pub max_connections: usize,
    /// The same for one address, which for IPv6 is a network of 64 bits. 1,024: many people share an address.
    pub max_connections_per_address: usize,
    /// Proxies, whose connections are those of many: they have no bound of their own. None. The same list as
    /// [`Builder::trusted_proxies`](crate::Builder::trusted_proxies) gets.
    pub trusted_proxies: TrustedProxies,
    /// Bytes of the longest head of a request, and of what is read ahead of a connection. 64 KiB, at least 8 KiB.
    pub max_head: usize,
    /// How long a graceful shutdown waits for requests under way. 30 s.
    pub shutdown_timeout: Duration,
}

impl Default for ServeConfig {
    fn default() -> Self {
        Self {
            header_timeout: Duration::from_secs(10),
            body_timeout: Some(Duration::from_secs(30)),
            write_timeout: Duration::from_secs(30),
            max_connections: 65_536,
            max_connections_per_address: 1024,
            trusted_proxies: TrustedProxies::default(),
            max_head: 64 * 1024,
            shutdown_timeout: Duration::from_secs(30),
        }
    }
}

/// A bound that makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// Nobody could be served.
    #[error("{0} must be more than zero")]
    Zero(&'static str),
    /// Longer than any timer should run.
    #[error("{0} must be at most a year")]
    TooLong(&'static str),
    /// Less than the HTTP library needs.
    #[error("max_head must be at least 8192 bytes")]
    SmallHead,
}

impl ServeConfig {
    /// Checks what the types cannot say.
    ///
    /// # Errors
    /// Names the first field that makes no sense.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let Self {
            header_timeout,
            body_timeout,
            write_timeout,
            max_connections,
            max_connections_per_address,
            trusted_proxies: _,
            max_head,
            shutdown_timeout,
        } = self;
        let durations = [
            ("header_timeout", Some(*header_timeout)),
            ("body_timeout", *body_timeout),
            ("write_timeout", Some(*write_timeout)),
            ("shutdown_timeout", Some(*shutdown_timeout)),
        ];
        for (field, duration) in durations {
            match duration {
                Some(Duration::ZERO) => return Err(ConfigError::Zero(field)),
                Some(duration) if duration > LONGEST => return Err(ConfigError::TooLong(field)),
                _ => {}
            }
        }
        let numbers = [
            ("max_connections", *max_connections),
            ("max_connections_per_address", *max_connections_per_address),
        ];
        if let Some((field, _)) = numbers.into_iter().find(|(_, number)| *number == 0) {
            return Err(ConfigError::Zero(field));
        }
        if *max_head < LEAST_HEAD { Err(ConfigError::SmallHead) } else { Ok(()) }
    }

    /// What is bounded, and what happens beyond; `docs/limits.md` is made of it.
    pub fn limits(&self) -> Vec<Limit> {
        // Whole, so that a new field is not forgotten here.
        let Self {
            header_timeout,
            body_timeout,
            write_timeout,
            max_connections,
            max_connections_per_address,
            trusted_proxies: _,
            max_head,
            shutdown_timeout,
        } = self;
        vec![
            Limit::time("header_timeout", *header_timeout)
                .beyond("A connection whose next request has not come with its whole head is closed.")
                .seen("log, DEBUG"),
            Limit::time_if_set("body_timeout", *body_timeout)
                .beyond("The body of a request, on any route, ends with an error for whoever reads it.")
                .seen("`io::ErrorKind::TimedOut`"),
            Limit::time("write_timeout", *write_timeout)
                .beyond("A connection whose peer takes not a byte of an answer is closed.")
                .seen("log, DEBUG"),
            Limit::count("max_connections", *max_connections)
                .beyond("One more connection is closed at once; websockets count.")
                .seen("log, DEBUG"),
            Limit::count("max_connections_per_address", *max_connections_per_address)
                .beyond(
                    "The same for one address, or one IPv6 network of 64 bits, but not for trusted proxies.",
                )
                .seen("log, DEBUG"),
            Limit::bytes("max_head", *max_head)
                .beyond("A longer head of a request is refused.")
                .seen("status 431"),
            Limit::time("shutdown_timeout", *shutdown_timeout)
                .beyond("Requests that a graceful shutdown still waits for are cut.")
                .seen("—"),
        ]
    }
}

/// Keeps the arithmetic with instants far from its limits.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

/// What hyper asks for.
const LEAST_HEAD: usize = 8192;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_is_named() {
        let default = ServeConfig::default;
        assert_eq!(default().validate(), Ok(()));
        let cases = [
            (
                ServeConfig { header_timeout: Duration::ZERO, ..default() },
                ConfigError::Zero("header_timeout"),
            ),
            (
                ServeConfig { body_timeout: Some(Duration::ZERO), ..default() },
                ConfigError::Zero("body_timeout"),
            ),
            (
                ServeConfig { write_timeout: Duration::MAX, ..default() },
                ConfigError::TooLong("write_timeout"),
            ),
            (
                ServeConfig { shutdown_timeout: Duration::ZERO, ..default() },
                ConfigError::Zero("shutdown_timeout"),
            ),
            (ServeConfig { max_connections: 0, ..default() }, ConfigError::Zero("max_connections")),
            (
                ServeConfig { max_connections_per_address: 0, ..default() },
                ConfigError::Zero("max_connections_per_address"),
            ),
            (ServeConfig { max_head: 8191, ..default() }, ConfigError::SmallHead),
        ];
        for (config, error) in cases {
            assert_eq!(config.validate(), Err(error));
        }
        assert_eq!(ServeConfig { body_timeout: None, ..default() }.validate(), Ok(()));
    }
}
