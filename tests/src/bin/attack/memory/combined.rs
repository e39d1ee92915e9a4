//! As much as one client can hold at once.

use std::net::TcpStream;

use super::{
    Held, POLLING, Row, WEBSOCKET,
    events::event,
    outbox::{LARGE_SESSION, echoed, full, pour},
};
use crate::{
    Failure,
    wire::{
        MAX_PAYLOAD,
        polling::Polling,
        push,
        websocket::{TEXT, header, text},
    },
};

pub(super) const ROWS: &[Row] = &[
    Row::new(
        "all at once: a full outbox, a full inbound queue, a message without its end",
        WEBSOCKET,
        |port| queue_and_half(full(port, 16_000, 30)?),
    ),
    Row::new(
        "all at once, behind an event of max_payload echoed: a full inbound queue, a message without its end",
        WEBSOCKET,
        |port| queue_and_half(echoed(port)?),
    )
    .bound(LARGE_SESSION),
    Row::new("all at once: a full outbox, a full inbound queue, a POST without its end", POLLING, |port| {
        let session = Polling::join(port)?;
        session.post(&pour(16_000, 30))?;
        std::thread::sleep(std::time::Duration::from_millis(300));
        for _ in 0..EVENTS / 40 {
            session.post(&vec![event(62); 40].join("\u{1e}"))?;
        }
        push(&session.stream, session.post_head(&format!("Content-Length: {MAX_PAYLOAD}")).as_bytes());
        push(&session.stream, &vec![b'4'; MAX_PAYLOAD - 1]);
        Ok(vec![session.stream])
    }),
];

/// So many small events that one more would be over the budget.
const EVENTS: usize = 4_040;

fn queue_and_half(socket: TcpStream) -> Result<Held, Failure> {
    push(&socket, &text(&event(62)).repeat(EVENTS));
    push(&socket, &header(TEXT, MAX_PAYLOAD as u64));
    push(&socket, &vec![b'x'; MAX_PAYLOAD - 1]);
    Ok(vec![socket])
}
