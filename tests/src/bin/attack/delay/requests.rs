//! Floods by requests of HTTP.

use std::{io::Read, thread};

use super::{Flood, Row};
use crate::{
    Failure,
    wire::{
        MAX_PAYLOAD, connect,
        polling::{Polling, handshake},
        push,
    },
};

pub(super) const ROWS: &[Row] = &[
    Row::polling("tiny packets in POSTs of max_payload", |flood| posts(flood, "42[\"a\"]")),
    Row::polling("messages without a packet in POSTs of max_payload", |flood| posts(flood, "4")),
    Row::polling("events with acks in POSTs, read", |flood| posts(flood, "421[\"nothing\"]")),
    Row::polling("sids that do not exist", |flood| {
        let stream = connect(flood.port)?;
        let answers = stream.try_clone()?;
        thread::spawn(move || {
            let (mut answers, mut chunk) = (&answers, vec![0; 256 * 1024]);
            while answers.read(&mut chunk).is_ok_and(|read| read > 0) {}
        });
        let request = "GET /socket.io/?EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA HTTP/1.1\r\nHost: localhost\r\n\r\n";
        while push(&stream, request.repeat(100).as_bytes()) {
            flood.count(100);
        }
        Ok(())
    }),
    Row::polling("handshakes that are never used", |flood| {
        let stream = connect(flood.port)?;
        loop {
            // Beyond the sessions that one address may hold unclaimed they are refused, which is a flood as well.
            let _ = handshake(&stream, "");
            flood.count(1);
        }
    }),
];

impl Row {
    const fn polling(name: &'static str, flood: fn(&Flood) -> Result<(), Failure>) -> Self {
        Self { name, transport: "polling", flood }
    }
}

/// One POST behind the other, while a GET waits all the time.
fn posts(flood: &Flood, packet: &str) -> Result<(), Failure> {
    let times = MAX_PAYLOAD / (packet.len() + 1);
    let body = vec![packet; times].join("\u{1e}");
    let session = Polling::join(flood.port)?;
    let reader = session.connect()?;
    thread::scope(|scope| {
        scope.spawn(|| while session.ask_and_read(&reader).is_ok() {});
        while session.post(&body)? == "ok" {
            flood.count(times as u64);
        }
        Err("the session is closed".into())
    })
}
