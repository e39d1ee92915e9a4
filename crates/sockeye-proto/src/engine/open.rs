//! The open packet: what a client is told when its session begins.

use std::time::Duration;

use serde::Serialize;

use crate::engine::{Config, Transport};

/// The JSON text of the open packet, without the packet's type (Engine.IO 4, "Handshake").
///
/// `sid` names the session; `upgrades` are the transports this session may move to. Durations go in milliseconds.
pub fn open_packet(
    sid: impl AsRef<str>,
    upgrades: impl IntoIterator<Item = Transport>,
    config: &Config,
) -> String {
    let open = Open {
        sid: sid.as_ref(),
        upgrades: upgrades.into_iter().map(Transport::name).collect(),
        ping_interval: milliseconds(config.ping_interval),
        ping_timeout: milliseconds(config.ping_timeout),
        max_payload: config.max_payload,
    };
    // A struct of strings and numbers always serializes.
    serde_json::to_string(&open).unwrap_or_default()
}

/// The order of the fields is the reference's.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Open<'a> {
    sid: &'a str,
    upgrades: Vec<&'static str>,
    ping_interval: u64,
    ping_timeout: u64,
    max_payload: usize,
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Id;

    #[test]
    fn is_the_reference_s_text() {
        let id = Id::from_random([0; 15]);
        assert_eq!(
            open_packet(id, [Transport::WebSocket], &Config::default()),
            r#"{"sid":"AAAAAAAAAAAAAAAAAAAA","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#
        );
        assert!(open_packet(id, [], &Config::default()).contains(r#""upgrades":[],"#));
    }
}
