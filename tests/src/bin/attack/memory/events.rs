//! Events whose handler does not end.

use super::{Held, POLLING, Row, WEBSOCKET};
use crate::{
    Failure,
    wire::{
        MAX_PAYLOAD,
        polling::{Polling, answer},
        push,
        websocket::{join, text},
    },
};

pub(super) const ROWS: &[Row] = &[
    Row::new("events of 8 bytes behind a slow handler", WEBSOCKET, |port| {
        by_frames(port, "42[\"slow\"]", 100_000)
    }),
    // Such that one entry more than a power of two is kept.
    Row::new("events of 72 bytes behind a slow handler", WEBSOCKET, |port| {
        by_frames(port, &event(62), 50_000)
    }),
    Row::new("events of 130 bytes behind a slow handler", WEBSOCKET, |port| {
        by_frames(port, &event(120), 50_000)
    }),
    Row::new("two events of max_payload behind a slow handler", WEBSOCKET, |port| {
        let socket = join(port)?;
        push(&socket, &text("42[\"slow\"]").repeat(16));
        push(&socket, &text(&event(MAX_PAYLOAD - 6_000)).repeat(4));
        Ok(vec![socket])
    }),
    Row::new("events of 8 bytes behind a slow handler, and the rest of a POST's body", POLLING, |port| {
        by_body(port, "42[\"slow\"]")
    }),
    Row::new("events of 72 bytes behind a slow handler, and the rest of a POST's body", POLLING, |port| {
        by_body(port, &event(62))
    }),
    Row::new("two events of max_payload behind a slow handler", POLLING, |port| {
        let session = Polling::join(port)?;
        session.post(&["42[\"slow\"]"; 16].join("\u{1e}"))?;
        session.post(&event(MAX_PAYLOAD - 6_000))?;
        session.post(&event(MAX_PAYLOAD - 100))?;
        let body = event(MAX_PAYLOAD - 100);
        push(&session.stream, session.post_head(&format!("Content-Length: {}", body.len())).as_bytes());
        push(&session.stream, body.as_bytes());
        Ok(vec![session.stream])
    }),
];

/// An event with an argument of so many bytes.
pub(super) fn event(argument: usize) -> String {
    format!("42[\"slow\",\"{}\"]", "x".repeat(argument))
}

fn by_frames(port: u16, event: &str, times: usize) -> Result<Held, Failure> {
    let socket = join(port)?;
    push(&socket, &text(event).repeat(times));
    Ok(vec![socket])
}

/// As many as a body holds: the first part of it waits as events, the rest as the bytes it is. The next body is begun.
fn by_body(port: u16, event: &str) -> Result<Held, Failure> {
    let session = Polling::join(port)?;
    let times = MAX_PAYLOAD / (event.len() + 1);
    let body = vec![event; times].join("\u{1e}");
    let other = session.connect()?;
    push(&session.stream, session.post_head(&format!("Content-Length: {}", body.len())).as_bytes());
    push(&session.stream, body.as_bytes());
    // Only what does not fit the budget is still not answered.
    session.stream.set_read_timeout(Some(std::time::Duration::from_millis(500)))?;
    if answer(&session.stream).is_ok() {
        push(&session.stream, session.post_head(&format!("Content-Length: {}", body.len())).as_bytes());
        push(&session.stream, body.as_bytes());
    }
    Ok(vec![session.stream, other])
}
