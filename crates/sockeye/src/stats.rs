//! What a server has done so far, in numbers.

use std::sync::Arc;

/// What a server has done so far, and what it holds at this moment; see [`Io::stats`](crate::Io::stats).
///
/// Packets and bytes are those of Engine.IO messages, as the reference counts them: without pings and noops, without the
/// byte that names a packet's type, outgoing ones before any compression.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Sessions that are open.
    pub sessions: usize,
    /// Those of them whose transport is long-polling.
    pub polling_sessions: usize,
    /// Messages from clients.
    pub packets_in: u64,
    /// Messages to clients.
    pub packets_out: u64,
    /// Bytes of the messages from clients.
    pub bytes_in: u64,
    /// Bytes of the messages to clients.
    pub bytes_out: u64,
    /// Sessions that were ever opened.
    pub opened: u64,
    /// Sessions that have ended, by the text of the reason
    /// ([`CloseReason::as_str`](crate::CloseReason::as_str)), in alphabetical order.
    pub closed: Vec<(&'static str, u64)>,
    /// The namespaces in alphabetical order.
    pub namespaces: Vec<NamespaceStats>,
}

/// What one namespace holds at this moment, in this process.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NamespaceStats {
    /// Its name, such as `/admin`.
    pub name: Arc<str>,
    /// Sockets that have joined it and not left.
    pub sockets: usize,
}

impl Stats {
    pub(crate) fn new(
        engine: sockeye_engine::Stats,
        namespaces: impl Iterator<Item = (Arc<str>, usize)>,
    ) -> Self {
        let mut namespaces: Vec<_> =
            namespaces.map(|(name, sockets)| NamespaceStats { name, sockets }).collect();
        namespaces.sort_by(|one, other| one.name.cmp(&other.name));
        Self {
            sessions: engine.sessions,
            polling_sessions: engine.polling_sessions,
            packets_in: engine.packets_in,
            packets_out: engine.packets_out,
            bytes_in: engine.bytes_in,
            bytes_out: engine.bytes_out,
            opened: engine.opened,
            closed: engine.closed,
            namespaces,
        }
    }
}
