//! Workloads in which each connection keeps a number of events in flight: echo, typed, ack, binary, churn.

use std::time::{Duration, Instant};
use std::{io, iter};

use sockeye_bench::order::Order;

use super::Load;
use super::connect::{Client, unexpected};
use super::frame::{BINARY, Frame, TEXT, masked, text};
use super::head::Head;
use super::meter::Meter;
use super::sockets::Sockets;
use crate::figures::Figures;

/// What is sent, and what comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Echo,
    Typed,
    Ack,
    Binary,
    Churn,
}

impl Kind {
    /// The kind and the window of a workload such as `echo-16`.
    pub(crate) fn named(workload: &str) -> Option<(Self, usize)> {
        let (kind, window) = workload.split_once('-').unwrap_or((workload, "16"));
        let kind = match kind {
            "echo" => Self::Echo,
            "typed" => Self::Typed,
            "ack" => Self::Ack,
            "binary" => Self::Binary,
            "churn" => Self::Churn,
            _ => return None,
        };
        Some((kind, window.parse().ok().filter(|it| *it > 0)?))
    }

    /// The frames of the event that stands at `slot` of the window.
    fn event(self, slot: usize, connection: usize) -> Vec<u8> {
        let string = "x".repeat(128);
        // Two digits, so that all events of a workload are equally long.
        let id = 10 + slot % 64;
        match self {
            Self::Echo => text(&format!("42[\"echo\",\"{string}\"]")),
            Self::Typed => text(&format!("42[\"typed\",{}]", order_json())),
            Self::Ack => text(&format!("42{id}[\"ack\",\"{string}\"]")),
            Self::Binary => {
                let event = text("451-[\"bin\",{\"_placeholder\":true,\"num\":0}]");
                [event, masked(BINARY, &[0xa5; 1024])].concat()
            }
            Self::Churn => {
                let act = if slot.is_multiple_of(2) { "join" } else { "leave" };
                text(&format!("42{id}[\"{act}\",\"r{}\"]", connection % 100))
            }
        }
    }

    /// Whether the frame ends one reply. Anything unforeseen is a fault.
    fn is_reply(self, frame: Frame<'_>) -> io::Result<bool> {
        let (start, ends): (&[u8], bool) = match self {
            Self::Echo => (b"42[\"echo\",", true),
            Self::Typed => (b"42[\"typed\",", true),
            Self::Ack | Self::Churn => (b"43", true),
            Self::Binary if frame.opcode == BINARY => return Ok(true),
            Self::Binary => (b"451-[\"bin\",", false),
        };
        if frame.opcode == TEXT && frame.payload.starts_with(start) {
            Ok(ends)
        } else {
            Err(unexpected(frame))
        }
    }
}

/// Each connection sends its whole window, then as many events as replies have come, in one write.
pub(crate) fn run(load: &Load, kind: Kind, window: usize) -> io::Result<Figures> {
    let window = load.window.unwrap_or(window);
    // An even number, since what joins also leaves.
    let slots = if kind == Kind::Churn { window.next_multiple_of(2) } else { window };
    let count = load.connections.unwrap_or(50);
    let clients = (0..count).map(|number| Client::connected(load.port, number, Head::Short));
    let mut sockets = Sockets::new(clients.collect::<io::Result<_>>()?)?;
    let mut meter = Meter::new(load)?;
    let mut lanes: Vec<Lane> = (0..count).map(|number| Lane::new(kind, slots, number)).collect();
    for (index, lane) in lanes.iter_mut().enumerate() {
        sockets.connections().send(index, lane.send(window, Instant::now()))?;
    }
    let mut replies = 0;
    while meter.goes_on(replies)? {
        sockets.turn(Duration::from_millis(50), |connections, index, frames, now| {
            let lane = &mut lanes[index];
            let mut come = 0;
            for frame in frames {
                if frame.is_ping() {
                    connections.pong(index)?;
                } else if kind.is_reply(frame)? {
                    meter.took(now - lane.reply());
                    come += 1;
                }
            }
            if come > 0 {
                replies += come as u64;
                connections.send(index, lane.send(come, now))?;
            }
            Ok(())
        })?;
    }
    Ok(meter.figures())
}

/// The events of one connection, in the ring in which they are sent.
#[derive(Debug)]
struct Lane {
    /// The ring twice over, so that any stretch of it is one slice.
    frames: Vec<u8>,
    /// Where each slot starts in it.
    starts: Vec<usize>,
    sent_at: Vec<Instant>,
    next: usize,
    oldest: usize,
}

impl Lane {
    fn new(kind: Kind, slots: usize, connection: usize) -> Self {
        let (mut frames, mut starts) = (Vec::new(), vec![0]);
        for slot in (0..slots).chain(0..slots) {
            frames.extend(kind.event(slot, connection));
            starts.push(frames.len());
        }
        let sent_at = iter::repeat_n(Instant::now(), slots).collect();
        Self { frames, starts, sent_at, next: 0, oldest: 0 }
    }

    /// The next `count` events, at most a ring of them, as if they were sent now.
    fn send(&mut self, count: usize, now: Instant) -> &[u8] {
        let slots = self.sent_at.len();
        let first = self.next;
        for slot in first..first + count {
            self.sent_at[slot % slots] = now;
        }
        self.next = (first + count) % slots;
        &self.frames[self.starts[first]..self.starts[first + count]]
    }

    /// When the event was sent that the next reply answers.
    fn reply(&mut self) -> Instant {
        let sent = self.sent_at[self.oldest];
        self.oldest = (self.oldest + 1) % self.sent_at.len();
        sent
    }
}

fn order_json() -> String {
    serde_json::to_string(&Order::sample()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::{Kind, Lane};

    #[test]
    fn workloads_have_a_kind_and_a_window() {
        assert_eq!(Kind::named("echo-1"), Some((Kind::Echo, 1)));
        assert_eq!(Kind::named("binary-16"), Some((Kind::Binary, 16)));
        assert_eq!(Kind::named("churn"), Some((Kind::Churn, 16)));
        assert_eq!(Kind::named("echo-0"), None);
        assert_eq!(Kind::named("rooms"), None);
    }

    #[test]
    fn a_lane_sends_its_ring_in_order_across_the_end() {
        let mut lane = Lane::new(Kind::Ack, 4, 0);
        let event = |slot| Kind::Ack.event(slot, 0);
        assert_eq!(lane.send(3, Instant::now()), [event(0), event(1), event(2)].concat());
        assert_eq!(lane.send(3, Instant::now()), [event(3), event(0), event(1)].concat());
        assert_eq!(lane.next, 2);
        assert_eq!(lane.send(4, Instant::now()), [event(2), event(3), event(0), event(1)].concat());
    }

    #[test]
    fn the_oldest_event_is_answered_first() {
        let mut lane = Lane::new(Kind::Echo, 2, 0);
        let (first, second) = (Instant::now(), Instant::now());
        lane.send(1, first);
        lane.send(1, second);
        assert_eq!([lane.reply(), lane.reply()], [first, second]);
    }
}
