//! Broadcasts to 1,000 members: one of them sends, and a broadcast is in flight until everyone has it.

use std::io;
use std::time::{Duration, Instant};

use super::Load;
use super::connect::{Client, unexpected};
use super::frame::{Frame, TEXT, text};
use super::head::Head;
use super::meter::Meter;
use super::sockets::Sockets;
use crate::figures::Figures;

/// One sender with `window` broadcasts in flight; deliveries are what is counted.
pub(crate) fn run(load: &Load, window: usize) -> io::Result<Figures> {
    let window = load.window.unwrap_or(window);
    let count = load.connections.unwrap_or(1000);
    let clients = (0..count).map(|number| Client::connected(load.port, number, Head::Short));
    let mut sockets = Sockets::new(clients.collect::<io::Result<_>>()?)?;
    let mut meter = Meter::new(load)?;
    let event = text(&format!("42[\"all\",\"{}\"]", "x".repeat(128))).repeat(window);
    let length = event.len() / window;
    let mut flight = Flight::new(window, count);
    sockets.connections().send(0, &event)?;
    let mut deliveries = 0;
    while meter.goes_on(deliveries)? {
        let mut done = 0;
        sockets.turn(Duration::from_millis(50), |connections, index, frames, now| {
            for frame in frames {
                if frame.is_ping() {
                    connections.pong(index)?;
                    continue;
                }
                is_broadcast(frame)?;
                deliveries += 1;
                let (sent, ended) = flight.delivered(index, now);
                meter.took(now - sent);
                done += usize::from(ended);
            }
            if done > 0 {
                connections.send(0, &event[..length * done])?;
                done = 0;
            }
            Ok(())
        })?;
    }
    Ok(meter.figures())
}

fn is_broadcast(frame: Frame<'_>) -> io::Result<()> {
    if frame.opcode == TEXT && frame.payload.starts_with(b"42[\"all\",") {
        Ok(())
    } else {
        Err(unexpected(frame))
    }
}

/// The broadcasts in flight, told apart by their order alone: every member gets all of them in the order they were sent.
#[derive(Debug)]
pub(crate) struct Flight {
    /// How many each member has had.
    had: Vec<usize>,
    /// For each place in the window, when its broadcast was sent and how many members still wait for it.
    places: Vec<(Instant, usize)>,
}

impl Flight {
    /// As if a whole window had just been sent.
    pub(crate) fn new(window: usize, members: usize) -> Self {
        Self { had: vec![0; members], places: vec![(Instant::now(), members); window] }
    }

    /// One delivery: when its broadcast was sent, and whether this was the last of them. Then the next one may be sent and
    /// is taken as sent now.
    pub(crate) fn delivered(&mut self, member: usize, now: Instant) -> (Instant, bool) {
        let (window, members) = (self.places.len(), self.had.len());
        let had = &mut self.had[member];
        let place = &mut self.places[*had % window];
        *had += 1;
        let sent = place.0;
        place.1 -= 1;
        if place.1 > 0 {
            return (sent, false);
        }
        *place = (now, members);
        (sent, true)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Flight;

    #[test]
    fn a_broadcast_has_ended_when_the_last_member_has_it() {
        let mut flight = Flight::new(2, 3);
        let now = Instant::now();
        let mut ended = |member| flight.delivered(member, now).1;
        // The first member is one ahead of the others.
        assert!(!ended(0) && !ended(0) && !ended(1));
        assert!(ended(2), "the first broadcast");
        assert!(!ended(1));
        assert!(ended(2), "the second broadcast");
        assert!(!ended(2) && !ended(1));
        assert!(ended(0), "the third broadcast, in the place of the first");
    }

    #[test]
    fn a_delivery_counts_from_its_own_broadcast() {
        let mut flight = Flight::new(1, 1);
        let later = Instant::now() + Duration::from_secs(1);
        flight.delivered(0, later);
        assert_eq!(flight.delivered(0, later).0, later);
    }
}
