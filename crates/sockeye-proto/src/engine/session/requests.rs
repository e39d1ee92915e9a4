//! What GETs and POSTs do to a session (Engine.IO 4, "HTTP long-polling").

use std::time::Instant;

use crate::engine::{
    Answer, CloseReason, Control, Packet, Req, RequestError, Session, Sink, TransportError, Writable,
    session::close::LastWords,
};

impl Session {
    pub(super) fn poll_opened(&mut self, req: Req, now: Instant, sink: &mut impl Sink) {
        if let Some(refusal) = self.refusal() {
            return sink.answer(req, Answer::Error(refusal));
        }
        if self.polling.waiting().is_some() {
            sink.answer(req, Answer::Empty(400));
            return self.fail(TransportError::PollOverlap, sink);
        }
        let ping = self.polling.take_ping();
        if ping {
            self.heartbeat.sent(now);
        }
        if self.phase.is_closing() {
            let controls: &[_] = match (ping, sink.outgoing()) {
                (true, _) => &[Control::Ping],
                // The reference puts a noop before a close packet that would come alone.
                (false, false) => &[Control::Noop],
                (false, true) => &[],
            };
            return self.close_poll(req, controls, sink);
        }
        if ping || sink.outgoing() {
            self.give(req, if ping { &[Control::Ping] } else { &[] }, sink);
        } else if self.upgrade.is_probed() {
            // The client stops polling before it upgrades: no GET may wait now.
            sink.answer(req, NOOP);
        } else {
            self.polling.wait(req, now, &self.config);
            sink.writable(Writable::Poll(req));
        }
    }

    pub(super) fn poll_dropped(&mut self, req: Req, sink: &mut impl Sink) {
        if !self.phase.is_closed() && self.polling.dropped(req) {
            self.fail(TransportError::PollAborted, sink);
        }
    }

    /// Something waits in the outbox.
    pub(super) fn outgoing(&mut self, sink: &mut impl Sink) {
        if self.phase.is_open() && sink.outgoing() {
            self.give_waiting(&[], sink);
        }
    }

    /// A ping is due.
    pub(super) fn poll_ping(&mut self, now: Instant, sink: &mut impl Sink) {
        if self.give_waiting(&[Control::Ping], sink) {
            self.heartbeat.sent(now);
        } else {
            self.polling.owe_ping();
        }
    }

    /// A GET may have waited for `poll_wait`.
    pub(super) fn poll_waited(&mut self, now: Instant, sink: &mut impl Sink) {
        if let Some(req) = self.polling.due(now) {
            self.noop(req, sink);
        }
    }

    /// Answers the waiting GET with a noop, so that the client can stop polling.
    pub(super) fn release_poll(&mut self, sink: &mut impl Sink) {
        if let Some(req) = self.polling.release() {
            self.noop(req, sink);
        }
    }

    /// Answers a GET with what is left; when nothing is, with the close packet, and the session is over.
    ///
    /// The two never share a body: the stock client acts on a close packet before it hands on the messages in front of
    /// it, so a Socket.IO DISCONNECT there would come too late, and the client would connect again.
    pub(super) fn close_poll(&mut self, req: Req, controls: &[Control<'_>], sink: &mut impl Sink) {
        self.polling.carries(req);
        let close = !sink.outgoing();
        sink.answer(req, Answer::Packets { controls, frames: self.config.max_payload, close });
        if close {
            // The reason is the one it was asked to end for.
            self.end(CloseReason::TransportClose, LastWords::WISH, sink);
        }
    }

    pub(super) fn post_opened(&mut self, req: Req, binary: bool, sink: &mut impl Sink) {
        if let Some(refusal) = self.refusal() {
            return sink.answer(req, Answer::Error(refusal));
        }
        if !self.polling.open_post(req) {
            sink.answer(req, Answer::Empty(400));
            self.fail(TransportError::PostOverlap, sink);
        } else if binary {
            self.fail(TransportError::PostType, sink);
        }
    }

    pub(super) fn post_packet(&mut self, req: Req, bytes: &[u8], now: Instant, sink: &mut impl Sink) {
        if !self.polling.is_post(req) {
            return;
        }
        match Packet::parse(bytes) {
            Ok(packet) => self.packet(&packet, now, sink),
            Err(_) => self.parse_error(sink),
        }
    }

    pub(super) fn post_end(&mut self, req: Req, sink: &mut impl Sink) {
        if self.polling.is_post(req) {
            self.answer_post(Answer::Ok, sink);
        }
    }

    pub(super) fn post_too_large(&mut self, req: Req, sink: &mut impl Sink) {
        if self.polling.is_post(req) {
            self.answer_post(Answer::Empty(413), sink);
        }
    }

    pub(super) fn post_aborted(&mut self, req: Req, sink: &mut impl Sink) {
        if self.polling.is_post(req) {
            self.polling.end_post();
            self.fail(TransportError::PostAborted, sink);
        }
    }

    /// Answers the POST that is read, if there is one.
    pub(super) fn answer_post(&mut self, answer: Answer<'_>, sink: &mut impl Sink) {
        if let Some(req) = self.polling.end_post() {
            sink.answer(req, answer);
        }
    }

    /// Why no request belongs here.
    fn refusal(&self) -> Option<RequestError> {
        if self.phase.is_closed() {
            Some(RequestError::SessionIdUnknown)
        } else {
            self.socket.map(|_| RequestError::BadRequest)
        }
    }

    /// Answers the waiting GET, if there is one, with these packets and what the outbox has.
    fn give_waiting(&mut self, controls: &[Control<'_>], sink: &mut impl Sink) -> bool {
        let waiting = self.polling.release();
        if let Some(req) = waiting {
            self.give(req, controls, sink);
            sink.writable(Writable::Nothing);
        }
        waiting.is_some()
    }

    fn give(&mut self, req: Req, controls: &[Control<'_>], sink: &mut impl Sink) {
        self.polling.carries(req);
        sink.answer(req, Answer::Packets { controls, frames: self.config.max_payload, close: false });
    }

    fn noop(&self, req: Req, sink: &mut impl Sink) {
        sink.answer(req, NOOP);
        sink.writable(Writable::Nothing);
    }
}

const NOOP: Answer<'static> = Answer::Packets { controls: &[Control::Noop], frames: 0, close: false };
