//! One websocket of a session: read, written, closed.

use std::{
    io::{self, IoSlice},
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use bytes::{Buf, Bytes, BytesMut};
use sockeye_proto::{
    Outbox,
    engine::{Config, Conn, FrameRef, Input, TransportError, Why},
    websocket::{Incoming, Limits, Reader, Violation, close_frame, pong_frame},
};

use crate::{
    SessionHandler,
    driver::{
        budget::Budget,
        core::{Core, Turn},
        outgoing::Outgoing,
        scratch::Scratch,
    },
    websocket::Stream,
};

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
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    /// A close frame is queued, or the stream is ended without one. At the latest then the stream is dropped.
    Leaving {
        until: Instant,
        peer_left: bool,
    },
    /// All is written and our side is shut: what the peer still sends is thrown away until it shuts its side, for a
    /// stream that is dropped unread resets the connection and takes the close frame with it.
    Draining {
        until: Instant,
    },
    Gone,
}

/// What became of the reading side.
enum Decoded {
    Open,
    Closed(Option<u16>),
    Violated(Violation),
}

impl Socket {
    pub(super) fn new(conn: Conn, stream: Stream, read: &Bytes, config: &Config) -> Self {
        let limits = Limits { max_message: config.max_payload, max_fragments: config.max_fragments };
        Self {
            conn,
            stream,
            reader: Reader::new(limits),
            rest: BytesMut::from(&read[..]),
            outgoing: Outgoing::default(),
            state: State::Open,
            unflushed: false,
            flush_wanted: true,
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
            State::Leaving { until, .. } | State::Draining { until } => Some(until),
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
            self.rest = BytesMut::new();
            self.outgoing.close(close_frame(code));
        }
    }

    /// Reads and decodes as long as there is something, and the handler, the budget and the peer's own queue allow it.
    pub(super) fn read<S: SessionHandler>(
        &mut self,
        core: &mut Core<S>,
        budget: &mut Budget,
        turn: &mut Turn<'_, '_>,
    ) {
        let mut scratch = None;
        while self.state == State::Open
            && core.may_decode()
            && !budget.is_spent()
            && !self.is_flooded()
            && !core.is_hung_up(self.conn)
        {
            let decoded = if self.rest.is_empty() {
                let buffer: &mut Scratch = scratch.get_or_insert_with(Scratch::take);
                match self.stream.poll_read(turn.cx, buffer) {
                    Poll::Pending => return,
                    // A connection that was reset ends as one that was closed.
                    Poll::Ready(Ok(0) | Err(_)) => return self.lost(core, turn),
                    Poll::Ready(Ok(read)) => {
                        let bytes = buffer.get_mut(..read).unwrap_or_default();
                        let (used, decoded) = self.decode(bytes, core, budget, turn);
                        self.rest = BytesMut::from(bytes.get(used..).unwrap_or_default());
                        decoded
                    }
                }
            } else {
                let mut rest = std::mem::take(&mut self.rest);
                let (used, decoded) = self.decode(&mut rest, core, budget, turn);
                rest.advance(used);
                if !rest.is_empty() {
                    self.rest = rest;
                }
                decoded
            };
            match decoded {
                Decoded::Open => {}
                Decoded::Closed(code) => {
                    self.leave(code, true, turn.now);
                    core.handle(Input::SocketClosed(self.conn, Why::Closed), None, turn);
                }
                Decoded::Violated(violation) => {
                    let why = Why::Error(TransportError::Framing(violation.code()));
                    core.handle(Input::SocketClosed(self.conn, why), None, turn);
                    self.leave(Some(violation.code()), false, turn.now);
                }
            }
        }
    }

    /// Decodes from the front of `bytes`; answers how many were used.
    fn decode<S: SessionHandler>(
        &mut self,
        bytes: &mut [u8],
        core: &mut Core<S>,
        budget: &mut Budget,
        turn: &mut Turn<'_, '_>,
    ) -> (usize, Decoded) {
        let mut used = 0;
        loop {
            let (read, incoming) = self.reader.read(bytes.get_mut(used..).unwrap_or_default());
            used += read;
            let frame = match incoming {
                Ok(None) => return (used, Decoded::Open),
                Ok(Some(Incoming::Text(text))) => Some(FrameRef::Text(text)),
                Ok(Some(Incoming::Binary(data))) => Some(FrameRef::Binary(data)),
                Ok(Some(Incoming::Ping(payload))) => {
                    self.outgoing.pong(pong_frame(payload));
                    None
                }
                Ok(Some(Incoming::Close(code))) => return (used, Decoded::Closed(code)),
                Ok(Some(_)) => None,
                Err(violation) => return (used, Decoded::Violated(violation)),
            };
            if let Some(frame) = frame {
                core.handle(Input::Frame(self.conn, frame), None, turn);
            }
            budget.spend();
            if !core.may_decode() || budget.is_spent() || core.is_hung_up(self.conn) {
                if used == bytes.len() {
                    // Frees what the reader handed out last.
                    let _ = self.reader.read(&mut []);
                }
                return (used, Decoded::Open);
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

    /// Writes as much as the peer takes: what waits here and, if this is where the outbox goes, from there.
    pub(super) fn write<S: SessionHandler>(
        &mut self,
        core: &mut Core<S>,
        writable: bool,
        turn: &mut Turn<'_, '_>,
    ) {
        match self.poll_write(core.outbox(), writable, turn.cx) {
            Poll::Ready(Ok(())) => {
                if writable {
                    core.outbox().set_writable(self.state == State::Open);
                }
                self.written(core, turn);
            }
            Poll::Ready(Err(_)) => self.lost(core, turn),
            Poll::Pending if writable => core.outbox().set_writable(false),
            Poll::Pending => {}
        }
        if self.until().is_some_and(|until| until <= turn.now) {
            self.state = State::Gone;
        }
    }

    /// Everything has been written.
    fn written<S: SessionHandler>(&mut self, core: &mut Core<S>, turn: &mut Turn<'_, '_>) {
        match self.state {
            State::Open if std::mem::take(&mut self.flush_wanted) => {
                core.handle(Input::Flushed(self.conn), None, turn);
            }
            State::Leaving { until, peer_left } => match self.stream.poll_shutdown(turn.cx) {
                Poll::Pending => {}
                Poll::Ready(Ok(())) if !peer_left => {
                    self.state = State::Draining { until };
                    self.drain(turn);
                }
                Poll::Ready(_) => self.state = State::Gone,
            },
            State::Draining { .. } => self.drain(turn),
            State::Open | State::Gone => {}
        }
    }

    fn drain(&mut self, turn: &mut Turn<'_, '_>) {
        let mut scratch = Scratch::take();
        // Not for ever at once: a peer may send as fast as this throws away.
        for _ in 0..16 {
            match self.stream.poll_read(turn.cx, &mut scratch) {
                Poll::Pending => return,
                Poll::Ready(Ok(0) | Err(_)) => {
                    self.state = State::Gone;
                    return;
                }
                Poll::Ready(Ok(_)) => {}
            }
        }
        turn.cx.waker().wake_by_ref();
    }

    fn poll_write(&mut self, outbox: &Outbox, writable: bool, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            if writable
                && self.state == State::Open
                && let Some(frames) = self.outgoing.refill()
            {
                outbox.take(TAKE, frames);
            }
            if self.outgoing.is_empty() {
                if self.unflushed {
                    ready!(self.stream.poll_flush(cx))?;
                    self.unflushed = false;
                }
                return Poll::Ready(Ok(()));
            }
            let written = {
                let mut slices = [IoSlice::new(&[]); SLICES];
                let count = self.outgoing.slices(&mut slices);
                let slices = slices.get(..count).unwrap_or_default();
                if count == 1 || self.stream.is_vectored() {
                    ready!(self.stream.poll_write(cx, slices))?
                } else {
                    let mut scratch = Scratch::take();
                    let joined = join(slices, &mut scratch);
                    ready!(self.stream.poll_write(cx, &[IoSlice::new(joined)]))?
                }
            };
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.unflushed = true;
            self.flush_wanted = true;
            let frames = self.outgoing.advance(written);
            if frames > 0 {
                outbox.written(frames);
            }
        }
    }

    #[cfg(test)]
    pub(super) fn owns_buffers(&self) -> bool {
        self.rest.capacity() > 0 || self.reader.buffered() > 0 || self.outgoing.owns_memory()
    }
}

/// Copies slices one behind the other, as many as fit. One write of a stream that takes no slices is one record of TLS,
/// one system call and one packet, whatever its length.
fn join<'a>(slices: &[IoSlice<'_>], buffer: &'a mut [u8]) -> &'a [u8] {
    let mut end = 0;
    for slice in slices {
        let free = buffer.get_mut(end..).unwrap_or_default();
        let length = slice.len().min(free.len());
        if let (Some(to), Some(from)) = (free.get_mut(..length), slice.get(..length)) {
            to.copy_from_slice(from);
        }
        end += length;
    }
    buffer.get(..end).unwrap_or_default()
}

/// Slices of one write; the kernel takes up to 1024, but a batch of this many is far from a frame at a time.
const SLICES: usize = 64;

/// Bytes taken from the outbox at once: what a socket buffer holds. The rest stays where it can still be counted as one.
const TAKE: usize = 64 * 1024;

/// How long a websocket that is closed may take to write its close frame and to notice.
const LINGER: Duration = Duration::from_secs(2);
