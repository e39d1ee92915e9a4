//! What the two limits share: servers that know no protocol, and answer by how a message begins.

mod hub;
mod words;

pub(super) use self::{
    hub::{Hub, Member},
    words::Word,
};

/// The packet that a client of Engine.IO waits for. Nobody is pinged.
pub(super) const OPEN: &[u8] =
    br#"0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#;

/// The answer to a CONNECT to the default namespace.
pub(super) const CONNECTED: &[u8] = br#"40{"sid":"x"}"#;

/// How an event to a room begins.
pub(super) const ROOM: &[u8] = br#"42["room","#;
