//! Names that clients choose: namespaces and rooms.

use super::{Held, POLLING, Row, WEBSOCKET};
use crate::{
    Failure,
    wire::{
        polling::Polling,
        push, until,
        websocket::{join, text},
    },
};

pub(super) const ROWS: &[Row] = &[
    Row::new("64 namespaces joined", WEBSOCKET, |port| namespaces(port, 0)),
    Row::new("64 namespaces joined, with 200 KB to each admission", WEBSOCKET, |port| {
        namespaces(port, 200_000)
    })
    .clients(4),
    Row::new("64 namespaces joined, with 200 KB to each admission", POLLING, |port| {
        let session = Polling::join(port)?;
        for number in 0..63 {
            session.post(&format!("40/n{number},{}", auth(200_000)))?;
        }
        Ok(vec![session.stream])
    })
    .clients(4),
    Row::new("20,000 names of namespaces that do not exist", WEBSOCKET, |port| {
        let socket = join(port)?;
        for number in 0..20_000 {
            push(&socket, &text(&format!("40/no/{number},")));
            if number % 100 == 99 {
                // The answers are read, or this would be another row.
                until(&socket, &format!("/no/{number},"))?;
            }
        }
        Ok(vec![socket])
    }),
    Row::new("20,000 rooms joined", WEBSOCKET, |port| rooms(port, 20_000, 0)),
    Row::new("2,000 rooms joined, with names of 1 KB", WEBSOCKET, |port| rooms(port, 2_000, 1_000)),
    Row::new("20,000 rooms joined", POLLING, |port| {
        let session = Polling::join(port)?;
        let own = session.stream.local_addr()?.port();
        for start in (0..20_000).step_by(1_000) {
            let joins: Vec<_> = (start..start + 1_000).map(|number| room(own, number, 0)).collect();
            session.post(&joins.join("\u{1e}"))?;
        }
        Ok(vec![session.stream])
    }),
];

fn auth(bytes: usize) -> String {
    format!("{{\"token\":\"{}\"}}", "x".repeat(bytes))
}

fn namespaces(port: u16, bytes: usize) -> Result<Held, Failure> {
    let socket = join(port)?;
    for number in 0..63 {
        push(&socket, &text(&format!("40/n{number},{}", auth(bytes))));
    }
    Ok(vec![socket])
}

/// A name that no other client has.
fn room(own: u16, number: usize, padding: usize) -> String {
    format!("42[\"join\",\"{own}-{number}-{}\"]", "r".repeat(padding))
}

fn rooms(port: u16, count: usize, padding: usize) -> Result<Held, Failure> {
    let socket = join(port)?;
    let own = socket.local_addr()?.port();
    for number in 0..count {
        push(&socket, &text(&room(own, number, padding)));
    }
    Ok(vec![socket])
}
