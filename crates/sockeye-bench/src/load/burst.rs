//! Two equal bursts of 10,000 echoed messages of 64 KiB: what a server still holds after each.

use std::io;
use std::thread::sleep;
use std::time::Duration;

use super::Load;
use super::connect::Client;
use super::frame::text;
use super::head::Head;
use super::sockets::Sockets;
use crate::figures::Figures;

/// 100 connections, 100 messages of each a burst, 16 of them in flight.
pub(crate) fn run(load: &Load) -> io::Result<Figures> {
    let count = load.connections.unwrap_or(100);
    let window = load.window.unwrap_or(16).min(EACH);
    let clients = (0..count).map(|number| Client::connected(load.port, number, Head::Short));
    let mut sockets = Sockets::new(clients.collect::<io::Result<_>>()?)?;
    let mut figures = Figures::default();
    figures.set("messages", (2 * count * EACH) as f64);
    let mut resident = Vec::new();
    for _ in 0..2 {
        burst(&mut sockets, count, window)?;
        sleep(SETTLING);
        resident.extend(load.server.map(|server| server.memory()).transpose()?);
    }
    if let [first, second] = resident[..] {
        figures.set("first", first.resident as f64);
        figures.set("second", second.resident as f64);
        figures.set("growth", second.resident as f64 / first.resident as f64);
        figures.set("peak", second.peak as f64);
    }
    Ok(figures)
}

fn burst(sockets: &mut Sockets, count: usize, window: usize) -> io::Result<()> {
    let event = text(&format!("42[\"echo\",\"{}\"]", "x".repeat(64 * 1024)));
    for index in 0..count {
        sockets.connections().send(index, &event.repeat(window))?;
    }
    let mut sent = vec![window; count];
    sockets.replies(count * EACH, |connections, index| {
        if sent[index] == EACH {
            return Ok(());
        }
        sent[index] += 1;
        connections.send(index, &event)
    })
}

/// Messages of each connection in a burst.
const EACH: usize = 100;
const SETTLING: Duration = Duration::from_secs(1);
