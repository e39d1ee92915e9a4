//! A flooded room, with or without a member that never reads.

use std::io;
use std::time::Duration;

use socket2::SockRef;

use super::Load;
use super::broadcast::Flight;
use super::connect::{Client, unexpected};
use super::frame::{TEXT, text};
use super::head::Head;
use super::meter::Meter;
use super::sockets::Sockets;
use crate::figures::Figures;

/// 50 members read, one of them sends. Deliveries to those who read are what is counted.
pub(crate) fn run(load: &Load, with: bool) -> io::Result<Figures> {
    let count = load.connections.unwrap_or(50);
    let window = load.window.unwrap_or(8);
    let member = |number| {
        let mut client = Client::connected(load.port, number, Head::Short)?;
        client.join("flood")?;
        Ok(client)
    };
    // It stays open, and nobody looks at it again.
    let slow = if with { Some(member(count)?) } else { None };
    if let Some(slow) = &slow {
        SockRef::from(&slow.stream).set_recv_buffer_size(4096)?;
    }
    let mut sockets = Sockets::new((0..count).map(member).collect::<io::Result<_>>()?)?;
    let mut meter = Meter::new(load)?;
    let event = text(&format!("42[\"room\",\"flood\",\"{}\"]", "x".repeat(1024))).repeat(window);
    let length = event.len() / window;
    let mut flight = Flight::new(window, count);
    sockets.connections().send(0, &event)?;
    let mut deliveries = 0;
    while meter.goes_on(deliveries)? {
        sockets.turn(Duration::from_millis(50), |connections, index, frames, now| {
            let mut done = 0;
            for frame in frames {
                if frame.is_ping() {
                    connections.pong(index)?;
                    continue;
                }
                if frame.opcode != TEXT || !frame.payload.starts_with(b"42[\"room\",\"x") {
                    return Err(unexpected(frame));
                }
                deliveries += 1;
                let (sent, ended) = flight.delivered(index, now);
                meter.took(now - sent);
                done += usize::from(ended);
            }
            if done > 0 {
                connections.send(0, &event[..length * done])?;
            }
            Ok(())
        })?;
    }
    drop(slow);
    Ok(meter.figures())
}
