//! Answers that nobody asked for.

use super::{POLLING, Row, WEBSOCKET};
use crate::wire::{
    MAX_PAYLOAD,
    polling::Polling,
    push,
    websocket::{join, text},
};

pub(super) const ROWS: &[Row] = &[
    Row::new("1,000,000 acks of invented numbers", WEBSOCKET, |port| {
        let socket = join(port)?;
        for _ in 0..10 {
            push(&socket, &text("43123456789[\"x\"]").repeat(100_000));
        }
        Ok(vec![socket])
    }),
    Row::new("200 acks of invented numbers and max_payload", WEBSOCKET, |port| {
        let socket = join(port)?;
        let ack = text(&format!("431[\"{}\"]", "x".repeat(MAX_PAYLOAD - 100)));
        for _ in 0..200 {
            push(&socket, &ack);
        }
        Ok(vec![socket])
    })
    .clients(8),
    Row::new("9,000 acks of invented numbers in each POST", POLLING, |port| {
        let session = Polling::join(port)?;
        let body = ["43123456789[\"x\"]"; 9_000].join("\u{1e}");
        session.post(&body)?;
        session.post(&body)?;
        Ok(vec![session.stream])
    }),
];
