//! The way to a websocket: open it, probe it, stop polling, upgrade.

use std::time::Instant;

use crate::engine::{Conn, FrameRef};

/// At most one attempt; when it fails, polling goes on.
#[derive(Debug, Default)]
pub(super) struct Probe(Option<Attempt>);

#[derive(Debug)]
struct Attempt {
    conn: Conn,
    deadline: Instant,
    expect: Expect,
}

#[derive(Debug, PartialEq, Eq)]
enum Expect {
    Opened,
    Pong,
    /// The requests that are under way have to end before the upgrade.
    QuietPolling,
}

/// What a frame on the probing websocket means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// The server is ready: polling stops.
    Ready,
    /// Not what belongs here.
    Nonsense,
}

impl Probe {
    pub(super) fn begin(&mut self, conn: Conn, deadline: Instant) {
        self.0 = Some(Attempt { conn, deadline, expect: Expect::Opened });
    }

    pub(super) fn conn(&self) -> Option<Conn> {
        self.0.as_ref().map(|attempt| attempt.conn)
    }

    /// The websocket is open. Says whether to send the probe.
    pub(super) fn opened(&mut self, conn: Conn) -> bool {
        match &mut self.0 {
            Some(attempt) if attempt.conn == conn && attempt.expect == Expect::Opened => {
                attempt.expect = Expect::Pong;
                true
            }
            _ => false,
        }
    }

    pub(super) fn frame(&mut self, frame: FrameRef<'_>) -> Heard {
        match &mut self.0 {
            Some(attempt) if attempt.expect == Expect::Pong && frame == FrameRef::Text("3probe") => {
                attempt.expect = Expect::QuietPolling;
                Heard::Ready
            }
            _ => Heard::Nonsense,
        }
    }

    /// Whether polling has to stop.
    pub(super) fn is_ready(&self) -> bool {
        self.0.as_ref().is_some_and(|attempt| attempt.expect == Expect::QuietPolling)
    }

    pub(super) fn end(&mut self) -> Option<Conn> {
        self.0.take().map(|attempt| attempt.conn)
    }

    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.timeout().is_some_and(|deadline| deadline <= now)
    }

    pub(super) fn timeout(&self) -> Option<Instant> {
        self.0.as_ref().map(|attempt| attempt.deadline)
    }
}
