//! Attachments that do not all come.

use super::{POLLING, Row, WEBSOCKET};
use crate::wire::{
    MAX_PAYLOAD,
    polling::Polling,
    push,
    websocket::{BINARY, frame, header, join, text},
};

/// Nine of these and the packet's text are a little less than one packet may have.
const EACH: usize = 111_000;

pub(super) const ROWS: &[Row] = &[
    Row::new("1,000,000,000 attachments declared", WEBSOCKET, |port| {
        let socket = join(port)?;
        push(&socket, &text("451000000000-[\"nothing\",{\"_placeholder\":true,\"num\":0}]"));
        push(&socket, &frame(BINARY, &[0; EACH]));
        Ok(vec![socket])
    }),
    Row::new("9 of 10 attachments, up to the budget", WEBSOCKET, |port| {
        let socket = join(port)?;
        push(&socket, &text(&packet()));
        for _ in 0..9 {
            push(&socket, &frame(BINARY, &[0; EACH]));
        }
        Ok(vec![socket])
    }),
    Row::new("9 of 10 attachments, and the tenth without its last byte", WEBSOCKET, |port| {
        let socket = join(port)?;
        push(&socket, &text(&packet()));
        for _ in 0..9 {
            push(&socket, &frame(BINARY, &[0; EACH]));
        }
        push(&socket, &header(BINARY, MAX_PAYLOAD as u64));
        push(&socket, &vec![b'x'; MAX_PAYLOAD - 1]);
        Ok(vec![socket])
    }),
    Row::new("9 of 10 attachments, up to the budget", POLLING, |port| Ok(vec![nine(port)?.stream])),
    Row::new("9 of 10 attachments, and half a POST's body", POLLING, |port| {
        let session = nine(port)?;
        push(&session.stream, session.post_head(&format!("Content-Length: {MAX_PAYLOAD}")).as_bytes());
        push(&session.stream, &vec![b'b'; MAX_PAYLOAD - 1]);
        Ok(vec![session.stream])
    }),
];

fn packet() -> String {
    let placeholders: Vec<_> =
        (0..10).map(|number| format!("{{\"_placeholder\":true,\"num\":{number}}}")).collect();
    format!("4510-[\"nothing\",{}]", placeholders.join(","))
}

fn nine(port: u16) -> Result<Polling, crate::Failure> {
    let session = Polling::join(port)?;
    session.post(&packet())?;
    let attachment = format!("b{}", "A".repeat(EACH / 3 * 4));
    for _ in 0..3 {
        session.post(&[attachment.as_str(); 3].join("\u{1e}"))?;
    }
    Ok(session)
}
