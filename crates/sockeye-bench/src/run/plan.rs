//! Which workload runs on which servers.

use super::server::Server;
use super::server::Server::{
    AxumPolling, Bare, Bun, Node, Socketioxide, Sockeye, SockeyeMimalloc, Tungstenite,
};

/// One workload and those who take part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Workload {
    pub(crate) name: &'static str,
    /// What it is, for the reader of the report.
    pub(crate) title: &'static str,
    /// What the generator calls it.
    pub(crate) load: &'static str,
    /// Further arguments of the servers.
    pub(crate) options: &'static [&'static str],
    pub(crate) shape: Shape,
    pub(crate) contestants: &'static [Contestant],
}

/// Which figures a workload is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// CPU time per message, rate, latency.
    Traffic,
    /// Bytes per idle websocket.
    Idle,
    /// Bytes per handshake.
    Handshakes,
    /// Bytes after each of two bursts.
    Bursts,
}

/// A server, as it takes part in a workload.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Contestant {
    pub(crate) server: Server,
    /// What its row is called.
    pub(crate) label: &'static str,
    pub(crate) workers: usize,
    /// Whether server and load keep to a core each, or share both.
    pub(crate) apart: bool,
    /// Further arguments of the generator.
    pub(crate) load: &'static [&'static str],
}

impl Contestant {
    const fn of(server: Server) -> Self {
        Self { server, label: server.name(), workers: 1, apart: true, load: &[] }
    }

    const fn workers(label: &'static str, workers: usize) -> Self {
        Self { workers, label, apart: false, ..Self::of(Sockeye) }
    }

    const fn storm(server: Server, label: &'static str, load: &'static [&'static str]) -> Self {
        Self { label, load, ..Self::of(server) }
    }
}

const SOCKEYE: Contestant = Contestant::of(Sockeye);
const MIMALLOC: Contestant = Contestant::of(SockeyeMimalloc);
const SOCKETIOXIDE: Contestant = Contestant::of(Socketioxide);
const NODE: Contestant = Contestant::of(Node);
const BUN: Contestant = Contestant::of(Bun);
const BARE: Contestant = Contestant::of(Bare);
const TUNGSTENITE: Contestant = Contestant::of(Tungstenite);

const SOCKET_IO: &[Contestant] = &[SOCKEYE, MIMALLOC, SOCKETIOXIDE, NODE, BUN];
const ALL: &[Contestant] = &[SOCKEYE, MIMALLOC, SOCKETIOXIDE, NODE, BUN, BARE, TUNGSTENITE];
const POLLING: &[Contestant] = &[SOCKEYE, MIMALLOC, SOCKETIOXIDE, NODE, BUN, Contestant::of(AxumPolling)];
const WORKERS: &[Contestant] = &[Contestant::workers(ONE_WORKER, 1), Contestant::workers(TWO_WORKERS, 2)];
const OPEN: &[&str] = &["--namespace", "/open"];
const JWT: &[&str] = &["--namespace", "/jwt"];
const STORM: &[Contestant] = &[
    Contestant::storm(Sockeye, "sockeye", JWT),
    Contestant::storm(SockeyeMimalloc, "sockeye-mimalloc", JWT),
    Contestant::storm(Socketioxide, "socketioxide", OPEN),
    Contestant::storm(Socketioxide, "socketioxide, with the check", JWT),
    Contestant::storm(Node, "node", JWT),
    Contestant::storm(Bun, "bun", JWT),
];

pub(crate) const ONE_WORKER: &str = "sockeye, one worker";
pub(crate) const TWO_WORKERS: &str = "sockeye, two workers";

/// No ping disturbs what is measured. Two of these are what Bun waits at most.
const SILENT: &[&str] = &["--ping-interval", "120000"];

const fn traffic(name: &'static str, title: &'static str, contestants: &'static [Contestant]) -> Workload {
    Workload { name, title, load: name, options: SILENT, shape: Shape::Traffic, contestants }
}

/// All of them, in the order of the report.
pub(crate) const WORKLOADS: &[Workload] = &[
    traffic("echo-1", "Echo, 50 connections, 128 B, one event of each in flight", ALL),
    traffic("echo-16", "Echo, 50 connections, 128 B, 16 events of each in flight", ALL),
    traffic("typed-16", "Echo of a 512 B object through a typed struct, 16 in flight", ALL),
    traffic("ack-16", "Ack by return, 16 in flight", ALL),
    traffic("binary-16", "Echo of a 1 KiB attachment, 16 in flight", ALL),
    traffic("broadcast-1", "Broadcast to 1,000, one in flight; per delivery", ALL),
    traffic("broadcast-8", "Broadcast to 1,000, 8 in flight; per delivery", ALL),
    traffic("rooms", "1,000 clients in 100 rooms, everyone sends to its room; per delivery", ALL),
    traffic("churn", "Joining and leaving a room, 16 in flight", SOCKET_IO),
    traffic("storm", "Connect storm: websocket, namespace with a JWT, close; per connect", STORM),
    traffic("polling-echo", "Echo by polling, 50 clients, 128 B, one in flight", POLLING),
    traffic("slow-without", "A flooded room of 50 who read, 1 KiB; per delivery", SOCKET_IO),
    traffic("slow", "The same room, and one more member that never reads", SOCKET_IO),
    Workload {
        name: "idle",
        title: "10,000 idle websockets, a browser's headers with a JWT cookie",
        load: "idle",
        options: SILENT,
        shape: Shape::Idle,
        contestants: ALL,
    },
    Workload {
        name: "heartbeat",
        title: "10,000 idle websockets, a ping every 2 s; per heartbeat",
        load: "heartbeat",
        options: &["--ping-interval", "2000"],
        shape: Shape::Traffic,
        contestants: SOCKET_IO,
    },
    Workload {
        name: "unclaimed",
        title: "5,000 handshakes by polling that nobody claims",
        load: "unclaimed",
        options: SILENT,
        shape: Shape::Handshakes,
        contestants: SOCKET_IO,
    },
    Workload {
        name: "burst",
        title: "Two bursts of 10,000 echoed messages of 64 KiB on 100 connections",
        load: "burst",
        options: SILENT,
        shape: Shape::Bursts,
        contestants: ALL,
    },
    Workload {
        load: "echo-16",
        ..traffic("echo-16-workers", "Echo, 16 in flight, server and load on both cores", WORKERS)
    },
    Workload { load: "rooms", ..traffic("rooms-workers", "Rooms, server and load on both cores", WORKERS) },
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::WORKLOADS;

    #[test]
    fn names_and_labels_are_unambiguous() {
        let names: HashSet<_> = WORKLOADS.iter().map(|workload| workload.name).collect();
        assert_eq!(names.len(), WORKLOADS.len());
        for workload in WORKLOADS {
            let labels: HashSet<_> = workload.contestants.iter().map(|it| it.label).collect();
            assert_eq!(labels.len(), workload.contestants.len(), "{}", workload.name);
        }
    }
}
