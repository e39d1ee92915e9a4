//! Sessions that are opened and not used.

use super::{POLLING, Row, WEBSOCKET};
use crate::wire::{connect, polling::handshake, websocket::open};

/// Clients each open this many.
const EACH: usize = 50;
const CLIENTS: usize = 18;

/// What one handshake may cost beside its head, which is kept.
const ONE: u64 = 2 * 1024;
const HEAD: u64 = 200;
const LONG_HEAD: usize = 32 * 1024;

pub(super) const ROWS: &[Row] = &[
    Row::new("50 handshakes, never used", POLLING, |port| {
        let stream = connect(port)?;
        for _ in 0..EACH {
            handshake(&stream, "")?;
        }
        Ok(vec![stream])
    })
    .clients(CLIENTS)
    .bound(EACH as u64 * (ONE + HEAD) + 64 * 1024),
    Row::new("50 handshakes with 32 KB of headers, never used", POLLING, |port| {
        let stream = connect(port)?;
        for _ in 0..EACH {
            handshake(&stream, &long())?;
        }
        Ok(vec![stream])
    })
    .clients(CLIENTS)
    // What the allocator adds to a head that is kept is seldom more than a quarter.
    .bound(EACH as u64 * (ONE + HEAD + LONG_HEAD as u64 * 5 / 4)),
    Row::new("50 websockets, never used", WEBSOCKET, |port| (0..EACH).map(|_| open(port, "")).collect())
        .clients(CLIENTS)
        // A websocket is a connection too: its task, and its place in the runtime.
        .bound(EACH as u64 * (2 * ONE + HEAD) + 64 * 1024),
];

fn long() -> String {
    // Several, for one name may have a limit of its own.
    (0..LONG_HEAD / 1024).map(|number| format!("X-{number:02}: {}\r\n", "x".repeat(1016))).collect()
}
