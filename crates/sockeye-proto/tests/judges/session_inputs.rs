//! A session's life: requests, websockets, their packets, time and the server's own wishes, in any order.
//!
//! The first line says how the session begins: `w` by websocket, `r` by polling with short timers, `v` by websocket with
//! short timers, else by polling. A line after it is a packet by the transport that carries the session, unless its first
//! letter is one of [`step`]; a digit behind it picks among the requests or websockets that are there.

use std::time::Duration;

use sockeye_proto::engine::{Config, Transport};

use self::judge::{Judge, Step};
use super::lines::lines;

mod judge;

const MOST_LINES: usize = 200;

/// Each timer at most twice.
const MOST_TIMEOUTS: usize = 12;

pub(crate) fn judge(data: &[u8]) {
    let mut lines = lines(data).into_iter();
    let opening = lines.next().and_then(|line| line.first().copied());
    let config = match opening {
        Some(b'r' | b'v') => restless(),
        _ => Config { max_stray: 3, ..Config::default() },
    };
    let mut judge = Judge::new(config, !matches!(opening, Some(b'w' | b'v')));
    for line in lines.take(MOST_LINES) {
        let text = String::from_utf8_lossy(&line);
        match step(&line, text.get(2..).unwrap_or_default()) {
            Some(step) => judge.step(step),
            None => packet(&mut judge, &line, &text),
        }
    }
    // Nothing a peer withholds keeps a session alive.
    for _ in 0..MOST_TIMEOUTS {
        let Some(at) = judge.session.timeout() else { break };
        judge.now = judge.now.max(at);
        judge.step(Step::Timeout);
    }
    assert!(judge.session.is_closed(), "nobody speaks, and it lives on");
    judge.end();
}

/// A packet by the transport that carries the session.
fn packet(judge: &mut Judge, bytes: &[u8], text: &str) {
    if judge.session.transport() == Transport::WebSocket {
        return judge.step(Step::Text(usize::MAX, text));
    }
    judge.step(Step::NextPost);
    judge.step(Step::Packet(usize::MAX, bytes));
    judge.step(Step::EndPost(usize::MAX));
}

fn restless() -> Config {
    Config {
        ping_interval: Duration::from_millis(250),
        ping_timeout: Duration::from_millis(200),
        upgrade_timeout: Duration::from_millis(100),
        close_timeout: Duration::from_millis(300),
        stall_timeout: Duration::from_millis(350),
        poll_wait: Some(Duration::from_millis(150)),
        max_stray: 1,
        ..Config::default()
    }
}

fn step<'a>(line: &'a [u8], text: &'a str) -> Option<Step<'a>> {
    let (kind, rest) = line.split_first()?;
    let (pick, bytes) = rest
        .split_first()
        .map_or((usize::MAX, rest), |(digit, bytes)| (usize::from(digit.wrapping_sub(b'0')), bytes));
    Some(match kind {
        b'G' => Step::NextGet,
        b'g' => Step::Get,
        b'D' => Step::DropGet(pick),
        b'P' => Step::NextPost,
        b'p' => Step::Post { binary: false },
        b'O' => Step::Post { binary: true },
        b'K' => Step::Packet(pick, bytes),
        b'E' => Step::EndPost(pick),
        b'A' => Step::AbortPost(pick),
        b'L' => Step::TooLarge(pick),
        b'S' => Step::OpenSocket,
        b'U' => Step::Advance,
        b'T' => Step::Text(pick, text),
        b'Y' => Step::Binary(pick, bytes),
        b'X' => Step::CloseSocket(pick),
        b'R' => Step::BreakSocket(pick, 1009),
        b'F' => Step::Flush(pick),
        b'M' => Step::Emit,
        b'Z' => Step::Pause(true),
        b'z' => Step::Pause(false),
        b'W' => Step::Pass(str::from_utf8(rest).ok()?.parse().ok()?),
        b'I' => Step::Timeout,
        b'C' => Step::Graceful,
        b'V' => Step::Violate,
        b'N' => Step::Now,
        _ => return None,
    })
}
