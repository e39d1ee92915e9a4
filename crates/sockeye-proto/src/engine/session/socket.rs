//! What websockets do to a session: the one it travels by, one that probes, and strangers.

use std::time::Instant;

use crate::engine::{
    Answer, CloseReason, Conn, Control, FrameRef, MessageRef, Packet, RequestError, Session, Sink,
    TransportError, Why, Writable,
    session::{close::LastWords, upgrade},
};

impl Session {
    pub(super) fn socket_opened(&mut self, conn: Conn, now: Instant, sink: &mut impl Sink) {
        if self.may_upgrade() {
            self.upgrade.begin(conn, now, self.config.upgrade_timeout, self.stall.is_paused());
        } else {
            sink.hang_up(conn, None);
        }
    }

    pub(super) fn frame(&mut self, conn: Conn, frame: FrameRef<'_>, now: Instant, sink: &mut impl Sink) {
        if self.phase.is_closed() {
            return;
        }
        if self.upgrade.conn() == Some(conn) {
            return self.probe(conn, frame, now, sink);
        }
        if self.socket != Some(conn) {
            return;
        }
        match frame {
            // Nearly all that comes.
            FrameRef::Text(text) if let Some(message) = text.strip_prefix('4') => {
                self.message(MessageRef::Text(message), now, sink)
            }
            FrameRef::Text(text) => match Packet::parse_text(text) {
                Ok(packet) => self.packet(&packet, now, sink),
                Err(_) => self.parse_error(sink),
            },
            FrameRef::Binary(bytes) if self.phase.is_open() => {
                self.message(MessageRef::Binary(bytes), now, sink)
            }
            FrameRef::Binary(_) => {}
        }
    }

    pub(super) fn socket_closed(&mut self, conn: Conn, why: Why, sink: &mut impl Sink) {
        let probes = self.upgrade.conn() == Some(conn);
        if self.phase.is_closed() || !(probes || self.socket == Some(conn)) {
            return;
        }
        if let Why::Error(TransportError::Framing(code)) = why {
            sink.hang_up(conn, Some(code));
        }
        if probes {
            self.upgrade.end();
        } else {
            let reason = match why {
                Why::Closed => CloseReason::TransportClose,
                Why::Error(error) => CloseReason::TransportError(error),
            };
            self.end_without_socket(reason, sink);
        }
    }

    /// All that was told for that websocket has been written.
    pub(super) fn flushed(&mut self, conn: Conn, sink: &mut impl Sink) {
        if self.phase.is_closing() && self.socket == Some(conn) {
            // The reason is the one it was asked to end for.
            self.end(CloseReason::TransportClose, LastWords::WISH, sink);
        }
    }

    /// A frame on the websocket that is on trial.
    fn probe(&mut self, conn: Conn, frame: FrameRef<'_>, now: Instant, sink: &mut impl Sink) {
        match self.upgrade.frame(frame) {
            upgrade::Step::Answer { again } => {
                sink.control(conn, Control::Pong("probe"));
                self.release_poll(sink);
                if again {
                    self.count_stray_probe(conn, now, sink);
                }
            }
            upgrade::Step::Complete => self.move_to(conn, now, sink),
            upgrade::Step::Refuse => {
                self.upgrade.end();
                sink.hang_up(conn, None);
            }
        }
    }

    /// From here on the websocket is the transport; what waits goes out there.
    fn move_to(&mut self, conn: Conn, now: Instant, sink: &mut impl Sink) {
        self.upgrade.end();
        self.release_poll(sink);
        // A client that upgrades has its answers already; a body that comes later has no place.
        self.answer_post(Answer::Error(RequestError::BadRequest), sink);
        self.socket = Some(conn);
        if self.polling.take_ping() {
            self.heartbeat.sent(now);
            sink.control(conn, Control::Ping);
        }
        self.heartbeat.other(now, &self.config);
        sink.upgraded();
        sink.writable(Writable::Socket(conn));
        if self.phase.is_closing() && !sink.outgoing() {
            // There is nothing to write, and so nothing that will have been flushed.
            self.end(CloseReason::TransportClose, LastWords::WISH, sink);
        }
    }

    /// A probe that repeats itself harms its own websocket alone.
    fn count_stray_probe(&mut self, conn: Conn, now: Instant, sink: &mut impl Sink) {
        if self.one_more_stray(now) > self.config.max_stray {
            self.upgrade.end();
            sink.hang_up(conn, None);
        }
    }
}
