//! What an engine has done so far, in numbers.

mod counters;
mod tally;

pub(crate) use self::{counters::Counters, tally::Tally};

/// What an engine has done so far, and what it holds at this moment; see [`Engine::stats`](crate::Engine::stats).
///
/// Packets and bytes are those of messages, as the reference counts them: without pings, pongs, noops and probes, and
/// without the byte that names a packet's type; outgoing ones before any compression. They are counted when they are
/// decoded or taken to be written.
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
}
