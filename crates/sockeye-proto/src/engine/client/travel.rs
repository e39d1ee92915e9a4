//! How a client's packets travel: answers, frames, and what to send next.

use std::time::Instant;

use crate::engine::{
    CloseReason, Conn, FrameRef, MessageRef, Packet, Req, TransportError, Why,
    client::{Body, Client, Heard, Next, Sink},
    payload,
};

impl Client {
    pub(super) fn answered(
        &mut self,
        req: Req,
        status: u16,
        body: &[u8],
        now: Instant,
        sink: &mut impl Sink,
    ) {
        let get = self.polling.is_get(req);
        if !self.polling.end(req) {
            return;
        }
        if status != 200 {
            return self.finish(CloseReason::TransportError(TransportError::Status(status)), sink);
        }
        if !get {
            return;
        }
        for packet in payload::packets(body) {
            match Packet::parse(packet) {
                Ok(packet) => self.packet(&packet, now, sink),
                Err(_) => self.finish(CloseReason::ParseError, sink),
            }
            if self.phase.is_closed() {
                return;
            }
        }
    }

    pub(super) fn frame(&mut self, conn: Conn, frame: FrameRef<'_>, now: Instant, sink: &mut impl Sink) {
        if self.probe.conn() == Some(conn) {
            if self.probe.frame(frame) == Heard::Nonsense {
                self.give_up_probe(sink);
            }
        } else if self.socket == Some(conn) {
            match frame {
                FrameRef::Text(text) => match Packet::parse_text(text) {
                    Ok(packet) => self.packet(&packet, now, sink),
                    Err(_) => self.finish(CloseReason::ParseError, sink),
                },
                FrameRef::Binary(_) if self.terms.is_none() => self.finish(CloseReason::ParseError, sink),
                FrameRef::Binary(bytes) => sink.message(MessageRef::Binary(bytes)),
            }
        }
    }

    pub(super) fn socket_closed(&mut self, conn: Conn, why: Why, sink: &mut impl Sink) {
        if self.probe.conn() == Some(conn) {
            self.probe.end();
        } else if self.socket == Some(conn) {
            self.finish(
                match why {
                    Why::Closed => CloseReason::TransportClose,
                    Why::Error(error) => CloseReason::TransportError(error),
                },
                sink,
            );
        }
    }

    /// All that was to be sent by that websocket has been written.
    pub(super) fn flushed(&mut self, conn: Conn, sink: &mut impl Sink) {
        if self.phase.is_closing() && self.socket == Some(conn) {
            // The reason is the one it was asked to end for.
            self.finish(CloseReason::TransportClose, sink);
        }
    }

    /// Sends what can be sent now.
    pub(super) fn proceed(&mut self, sink: &mut impl Sink) {
        if self.phase.is_closed() || self.terms.is_none() || self.socket.is_some() {
            return;
        }
        if self.probe.is_ready() {
            if self.polling.is_quiet() {
                self.upgrade(sink);
            }
            return;
        }
        if self.polling.is_done() {
            // The reason is the one it was asked to end for.
            return self.finish(CloseReason::TransportClose, sink);
        }
        while let Some(next) = self.polling.next(sink.outgoing() || self.phase.is_closing()) {
            match next {
                Next::Get => self.get(sink),
                Next::Post { pong } => self.post(pong, sink),
            }
        }
    }

    fn get(&mut self, sink: &mut impl Sink) {
        let req = Req(self.name());
        self.polling.got_get(req);
        sink.get(req);
    }

    fn post(&mut self, pong: bool, sink: &mut impl Sink) {
        let req = Req(self.name());
        self.polling.got_post(req);
        let controls: &[_] = if pong { &[Packet::Pong("")] } else { &[] };
        let frames = self.terms.as_ref().map_or(0, |terms| terms.max_payload);
        let close = self.phase.is_closing();
        sink.post(req, Body { controls, frames, close });
        if close && !sink.outgoing() {
            self.polling.said_farewell();
        }
    }

    /// Polling is quiet, so that nothing can be overtaken: the websocket is the transport from here on.
    fn upgrade(&mut self, sink: &mut impl Sink) {
        let Some(conn) = self.probe.end() else { return };
        self.socket = Some(conn);
        sink.packet(conn, &Packet::Upgrade);
        if self.polling.take_pong() {
            sink.packet(conn, &Packet::Pong(""));
        }
        sink.upgraded();
        sink.writable(Some(conn));
    }
}
