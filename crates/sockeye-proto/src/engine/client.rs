//! The client's side of a session, in the same shape as the server's: one input, its consequences told to a sink.
//!
//! It opens a session, polls, posts, answers pings, moves to a websocket when the server offers one, and ends. What
//! waits to be sent is its driver's, as on the server's side.

use std::time::Instant;

use crate::engine::{CloseReason, Conn, MessageRef, Packet, Req, Transport, TransportError};

use self::{
    phase::Phase,
    polling::{Next, Polling},
    probe::{Heard, Probe},
};

mod input;
mod options;
mod phase;
mod polling;
mod probe;
mod sink;
mod terms;
#[cfg(test)]
mod tests;
mod travel;

pub use self::{
    input::Input,
    options::Options,
    sink::{Body, Sink},
    terms::Terms,
};

/// The client of one session. It names the requests and websockets it asks for.
#[derive(Debug)]
pub struct Client {
    options: Options,
    phase: Phase,
    terms: Option<Terms>,
    /// The websocket it travels by; `None` while it polls.
    socket: Option<Conn>,
    polling: Polling,
    probe: Probe,
    /// When the server has been silent for too long.
    silence: Option<Instant>,
    named: u64,
}

impl Client {
    /// Begins to open a session by this transport.
    pub fn open(options: Options, transport: Transport, now: Instant, sink: &mut impl Sink) -> Self {
        let mut client = Self {
            phase: Phase::Opening(now + options.open_timeout),
            options,
            terms: None,
            socket: None,
            polling: Polling::default(),
            probe: Probe::default(),
            silence: None,
            named: 0,
        };
        match transport {
            Transport::Polling => {
                let req = Req(client.name());
                client.polling.got_get(req);
                sink.get(req);
            }
            Transport::WebSocket => {
                let conn = Conn(client.name());
                client.socket = Some(conn);
                sink.connect(conn);
            }
        }
        client
    }

    /// Takes one input and tells what follows from it.
    pub fn handle(&mut self, input: Input<'_>, now: Instant, sink: &mut impl Sink) {
        if self.phase.is_closed() {
            return;
        }
        match input {
            Input::Answered(req, status, body) => self.answered(req, status, body, now, sink),
            Input::Failed(req) => {
                if self.polling.end(req) {
                    self.finish(CloseReason::TransportError(TransportError::Io), sink);
                }
            }
            Input::SocketOpened(conn) => {
                if self.probe.opened(conn) {
                    sink.packet(conn, &Packet::Ping("probe"));
                }
            }
            Input::Frame(conn, frame) => self.frame(conn, frame, now, sink),
            Input::SocketClosed(conn, why) => self.socket_closed(conn, why, sink),
            Input::Flushed(conn) => self.flushed(conn, sink),
            Input::Outgoing => {}
            Input::Timeout => self.timed_out(now, sink),
            Input::Close(reason) => {
                let begun = self.phase.begin(reason, now + self.options.close_timeout);
                // What the server is ready for ends in an instant, and must end before the goodbye.
                if begun && !self.probe.is_ready() {
                    self.give_up_probe(sink);
                }
            }
        }
        self.proceed(sink);
    }

    /// When to come back with [`Input::Timeout`] at the latest; `None` once closed.
    pub fn timeout(&self) -> Option<Instant> {
        if self.phase.is_closed() {
            return None;
        }
        [self.phase.timeout(), self.silence, self.probe.timeout()].into_iter().flatten().min()
    }

    /// How packets travel now.
    pub fn transport(&self) -> Transport {
        if self.socket.is_some() { Transport::WebSocket } else { Transport::Polling }
    }

    /// What the server said in its open packet; `None` before it came.
    pub fn terms(&self) -> Option<&Terms> {
        self.terms.as_ref()
    }

    /// Whether it has been asked to end and still sends what waits.
    pub fn is_closing(&self) -> bool {
        self.phase.is_closing()
    }

    /// Whether it is over.
    pub fn is_closed(&self) -> bool {
        self.phase.is_closed()
    }

    /// A packet came by the current transport.
    fn packet(&mut self, packet: &Packet<'_>, now: Instant, sink: &mut impl Sink) {
        match packet {
            Packet::Open(json) if self.terms.is_none() => self.opened(json, now, sink),
            // The open packet is the first one.
            _ if self.terms.is_none() => self.finish(CloseReason::ParseError, sink),
            Packet::Text(text) => sink.message(MessageRef::Text(text)),
            Packet::Binary(bytes) => sink.message(MessageRef::Binary(bytes)),
            Packet::Ping(data) => {
                self.hear_ping(now);
                match self.socket {
                    Some(conn) => sink.packet(conn, &Packet::Pong(data)),
                    None => self.polling.owe_pong(),
                }
            }
            Packet::Close => self.finish(CloseReason::TransportClose, sink),
            Packet::Open(_) | Packet::Pong(_) | Packet::Upgrade | Packet::Noop => {}
        }
    }

    fn opened(&mut self, json: &str, now: Instant, sink: &mut impl Sink) {
        let Some(terms) = Terms::parse(json) else { return self.finish(CloseReason::ParseError, sink) };
        let upgrades = self.options.upgrade && self.socket.is_none() && terms.offers(Transport::WebSocket);
        sink.opened(&terms);
        self.terms = Some(terms);
        self.phase.opened();
        self.hear_ping(now);
        match self.socket {
            Some(conn) => sink.writable(Some(conn)),
            None if upgrades && !self.phase.is_closing() => {
                let conn = Conn(self.name());
                self.probe.begin(conn, now + self.options.upgrade_timeout);
                sink.connect(conn);
            }
            None => {}
        }
    }

    /// The server pings at the latest after its interval, or else gives up after its timeout.
    fn hear_ping(&mut self, now: Instant) {
        self.silence = self.terms.as_ref().map(|terms| now + terms.ping_interval + terms.ping_timeout);
    }

    fn timed_out(&mut self, now: Instant, sink: &mut impl Sink) {
        if self.probe.is_due(now) {
            self.give_up_probe(sink);
        }
        if let Some(reason) = self.phase.due(now) {
            self.finish(reason, sink);
        } else if self.silence.is_some_and(|at| at <= now) {
            self.finish(CloseReason::PingTimeout, sink);
        }
    }

    fn give_up_probe(&mut self, sink: &mut impl Sink) {
        if let Some(conn) = self.probe.end() {
            sink.hang_up(conn);
        }
    }

    fn finish(&mut self, reason: CloseReason, sink: &mut impl Sink) {
        let Some(reason) = self.phase.end(reason) else { return };
        for req in self.polling.abandon().into_iter().flatten() {
            sink.abort(req);
        }
        self.give_up_probe(sink);
        if let Some(conn) = self.socket {
            sink.writable(None);
            sink.hang_up(conn);
        }
        sink.closed(reason);
    }

    fn name(&mut self) -> u64 {
        self.named += 1;
        self.named
    }
}
