//! The event `server_stats`: what the server has done since the last one.

use std::{collections::BTreeMap, time::SystemTime};

use serde::Serialize;
use sockeye::Stats;

use crate::clock;

/// One report.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServerStats<'a> {
    pub(crate) server_id: &'a str,
    pub(crate) hostname: &'a str,
    pub(crate) pid: u32,
    /// Seconds.
    pub(crate) uptime: f64,
    clients_count: usize,
    polling_clients_count: usize,
    aggregated_events: Vec<Aggregated>,
    namespaces: Vec<NamespaceSockets>,
}

/// How often something happened within one second.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Aggregated {
    /// The beginning of that second, in milliseconds since 1970.
    timestamp: u64,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_type: Option<&'static str>,
    count: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NamespaceSockets {
    name: String,
    sockets_count: usize,
}

impl<'a> ServerStats<'a> {
    pub(crate) fn new(
        (server_id, hostname): (&'a str, &'a str),
        uptime: f64,
        now: &Stats,
        aggregated_events: Vec<Aggregated>,
    ) -> Self {
        let namespaces = now.namespaces.iter();
        Self {
            server_id,
            hostname,
            pid: std::process::id(),
            uptime,
            clients_count: now.sessions,
            polling_clients_count: now.polling_sessions,
            aggregated_events,
            namespaces: namespaces
                .map(|one| NamespaceSockets { name: one.name.to_string(), sockets_count: one.sockets })
                .collect(),
        }
    }
}

/// Takes the difference of the server's counters each second. So nothing is counted for the sake of admins, and what is
/// buffered is bounded: a row for each kind and reason, for each second between two reports.
#[derive(Debug)]
pub(crate) struct Sampler {
    last: Stats,
    /// The second in which `last` was taken.
    second: u64,
    rows: Vec<Aggregated>,
}

impl Sampler {
    pub(crate) fn new(now: Stats) -> Self {
        Self { last: now, second: whole_second(SystemTime::now()), rows: Vec::new() }
    }

    /// Counts what has happened since the last sample towards the second of that.
    pub(crate) fn sample(&mut self, now: Stats) {
        let timestamp = self.second;
        let mut row = |kind, sub_type, count: u64| {
            if count > 0 {
                self.rows.push(Aggregated { timestamp, kind, sub_type, count });
            }
        };
        let last = &self.last;
        row("rawConnection", None, now.opened.saturating_sub(last.opened));
        row("packetsIn", None, now.packets_in.saturating_sub(last.packets_in));
        row("bytesIn", None, now.bytes_in.saturating_sub(last.bytes_in));
        row("packetsOut", None, now.packets_out.saturating_sub(last.packets_out));
        row("bytesOut", None, now.bytes_out.saturating_sub(last.bytes_out));
        let before: BTreeMap<_, _> = last.closed.iter().copied().collect();
        for (reason, count) in &now.closed {
            let known = before.get(reason).copied().unwrap_or_default();
            row("rawDisconnection", Some(*reason), count.saturating_sub(known));
        }
        self.last = now;
        self.second = whole_second(SystemTime::now());
    }

    /// What has come together since the last report.
    pub(crate) fn take(&mut self) -> Vec<Aggregated> {
        std::mem::take(&mut self.rows)
    }

    pub(crate) const fn last(&self) -> &Stats {
        &self.last
    }
}

fn whole_second(time: SystemTime) -> u64 {
    clock::millis(time) / 1000 * 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_the_difference_to_the_one_before() {
        let mut stats = Stats::default();
        let mut sampler = Sampler::new(stats.clone());
        stats.opened = 2;
        stats.packets_in = 3;
        stats.bytes_in = 30;
        stats.closed = vec![("transport close", 1)];
        sampler.sample(stats.clone());
        sampler.sample(stats.clone());
        stats.closed = vec![("ping timeout", 2), ("transport close", 1)];
        sampler.sample(stats);
        let rows: Vec<_> =
            sampler.take().into_iter().map(|row| (row.kind, row.sub_type, row.count)).collect();
        let expected = [
            ("rawConnection", None, 2),
            ("packetsIn", None, 3),
            ("bytesIn", None, 30),
            ("rawDisconnection", Some("transport close"), 1),
            ("rawDisconnection", Some("ping timeout"), 2),
        ];
        assert_eq!(rows, expected);
        assert!(sampler.take().is_empty());
    }
}
