//! Floods on a websocket.

use std::{io::Read, net::TcpStream, thread};

use super::{Flood, Row};
use crate::{
    Failure,
    wire::{
        MAX_PAYLOAD, push, until,
        websocket::{CONTINUES, ENDS, PING, TEXT_BEGINS, frame, join, open, text},
    },
};

pub(super) const ROWS: &[Row] = &[
    Row::websocket("tiny frames", |flood| repeat(flood, &text("42[\"a\"]"), 1)),
    Row::websocket("events with acks, read", |flood| repeat(flood, &text("421[\"nothing\"]"), 1)),
    Row::websocket("events with acks, unread", |flood| {
        let socket = join(flood.port)?;
        stream(flood, &socket, &text("421[\"nothing\"]"), 1)
    }),
    Row::websocket("events behind a slow handler", |flood| repeat(flood, &text("42[\"slow\"]"), 1)),
    Row::websocket("events of max_payload, echoed", |flood| {
        let event = format!("421[\"echo\",\"{}\"]", "x".repeat(MAX_PAYLOAD - 100));
        repeat(flood, &text(&event), 1)
    }),
    Row::websocket("pings of a websocket", |flood| repeat(flood, &frame(PING, b"?"), 1)),
    Row::websocket("pongs of a session", |flood| repeat(flood, &text("3"), 1)),
    Row::websocket("CONNECT and DISCONNECT of 63 namespaces", |flood| {
        let socket = join(flood.port)?;
        let all = |packet: &str| -> Vec<u8> {
            (0..63).flat_map(|number| text(&format!("{packet}/n{number},"))).collect()
        };
        let (connect, disconnect) = (all("40"), all("41"));
        while push(&socket, &connect) {
            // One that is not let in yet must not ask again.
            until(&socket, "/n62,{")?;
            push(&socket, &disconnect);
            flood.count(2 * 63);
        }
        Ok(())
    }),
    Row::websocket("CONNECT to namespaces that do not exist", |flood| repeat(flood, &text("40/no,"), 1)),
    Row::websocket("fragments of 1 byte", |flood| {
        let message = format!("42[\"nothing\",\"{}\"]", "x".repeat(980));
        let (last, most) = message.as_bytes().split_last().ok_or("an empty message")?;
        let mut frames = Vec::new();
        for (at, byte) in most.iter().enumerate() {
            frames.extend(frame(if at == 0 { TEXT_BEGINS } else { CONTINUES }, &[*byte]));
        }
        frames.extend(frame(ENDS, &[*last]));
        repeat(flood, &frames, message.len() as u64)
    }),
    Row::websocket("fragments without a byte", |flood| {
        let mut frames = frame(TEXT_BEGINS, b"");
        frames.extend(frame(CONTINUES, b"").repeat(2_000));
        // One message has no more than 1,024, so this is a session each time.
        let socket = join(flood.port)?;
        push(&socket, &frames);
        flood.count(1_025);
        drain(&socket)
    }),
    Row::websocket("websockets opened and dropped", |flood| {
        drop(open(flood.port, "")?);
        flood.count(1);
        Ok(())
    }),
];

impl Row {
    const fn websocket(name: &'static str, flood: fn(&Flood) -> Result<(), Failure>) -> Self {
        Self { name, transport: "websocket", flood }
    }
}

/// Sends the same for ever on one session, whose answers are read.
fn repeat(flood: &Flood, frames: &[u8], packets: u64) -> Result<(), Failure> {
    let socket = join(flood.port)?;
    let answers = socket.try_clone()?;
    thread::spawn(move || drain(&answers));
    stream(flood, &socket, frames, packets)
}

/// As much at once as makes the sending cheap, until the server takes no more.
fn stream(flood: &Flood, socket: &TcpStream, frames: &[u8], packets: u64) -> Result<(), Failure> {
    let times = (64 * 1024 / frames.len()).max(1);
    let bytes = frames.repeat(times);
    while push(socket, &bytes) {
        flood.count(packets * times as u64);
    }
    Err("the server takes no more".into())
}

fn drain(mut socket: &TcpStream) -> Result<(), Failure> {
    let mut answers = vec![0; 256 * 1024];
    while socket.read(&mut answers)? > 0 {}
    Ok(())
}
