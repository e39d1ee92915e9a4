//! What a server says when it opens a session.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

use std::time::Duration;

use serde::Deserialize;

use crate::engine::Transport;

/// The content of the open packet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Terms {
    /// Names the session.
    pub sid: Box<str>,
    /// From a pong to the next ping.
    pub ping_interval: Duration,
    /// How long a pong may take.
    pub ping_timeout: Duration,
    /// Bytes of the longest body the server takes. 1,000,000 when the server is silent about it.
    pub max_payload: usize,
    upgrades: Vec<Transport>,
}

impl Terms {
    /// Reads the JSON text of an open packet.
    pub fn parse(json: &str) -> Option<Self> {
        let open: Open = serde_json::from_str(json).ok()?;
        let within_reason =
            |milliseconds: u64| (milliseconds <= LONGEST).then(|| Duration::from_millis(milliseconds));
        Some(Self {
            ping_interval: within_reason(open.ping_interval)?,
            ping_timeout: within_reason(open.ping_timeout)?,
            max_payload: open.max_payload.unwrap_or(1_000_000),
            upgrades: open.upgrades.iter().filter_map(|name| Transport::parse(name)).collect(),
            sid: open.sid,
        })
    }

    /// Whether the session may move to this transport.
    pub fn offers(&self, transport: Transport) -> bool {
        self.upgrades.contains(&transport)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Open {
    sid: Box<str>,
    upgrades: Vec<String>,
    ping_interval: u64,
    ping_timeout: u64,
    max_payload: Option<usize>,
}

/// A year: keeps the arithmetic with instants far from its limits.
const LONGEST: u64 = 366 * 24 * 3_600_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Id,
        engine::{Config, open::open_packet},
    };

    #[test]
    fn reads_what_a_server_writes() {
        let config = Config::default();
        let terms =
            Terms::parse(&open_packet(Id::from_random([0; 15]), [Transport::WebSocket], &config)).unwrap();
        assert_eq!(&*terms.sid, "AAAAAAAAAAAAAAAAAAAA");
        assert!(terms.offers(Transport::WebSocket) && !terms.offers(Transport::Polling));
        let expected = (config.ping_interval, config.ping_timeout, config.max_payload);
        assert_eq!((terms.ping_interval, terms.ping_timeout, terms.max_payload), expected);
    }

    #[test]
    fn refuses_the_rest() {
        for json in ["", "{}", "[]", r#"{"sid":"a","upgrades":[],"pingInterval":-1,"pingTimeout":1}"#] {
            assert_eq!(Terms::parse(json), None, "{json}");
        }
        let endless =
            format!(r#"{{"sid":"a","upgrades":["tobi"],"pingInterval":{},"pingTimeout":1}}"#, u64::MAX);
        assert_eq!(Terms::parse(&endless), None);
    }
}
