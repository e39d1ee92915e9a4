//! 10,000 websockets that do nothing: what each of them holds in memory, and what its heartbeat costs.

use std::io;
use std::thread::sleep;
use std::time::Duration;

use super::Load;
use super::connect::{Client, unexpected};
use super::frame::text;
use super::head::{Head, kept};
use super::meter::Meter;
use super::sockets::Sockets;
use super::unclaimed::Reading;
use crate::figures::Figures;

/// Opens them with a browser's headers and a JWT cookie, weighs them, has each echo one message of 16 KB, weighs again.
pub(crate) fn run(load: &Load) -> io::Result<Figures> {
    let count = load.connections.unwrap_or(10_000);
    drop(connected(load, WARM_UP)?);
    sleep(SETTLING);
    let before = Reading::of(load)?;
    let mut sockets = Sockets::new(connected(load, count)?)?;
    sleep(SETTLING);
    let mut figures = Figures::default();
    let head = kept(&Head::Browser.websocket(load.port, 0)) as f64;
    figures.set("messages", count as f64);
    figures.set("head", head);
    let each = |figures: &mut Figures, name: &str, beyond: &str| -> io::Result<()> {
        if let (Some(server), Some(before)) = (load.server, before) {
            let each = server.memory()?.resident.saturating_sub(before.resident) as f64 / count as f64;
            figures.set(name, each);
            figures.set(beyond, each - head);
        }
        Ok(())
    };
    each(&mut figures, "each", "beyond")?;
    echo_once(&mut sockets, count)?;
    sleep(SETTLING);
    each(&mut figures, "each_after", "beyond_after")?;
    if let Some(server) = load.server {
        let memory = server.memory()?;
        figures.set("resident", memory.resident as f64);
        figures.set("peak", memory.peak as f64);
    }
    Ok(figures)
}

/// Answers the pings of idle websockets; pings are what is counted. The server is started with a short interval.
pub(crate) fn heartbeat(load: &Load) -> io::Result<Figures> {
    let count = load.connections.unwrap_or(10_000);
    let mut sockets = Sockets::new(Vec::new())?;
    let mut pings = 0;
    for number in 0..count {
        sockets.connections().push(Client::connected(load.port, number, Head::Browser)?)?;
        // The first have been pinged before the last are there.
        if number % 100 == 0 {
            answer(&mut sockets, Duration::ZERO, &mut pings)?;
        }
    }
    let mut meter = Meter::new(load)?;
    while meter.goes_on(pings)? {
        answer(&mut sockets, Duration::from_millis(50), &mut pings)?;
    }
    Ok(meter.figures())
}

fn answer(sockets: &mut Sockets, patience: Duration, pings: &mut u64) -> io::Result<()> {
    sockets.turn(patience, |connections, index, frames, _| {
        for frame in frames {
            if !frame.is_ping() {
                return Err(unexpected(frame));
            }
            *pings += 1;
            connections.pong(index)?;
        }
        Ok(())
    })
}

fn connected(load: &Load, count: usize) -> io::Result<Vec<Client>> {
    (0..count).map(|number| Client::connected(load.port, number, Head::Browser)).collect()
}

/// One message of each, a few of them at a time.
fn echo_once(sockets: &mut Sockets, count: usize) -> io::Result<()> {
    let event = text(&format!("42[\"echo\",\"{}\"]", "x".repeat(16 * 1024)));
    let mut next = AT_ONCE.min(count);
    for index in 0..next {
        sockets.connections().send(index, &event)?;
    }
    sockets.replies(count, |connections, _| {
        if next == count {
            return Ok(());
        }
        next += 1;
        connections.send(next - 1, &event)
    })
}

const AT_ONCE: usize = 32;
/// So many have come and gone before, so that what a server allocates but once is not divided among the idle.
const WARM_UP: usize = 200;
const SETTLING: Duration = Duration::from_secs(1);
