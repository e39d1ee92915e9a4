//! What is counted.

use crate::loads;

/// A load in lockstep.
#[derive(Debug)]
pub(crate) struct Workload {
    pub(crate) name: &'static str,
    /// What one of them is.
    pub(crate) unit: &'static str,
    /// Messages or deliveries of a round.
    pub(crate) each_round: u32,
    /// The two lengths, in rounds; what both have in common is taken off.
    pub(crate) rounds: [u32; 2],
    /// Instructions that one may take at most, by the project's own goal.
    pub(crate) bound: Option<f64>,
    /// Drives the server at this port for so many rounds.
    pub(crate) drive: fn(u16, u32),
}

pub(crate) const WORKLOADS: &[Workload] = &[
    Workload { bound: Some(3000.0), ..turns("echo-16", "128 B echoed, 16 in one write", 16, loads::echo_16) },
    turns("echo-1", "128 B echoed, one at a time", 1, loads::echo_1),
    turns("typed-16", "object of 512 B through a struct", 16, loads::typed_16),
    turns("ack-16", "ack by return, 128 B", 16, loads::ack_16),
    turns("binary-16", "attachment of 1 KiB echoed", 16, loads::binary_16),
    few("broadcast-1", "delivery to one of 200, one broadcast at a time", 200, loads::broadcast_1),
    Workload {
        bound: Some(2600.0),
        ..few("broadcast-8", "delivery to one of 200, 8 broadcasts at a time", 1600, loads::broadcast_8)
    },
    turns("rooms", "delivery to one of a room of 10", 10, loads::rooms),
    turns("polling-echo", "128 B echoed: a POST and a GET", 1, loads::polling_echo),
    few("connect", "websocket, namespace with a JWT, close", 1, loads::connect),
];

const fn turns(name: &'static str, unit: &'static str, each_round: u32, drive: fn(u16, u32)) -> Workload {
    Workload { name, unit, each_round, rounds: [50, 250], bound: None, drive }
}

const fn few(name: &'static str, unit: &'static str, each_round: u32, drive: fn(u16, u32)) -> Workload {
    Workload { name, unit, each_round, rounds: [20, 100], bound: None, drive }
}
