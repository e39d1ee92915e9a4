//! The client that does nothing wrong.

use std::{
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use crate::{
    Failure,
    wire::{
        push, until,
        websocket::{join, text},
    },
};

/// Asks for an ack a thousand times a second, one after the other.
pub(super) struct Polite {
    socket: TcpStream,
    asked: u64,
}

/// Between two events.
const PAUSE: Duration = Duration::from_millis(1);

impl Polite {
    pub(super) fn join(port: u16) -> Result<Self, Failure> {
        Ok(Self { socket: join(port)?, asked: 0 })
    }

    /// The round trip that 99 of 100 events stay below.
    pub(super) fn p99(&mut self, time: Duration) -> Result<Duration, Failure> {
        let (began, mut trips) = (Instant::now(), Vec::new());
        while began.elapsed() < time {
            self.asked += 1;
            let ack = format!("43{}[\"hello\"]", self.asked);
            let asked = Instant::now();
            push(&self.socket, &text(&format!("42{}[\"echo\",\"hello\"]", self.asked)));
            until(&self.socket, &ack)?;
            trips.push(asked.elapsed());
            thread::sleep(PAUSE);
        }
        trips.sort_unstable();
        trips.get(trips.len() * 99 / 100).copied().ok_or_else(|| "no event came back".into())
    }
}
