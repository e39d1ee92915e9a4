//! 1,000 clients in 100 rooms: everyone sends to its room, and sends again when its own message has come back.

use std::io;
use std::time::{Duration, Instant};

use super::Load;
use super::connect::{Client, unexpected};
use super::frame::{Frame, TEXT, text};
use super::head::Head;
use super::meter::Meter;
use super::sockets::Sockets;
use crate::figures::Figures;

/// Deliveries are what is counted; latencies are those of the senders' own messages.
pub(crate) fn run(load: &Load) -> io::Result<Figures> {
    let count = load.connections.unwrap_or(1000);
    let mut clients = Vec::with_capacity(count);
    for number in 0..count {
        let mut client = Client::connected(load.port, number, Head::Short)?;
        client.join(&room(number))?;
        clients.push(client);
    }
    let mut sockets = Sockets::new(clients)?;
    let mut meter = Meter::new(load)?;
    let events: Vec<Vec<u8>> = (0..count).map(event).collect();
    let mut sent = vec![Instant::now(); count];
    for (index, event) in events.iter().enumerate() {
        sockets.connections().send(index, event)?;
    }
    let mut deliveries = 0;
    while meter.goes_on(deliveries)? {
        sockets.turn(Duration::from_millis(50), |connections, index, frames, now| {
            let mut own = false;
            for frame in frames {
                if frame.is_ping() {
                    connections.pong(index)?;
                    continue;
                }
                deliveries += 1;
                own |= sender(frame)? == mark(index);
            }
            if own {
                meter.took(now - sent[index]);
                sent[index] = now;
                connections.send(index, &events[index])?;
            }
            Ok(())
        })?;
    }
    Ok(meter.figures())
}

fn room(number: usize) -> String {
    format!("r{}", number % ROOMS)
}

/// The member of its room who sends, as the first byte of the string.
fn mark(number: usize) -> u8 {
    b'A' + u8::try_from(number / ROOMS % 26).unwrap_or_default()
}

fn event(number: usize) -> Vec<u8> {
    let string = format!("{}{}", char::from(mark(number)), "x".repeat(127));
    text(&format!("42[\"room\",\"{}\",\"{string}\"]", room(number)))
}

/// The mark of whoever has sent this message.
fn sender(frame: Frame<'_>) -> io::Result<u8> {
    match frame.payload.strip_prefix(START) {
        Some([mark, ..]) if frame.opcode == TEXT => Ok(*mark),
        _ => Err(unexpected(frame)),
    }
}

const START: &[u8] = b"42[\"room\",\"";
const ROOMS: usize = 100;

#[cfg(test)]
mod tests {
    use super::{mark, room, sender};
    use crate::load::frame::{Frame, TEXT};

    #[test]
    fn members_of_a_room_have_marks_of_their_own() {
        let members: Vec<usize> = (0..1000).filter(|number| room(*number) == "r7").collect();
        let mut marks: Vec<u8> = members.iter().map(|number| mark(*number)).collect();
        marks.dedup();
        assert_eq!((members.len(), marks.len()), (10, 10));
    }

    #[test]
    fn the_sender_of_a_message_is_known() {
        let frame = |payload| Frame { opcode: TEXT, payload };
        assert_eq!(sender(frame(b"42[\"room\",\"Cxx\"]")).unwrap(), b'C');
        assert!(sender(frame(b"42[\"echo\",\"C\"]")).is_err());
    }
}
