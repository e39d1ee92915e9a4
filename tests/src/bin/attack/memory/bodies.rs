//! Bodies of POSTs that do not end.

use super::{POLLING, Row};
use crate::wire::{MAX_PAYLOAD, polling::Polling, push};

pub(super) const ROWS: &[Row] = &[
    Row::new("a POST's body of 1 TB declared, 256 KB sent", POLLING, |port| {
        let session = Polling::join(port)?;
        push(&session.stream, session.post_head("Content-Length: 1099511627776").as_bytes());
        push(&session.stream, &[b'x'; 256 * 1024]);
        Ok(vec![session.stream])
    }),
    Row::new("half a POST's body", POLLING, |port| half(port, MAX_PAYLOAD / 2)),
    Row::new("a POST's body of max_payload without its last byte", POLLING, |port| {
        half(port, MAX_PAYLOAD - 1)
    }),
    Row::new("a POST's body in 40,000 chunks of one byte, never ended", POLLING, |port| {
        let session = Polling::join(port)?;
        push(&session.stream, session.post_head("Transfer-Encoding: chunked").as_bytes());
        push(&session.stream, "1\r\n4\r\n".repeat(40_000).as_bytes());
        Ok(vec![session.stream])
    }),
];

fn half(port: u16, sent: usize) -> Result<super::Held, crate::Failure> {
    let session = Polling::join(port)?;
    push(&session.stream, session.post_head(&format!("Content-Length: {MAX_PAYLOAD}")).as_bytes());
    push(&session.stream, &vec![b'4'; sent]);
    Ok(vec![session.stream])
}
