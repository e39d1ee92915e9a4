//! Clients that do not read what they are sent.

use std::{io::Read, net::TcpStream, thread, time::Duration};

use super::{Held, POLLING, Row, SESSION, WEBSOCKET};
use crate::{
    Failure,
    wire::{
        MAX_PAYLOAD,
        polling::Polling,
        push,
        websocket::{join_narrow, text},
    },
};

/// What an outbox may hold when its application emits packets of max_payload: up to the soft bound one is taken whatever
/// its size, and up to the soft bound beside it.
const LARGE: u64 = MAX_PAYLOAD as u64 + 2 * 256 * 1024;
pub(super) const LARGE_SESSION: u64 = SESSION - super::OUTBOX + LARGE;

pub(super) const ROWS: &[Row] = &[
    Row::new("a full outbox of events of 16 KB", WEBSOCKET, |port| Ok(vec![full(port, 16_000, 30)?])),
    Row::new("a full outbox of events of 1 byte", WEBSOCKET, |port| Ok(vec![full(port, 1, 8_000)?])),
    Row::new("an event of max_payload echoed into a half full outbox", WEBSOCKET, |port| {
        Ok(vec![echoed(port)?])
    }),
    Row::new("acks of 7 bytes, unread", WEBSOCKET, |port| {
        let socket = join_narrow(port)?;
        push(&socket, &text("420[\"nothing\"]").repeat(200_000));
        Ok(vec![socket])
    }),
    Row::new("a full outbox of events of 16 KB", POLLING, |port| {
        let session = Polling::join(port)?;
        session.post(&pour(16_000, 30))?;
        Ok(vec![session.stream])
    }),
    Row::new("a full outbox of events of 1 byte", POLLING, |port| {
        let session = Polling::join(port)?;
        session.post(&pour(1, 8_000))?;
        Ok(vec![session.stream])
    }),
    Row::new("acks of 7 bytes, unread", POLLING, |port| {
        let session = Polling::join(port)?;
        let body = vec!["420[\"nothing\"]"; MAX_PAYLOAD / 16].join("\u{1e}");
        push(&session.stream, session.post_head(&format!("Content-Length: {}", body.len())).as_bytes());
        push(&session.stream, body.as_bytes());
        Ok(vec![session.stream])
    }),
    Row::new("an answer unread, and a full outbox", POLLING, |port| unread(port, 1, &pour(16_000, 30))),
    Row::new("the answers of 12 connections unread, and a full outbox", POLLING, |port| {
        unread(port, 12, &pour(16_000, 30))
    }),
    Row::new("events of max_payload echoed to 12 connections, unread", POLLING, |port| {
        unread(port, 12, &echo(MAX_PAYLOAD - 100))
    })
    .clients(8)
    .bound(LARGE_SESSION),
];

/// An event that comes back as its own ack.
fn echo(argument: usize) -> String {
    format!("421[\"echo\",\"{}\"]", "x".repeat(argument))
}

/// Fills the buffers of the kernel, then the outbox until emitters wait, then so many events more.
pub(super) fn pour(size: usize, more: usize) -> String {
    format!("42[\"pour\",[{size},{more}]]")
}

/// A client that reads nothing of what is poured.
pub(super) fn full(port: u16, size: usize, more: usize) -> Result<TcpStream, Failure> {
    let socket = join_narrow(port)?;
    push(&socket, &text(&pour(size, more)));
    // Until the one who pours has lost patience.
    thread::sleep(Duration::from_millis(800));
    Ok(socket)
}

/// A client whose outbox holds an event of max_payload behind almost the soft bound.
pub(super) fn echoed(port: u16) -> Result<TcpStream, Failure> {
    let mut socket = full(port, 16_000, 0)?;
    // Somewhat below the bound again, or nothing would be started.
    socket.read_exact(&mut [0; 60_000])?;
    push(&socket, &text(&echo(MAX_PAYLOAD - 100)));
    thread::sleep(Duration::from_millis(200));
    Ok(socket)
}

/// So many connections ask for an answer each and read none.
fn unread(port: u16, connections: usize, event: &str) -> Result<Held, Failure> {
    let session = Polling::join(port)?;
    let mut held = Vec::new();
    for _ in 0..connections {
        if session.post(event).is_err() {
            // When the outbox is full no event is started, no GET answered, and two of those end the session.
            return Ok(held);
        }
        thread::sleep(Duration::from_millis(200));
        let other = session.connect_narrow()?;
        session.ask(&other);
        thread::sleep(Duration::from_millis(60));
        held.push(other);
    }
    let _ = session.post(event);
    held.push(session.stream);
    Ok(held)
}
