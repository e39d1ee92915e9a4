//! One websocket of a session: read, written, closed.

use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use sockeye_proto::{
    engine::{Config, Conn, Input, Why},
    websocket::{Limits, Reader, close_frame},
};

use crate::{
    SessionHandler,
    driver::{
        core::{Core, Turn},
        outgoing::Outgoing,
    },
    websocket::{Beginning, Stream},
};

mod alone;
mod read;
mod write;

pub(super) use self::alone::Alone;

/// A websocket and what is under way on it. Idle, it owns no buffer.
pub(super) struct Socket {
    conn: Conn,
    stream: Stream,
    reader: Reader,
    /// Bytes that were read and not decoded: read behind the request, or left when decoding paused.
    rest: BytesMut,
    outgoing: Outgoing,
    state: State,
    /// Something was written that may still sit in a buffer of the stream.
    unflushed: bool,
    /// The machine waits to hear that everything is written.
    flush_wanted: bool,
    /// What the outbox was told last, once this is where it goes.
    told_writable: bool,
    /// It was read until nothing was left, and whoever polled it is woken when more comes.
    read_out: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    /// A close frame is queued, or the stream is ended without one. At the latest then the stream is dropped.
    Leaving {
        until: Instant,
        peer_left: bool,
    },
    /// All is written and our side is shut: what the peer still sends is thrown away until it answers the close frame or
    /// shuts its side, for a stream that is dropped unread resets the connection and takes the close frame with it.
    Draining {
        until: Instant,
        /// Frames are still told apart, so that the answer is seen.
        listens: bool,
    },
    Gone,
}

impl Socket {
    pub(super) fn new(conn: Conn, stream: Stream, beginning: Beginning, config: &Config) -> Self {
        let limits = Limits { max_message: config.max_payload, max_fragments: config.max_fragments };
        let Beginning { read, extension } = beginning;
        let mut reader = Reader::new(limits);
        let mut outgoing = Outgoing::default();
        if let Some(extension) = extension {
            reader = reader.with_inflater(outgoing.extend(*extension));
        }
        Self {
            conn,
            stream,
            reader,
            rest: BytesMut::from(&read[..]),
            outgoing,
            state: State::Open,
            unflushed: false,
            flush_wanted: true,
            told_writable: false,
            read_out: false,
        }
    }

    pub(super) const fn conn(&self) -> Conn {
        self.conn
    }

    pub(super) fn is_gone(&self) -> bool {
        self.state == State::Gone
    }

    /// When it is dropped at the latest, if it is leaving.
    pub(super) const fn until(&self) -> Option<Instant> {
        match self.state {
            State::Leaving { until, .. } | State::Draining { until, .. } => Some(until),
            State::Open | State::Gone => None,
        }
    }

    /// Queues a frame ahead of those from the outbox.
    pub(super) fn control(&mut self, frame: Bytes) {
        self.outgoing.control(frame);
        self.flush_wanted = true;
    }

    /// The machine wants to hear when everything is written.
    pub(super) const fn want_flush(&mut self) {
        self.flush_wanted = true;
    }

    /// Whether so many controls wait that the peer should read before it is read from.
    pub(super) fn is_flooded(&self) -> bool {
        self.outgoing.is_flooded()
    }

    /// Closes it from this side, once.
    pub(super) fn hang_up(&mut self, code: Option<u16>, now: Instant) {
        self.leave(code, false, now);
    }

    /// Frames that were taken from the outbox and have not begun are dropped. They stay counted there: a websocket
    /// that had any was the transport, and its session ends with it.
    fn leave(&mut self, code: Option<u16>, peer_left: bool, now: Instant) {
        if self.state == State::Open {
            self.state = State::Leaving { until: now + LINGER, peer_left };
            self.outgoing.close(close_frame(code));
            if peer_left {
                self.rest = BytesMut::new();
            }
        }
    }

    /// The peer vanished, or writing to it failed.
    fn lost<S: SessionHandler>(&mut self, core: &mut Core<S>, turn: &mut Turn<'_, '_>) {
        let was_open = self.state == State::Open;
        self.state = State::Gone;
        if was_open {
            core.handle(Input::SocketClosed(self.conn, Why::Closed), None, turn);
        }
    }

    /// Bytes that came and have not been decoded, or were and are still held.
    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.rest.len() + self.reader.buffered()
    }

    #[cfg(test)]
    pub(super) fn owns_buffers(&self) -> bool {
        self.rest.capacity() > 0 || self.reader.buffered() > 0 || self.outgoing.owns_memory()
    }
}

/// How long a websocket that is closed may take to write its close frame and to notice.
const LINGER: Duration = Duration::from_secs(2);
