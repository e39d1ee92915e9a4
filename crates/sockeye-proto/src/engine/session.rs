//! The machine of one session, the server's side.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crate::engine::{
    CloseReason, Config, Conn, Control, Input, MessageRef, Opening, Packet, Sink, Transport, TransportError,
};

use self::{
    close::{LastWords, Phase},
    heartbeat::{Beat, Heartbeat},
    polling::Polling,
    stall::Stall,
    upgrade::Upgrade,
};

mod close;
mod ending;
mod handshake;
mod heartbeat;
mod polling;
mod requests;
mod socket;
mod stall;
#[cfg(test)]
mod tests;
mod upgrade;

/// One Engine.IO session. Reads no socket and no clock; owns no payload queue.
///
/// Every change is one [`handle`](Self::handle); what follows from it is told to the sink before it returns. Then
/// ask [`timeout`](Self::timeout) when to come back at the latest. Inputs may come in any order and at any time: a
/// request or websocket that has no place any more is answered or hung up, other late news is ignored.
#[derive(Debug)]
pub struct Session {
    config: Arc<Config>,
    /// The websocket it travels by; `None` while it polls.
    socket: Option<Conn>,
    phase: Phase,
    heartbeat: Heartbeat,
    polling: Polling,
    upgrade: Upgrade,
    stall: Stall,
    /// Boxed: most clients send none.
    stray: Option<Box<Stray>>,
}

/// Packets without a meaning in their place. They are forgiven at each ping, and at the latest after the time between two,
/// for a pong that nobody asked for puts the next ping off.
#[derive(Debug)]
struct Stray {
    since: Instant,
    count: u32,
}

impl Session {
    /// Opens a session and tells its open packet, which names it `sid`. `config` must be [valid](Config::validate).
    pub fn open(
        sid: impl AsRef<str>,
        config: Arc<Config>,
        opened_by: Opening,
        now: Instant,
        sink: &mut impl Sink,
    ) -> Self {
        handshake::greet(sid.as_ref(), &config, opened_by, sink);
        let mut session = Self {
            socket: None,
            phase: Phase::default(),
            heartbeat: Heartbeat::new(now, &config),
            polling: Polling::default(),
            upgrade: Upgrade::default(),
            stall: Stall::default(),
            stray: None,
            config,
        };
        match opened_by {
            Opening::Polling(req) => session.polling.carries(req),
            Opening::WebSocket(conn) => session.socket = Some(conn),
        }
        session
    }

    /// Takes one input and tells what follows from it.
    pub fn handle(&mut self, input: Input<'_>, now: Instant, sink: &mut impl Sink) {
        match input {
            Input::PollOpened(req) => self.poll_opened(req, now, sink),
            Input::PollDropped(req) => self.poll_dropped(req, sink),
            Input::PostOpened { req, binary } => self.post_opened(req, binary, sink),
            Input::PostPacket(req, packet) => self.post_packet(req, packet, now, sink),
            Input::PostEnd(req) => self.post_end(req, sink),
            Input::PostAborted(req) => self.post_aborted(req, sink),
            Input::PostTooLarge(req) => self.post_too_large(req, sink),
            Input::SocketOpened(conn) => self.socket_opened(conn, now, sink),
            Input::Frame(conn, frame) => self.frame(conn, frame, now, sink),
            Input::SocketClosed(conn, why) => self.socket_closed(conn, why, sink),
            Input::Flushed(conn) => self.flushed(conn, sink),
            Input::Outgoing => self.outgoing(sink),
            Input::Paused(paused) => self.paused(paused, now),
            Input::Timeout => self.timed_out(now, sink),
            Input::Close(close) => self.close(close, now, sink),
        }
    }

    /// When to come back with [`Input::Timeout`] at the latest; `None` once closed. After that input it lies in the
    /// future.
    pub fn timeout(&self) -> Option<Instant> {
        if self.phase.is_closed() {
            return None;
        }
        let stall = self.stall.timeout(self.config.stall_timeout).filter(|_| self.phase.is_open());
        let rest = [self.phase.timeout(), self.upgrade.timeout(), self.polling.timeout(), stall];
        // Asked at each turn, and mostly only the heart beats.
        rest.into_iter()
            .flatten()
            .fold(self.heartbeat.timeout(), |first, due| Some(first.map_or(due, |first| first.min(due))))
    }

    /// How packets travel now.
    pub fn transport(&self) -> Transport {
        if self.socket.is_some() { Transport::WebSocket } else { Transport::Polling }
    }

    /// Whether a websocket that names this session would be taken: it polls, is not ending, and no other upgrade is
    /// under way. Ask before the 101: a request that is refused there gets
    /// [`BadRequest`](crate::engine::RequestError::BadRequest).
    pub fn may_upgrade(&self) -> bool {
        let polls = self.phase.is_open() && self.socket.is_none();
        polls && self.upgrade.conn().is_none() && self.config.transports.contains(&Transport::WebSocket)
    }

    /// Whether it has been asked to end and still writes what waits.
    pub fn is_closing(&self) -> bool {
        self.phase.is_closing()
    }

    /// Whether it is over.
    pub fn is_closed(&self) -> bool {
        self.phase.is_closed()
    }

    /// How long the last pong took, from the moment its ping left.
    pub fn latency(&self) -> Option<Duration> {
        self.heartbeat.latency()
    }

    /// A packet came by the current transport.
    fn packet(&mut self, packet: &Packet<'_>, now: Instant, sink: &mut impl Sink) {
        match packet {
            Packet::Text(text) => self.message(MessageRef::Text(text), now, sink),
            Packet::Binary(bytes) => self.message(MessageRef::Binary(bytes), now, sink),
            Packet::Close => self.end(CloseReason::TransportClose, LastWords::FAREWELL, sink),
            Packet::Pong(_) => {
                if !self.heartbeat.pong(now, &self.config) {
                    self.count_stray(now, sink);
                }
                if let Some(latency) = self.heartbeat.latency() {
                    sink.measured(latency);
                }
            }
            Packet::Ping(_) => self.fail(TransportError::PingFromClient, sink),
            Packet::Open(_) | Packet::Upgrade | Packet::Noop => {
                self.heartbeat.other(now, &self.config);
                self.count_stray(now, sink);
            }
        }
    }

    /// What came is no packet.
    fn parse_error(&mut self, sink: &mut impl Sink) {
        self.end(CloseReason::ParseError, LastWords::FAULT, sink);
    }

    fn message(&mut self, message: MessageRef<'_>, now: Instant, sink: &mut impl Sink) {
        self.heartbeat.other(now, &self.config);
        // A session that was asked to end hears nothing more.
        if self.phase.is_open() {
            sink.message(message);
        }
    }

    fn count_stray(&mut self, now: Instant, sink: &mut impl Sink) {
        let interval = self.config.ping_interval;
        self.stray.take_if(|stray| now.saturating_duration_since(stray.since) >= interval);
        if self.one_more_stray(now) > self.config.max_stray {
            self.fail(TransportError::TooManyStray, sink);
        }
    }

    /// Counts one, and answers how many that makes.
    fn one_more_stray(&mut self, now: Instant) -> u32 {
        let stray = self.stray.get_or_insert_with(|| Box::new(Stray { since: now, count: 0 }));
        stray.count = stray.count.saturating_add(1);
        stray.count
    }

    fn paused(&mut self, paused: bool, now: Instant) {
        self.heartbeat.freeze(paused, now);
        self.upgrade.freeze(paused, now);
        self.stall.pause(paused, now);
    }

    fn timed_out(&mut self, now: Instant, sink: &mut impl Sink) {
        if let Some(reason) = self.phase.due(now) {
            self.end(reason, LastWords::WISH, sink);
        }
        if let Some(conn) = self.upgrade.due(now) {
            sink.hang_up(conn, None);
        }
        if self.phase.is_open() {
            match self.stall.due(now, self.config.stall_timeout) {
                Some(stall::Step::GiveUp) => self.end(CloseReason::Stalled, LastWords::FAULT, sink),
                Some(stall::Step::Warn) => sink.stalled(),
                None => {}
            }
        }
        if self.phase.is_closed() {
            return;
        }
        // Also while it flushes: a client that hears nothing would give up before it has all.
        match self.heartbeat.due(now, &self.config) {
            Some(Beat::Lost) => return self.end(CloseReason::PingTimeout, LastWords::FAULT, sink),
            Some(Beat::Ping) => self.ping(now, sink),
            None => {}
        }
        self.poll_waited(now, sink);
    }

    fn ping(&mut self, now: Instant, sink: &mut impl Sink) {
        self.stray = None;
        match self.socket {
            Some(conn) => {
                self.heartbeat.sent(now);
                self.polling.rest();
                sink.control(conn, Control::Ping);
            }
            None => self.poll_ping(now, sink),
        }
    }
}
