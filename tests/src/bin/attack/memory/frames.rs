//! Frames that are declared and do not come.

use std::{thread, time::Duration};

use super::{Row, WEBSOCKET};
use crate::wire::{
    MAX_PAYLOAD, push,
    websocket::{BINARY, CONTINUES, TEXT, TEXT_BEGINS, frame, header, join},
};

pub(super) const ROWS: &[Row] = &[
    Row::new("a frame of 1 TB declared, 256 KB sent", WEBSOCKET, |port| {
        let socket = join(port)?;
        push(&socket, &header(BINARY, 1 << 40));
        push(&socket, &[b'x'; 256 * 1024]);
        Ok(vec![socket])
    }),
    Row::new("a frame of max_payload declared, trickled byte by byte", WEBSOCKET, |port| {
        let socket = join(port)?;
        push(&socket, &header(TEXT, MAX_PAYLOAD as u64));
        for _ in 0..200 {
            push(&socket, b"4");
            thread::sleep(Duration::from_millis(2));
        }
        Ok(vec![socket])
    }),
    Row::new("a frame of max_payload without its last byte", WEBSOCKET, |port| {
        let socket = join(port)?;
        push(&socket, &header(BINARY, MAX_PAYLOAD as u64));
        push(&socket, &vec![b'x'; MAX_PAYLOAD - 1]);
        Ok(vec![socket])
    }),
    Row::new("a message of max_payload in 1,000 fragments, never ended", WEBSOCKET, |port| {
        let socket = join(port)?;
        let piece = [b'x'; 999];
        let mut bytes = frame(TEXT_BEGINS, &piece);
        for _ in 0..1_000 {
            bytes.extend(frame(CONTINUES, &piece));
        }
        push(&socket, &bytes);
        Ok(vec![socket])
    }),
];
