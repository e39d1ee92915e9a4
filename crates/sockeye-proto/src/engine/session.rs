//! The machine of one session, the server's side.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    Id,
    engine::{Config, Conn, Control, Input, Opening, Sink, Transport, Writable, open::open_packet},
};

/// One Engine.IO session. Reads no socket and no clock; owns no payload queue.
///
/// Every change is one [`handle`](Self::handle); what follows from it is told to the sink before it returns. Then
/// ask [`timeout`](Self::timeout) when to come back at the latest.
#[derive(Debug)]
pub struct Session {
    config: Arc<Config>,
    socket: Option<Conn>,
}

impl Session {
    /// Opens a session and tells its open packet.
    pub fn open(
        id: Id,
        config: Arc<Config>,
        opened_by: Opening,
        _now: Instant,
        sink: &mut impl Sink,
    ) -> Self {
        let mut session = Self { config, socket: None };
        match opened_by {
            Opening::Polling(_req) => {}
            Opening::WebSocket(conn) => {
                session.socket = Some(conn);
                sink.control(conn, Control::Open(&open_packet(&id, [], &session.config)));
                sink.writable(Writable::Socket(conn));
            }
        }
        session
    }

    /// Takes one input and tells what follows from it.
    pub fn handle(&mut self, _input: Input<'_>, _now: Instant, _sink: &mut impl Sink) {}

    /// When to come back with [`Input::Timeout`] at the latest; `None` once closed.
    pub fn timeout(&self) -> Option<Instant> {
        None
    }

    /// How packets travel now.
    pub fn transport(&self) -> Transport {
        if self.socket.is_some() { Transport::WebSocket } else { Transport::Polling }
    }

    /// Whether a websocket that names this session would be taken: it travels by polling, is not ending, and no
    /// other upgrade is under way. Ask before the 101.
    pub fn may_upgrade(&self) -> bool {
        self.socket.is_none()
    }

    /// Whether it has been asked to end and still writes what waits.
    pub fn is_closing(&self) -> bool {
        false
    }

    /// Whether it is over.
    pub fn is_closed(&self) -> bool {
        false
    }

    /// How long the last pong took.
    pub fn latency(&self) -> Option<Duration> {
        None
    }
}
