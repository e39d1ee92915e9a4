//! How a session ends: what is answered, hung up and told, in which order.

use std::time::Instant;

use crate::engine::{
    Answer, Close, CloseReason, Session, Sink, TransportError, Writable, session::close::LastWords,
};

impl Session {
    pub(super) fn close(&mut self, close: Close, now: Instant, sink: &mut impl Sink) {
        let reason = match close {
            Close::Now(reason) => return self.end(reason, LastWords::WISH, sink),
            Close::Graceful(reason) => reason,
            Close::Violation(violation) => CloseReason::Protocol(violation, self.transport()),
        };
        if !self.phase.begin(reason, now + self.config.close_timeout) {
            return;
        }
        sink.closing();
        if self.socket.is_some() {
            // Ends when the driver has flushed.
            return;
        }
        if let Some(req) = self.polling.release() {
            sink.writable(Writable::Nothing);
            self.close_poll(req, &[], sink);
        }
        if !sink.outgoing() {
            // Nothing is left that an upgrade could carry; the close packet waits for the next GET.
            self.drop_probe(sink);
        }
    }

    /// The transport cannot go on.
    pub(super) fn fail(&mut self, error: TransportError, sink: &mut impl Sink) {
        self.end(CloseReason::TransportError(error), LastWords::FAULT, sink);
    }

    /// Ends now; the websocket it travels by, if there is one, is hung up.
    pub(super) fn end(&mut self, reason: CloseReason, words: LastWords, sink: &mut impl Sink) {
        self.finish(reason, words, true, sink);
    }

    /// Ends because its websocket is gone.
    pub(super) fn end_without_socket(&mut self, reason: CloseReason, sink: &mut impl Sink) {
        self.finish(reason, LastWords::FAULT, false, sink);
    }

    fn finish(&mut self, reason: CloseReason, words: LastWords, hang_up: bool, sink: &mut impl Sink) {
        let Some(reason) = self.phase.end(reason) else { return };
        sink.writable(Writable::Nothing);
        self.answer_post(words.post, sink);
        if let Some(req) = self.polling.release() {
            sink.answer(req, Answer::Packets { controls: &[words.poll], frames: 0, close: false });
        }
        self.drop_probe(sink);
        if let Some(conn) = self.socket.filter(|_| hang_up) {
            sink.hang_up(conn, None);
        }
        sink.closed(reason);
    }

    fn drop_probe(&mut self, sink: &mut impl Sink) {
        if let Some(conn) = self.upgrade.end() {
            sink.hang_up(conn, None);
        }
    }
}
