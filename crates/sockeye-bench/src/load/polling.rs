//! Echo by polling: each client has a GET that waits and a POST that brings the event, on a connection each.

use std::time::{Duration, Instant};
use std::{io, mem};

use super::Load;
use super::connect::{Client, stream};
use super::head::Head;
use super::http::{ask, response, sid};
use super::meter::Meter;
use super::sockets::{Connections, Sockets};
use crate::figures::Figures;

/// One event of each client in flight.
pub(crate) fn run(load: &Load) -> io::Result<Figures> {
    let count = load.connections.unwrap_or(50);
    let (mut streams, mut clients) = (Vec::new(), Vec::new());
    for number in 0..count {
        let (get, post, poller) = connected(load.port, number)?;
        streams.extend([get, post]);
        clients.push(poller);
    }
    let mut sockets = Sockets::new(streams)?;
    let mut meter = Meter::new(load)?;
    for (number, poller) in clients.iter_mut().enumerate() {
        poller.ask(sockets.connections(), number, Instant::now())?;
    }
    let mut replies = 0;
    while meter.goes_on(replies)? {
        sockets.turn_bytes(Duration::from_millis(50), |connections, index, read, now| {
            let Some(response) = response(read)? else { return Ok(0) };
            let poller = &mut clients[index / 2];
            if index % 2 == 1 {
                expect(&response.body, b"ok")?;
                poller.posted = true;
            } else if response.body == b"2" {
                // Its answer goes with the next event; until that comes, the poll has to wait again.
                poller.pinged = true;
                connections.send(index, poller.get.as_bytes())?;
            } else {
                // Some servers ping again, and say both in one answer.
                let event = response.body.strip_prefix(b"2\x1e");
                poller.pinged |= event.is_some();
                expect(event.unwrap_or(&response.body), b"42[\"echo\",")?;
                meter.took(now - poller.sent);
                replies += 1;
                poller.answered = true;
            }
            if poller.posted && poller.answered {
                poller.ask(connections, index / 2, now)?;
            }
            Ok(response.length)
        })?;
    }
    Ok(meter.figures())
}

/// A session that polls: the connection of its GETs at `2 * number`, the one of its POSTs behind it.
#[derive(Debug)]
struct Poller {
    get: String,
    post: String,
    /// The same event behind the answer to a ping.
    pong: String,
    pinged: bool,
    sent: Instant,
    posted: bool,
    answered: bool,
}

impl Poller {
    fn ask(&mut self, connections: &mut Connections, number: usize, now: Instant) -> io::Result<()> {
        (self.sent, self.posted, self.answered) = (now, false, false);
        connections.send(2 * number, self.get.as_bytes())?;
        let post = if mem::take(&mut self.pinged) { &self.pong } else { &self.post };
        connections.send(2 * number + 1, post.as_bytes())
    }
}

/// A session in the default namespace.
fn connected(port: u16, number: usize) -> io::Result<(Client, Client, Poller)> {
    let client = || stream(port, number).map(|stream| Client { stream, left: Vec::new() });
    let (mut get, mut post) = (client()?, client()?);
    let opened = ask(&mut get, &Head::Short.polling(port, number, None, None))?;
    let sid = sid(&opened)?;
    let request = |body: Option<&str>| Head::Short.polling(port, number, Some(&sid), body);
    expect(&ask(&mut post, &request(Some("40")))?, b"ok")?;
    loop {
        let body = ask(&mut get, &request(None))?;
        // Some servers ping at once, and say both in one answer.
        if body == b"2" || body.starts_with(b"2\x1e") {
            expect(&ask(&mut post, &request(Some("3")))?, b"ok")?;
        }
        if body.split(|byte| *byte == 0x1e).any(|packet| packet.starts_with(b"40{")) {
            break;
        }
    }
    let event = format!("42[\"echo\",\"{}\"]", "x".repeat(128));
    let poller = Poller {
        get: request(None),
        post: request(Some(&event)),
        pong: request(Some(&format!("3\x1e{event}"))),
        pinged: false,
        sent: Instant::now(),
        posted: false,
        answered: false,
    };
    Ok((get, post, poller))
}

fn expect(body: &[u8], start: &[u8]) -> io::Result<()> {
    if body.starts_with(start) {
        return Ok(());
    }
    let (start, body) = (String::from_utf8_lossy(start), String::from_utf8_lossy(body));
    Err(io::Error::other(format!("a poll brought `{body}` instead of `{start}…`")))
}
