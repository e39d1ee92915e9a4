//! What goes on a websocket, and how it ends.

use std::{
    io::{self, IoSlice},
    task::{Poll, ready},
};

use sockeye_proto::{Outbox, engine::Input, websocket::Incoming};

use crate::{
    SessionHandler,
    driver::{
        core::{Core, Turn},
        scratch::Scratch,
        socket::{Socket, State},
    },
};

impl Socket {
    /// Writes as much as the peer takes: what waits here and, if this is where the outbox goes, from there.
    pub(in crate::driver) fn write<S: SessionHandler>(
        &mut self,
        core: &mut Core<S>,
        writable: bool,
        turn: &mut Turn<'_, '_>,
    ) {
        match self.poll_write(core.outbox(), writable, turn) {
            Poll::Ready(Ok(())) => {
                if writable {
                    self.tell_writable(self.state == State::Open, core.outbox());
                }
                self.written(core, turn);
            }
            Poll::Ready(Err(_)) => self.lost(core, turn),
            Poll::Pending if writable => self.tell_writable(false, core.outbox()),
            Poll::Pending => {}
        }
        if self.until().is_some_and(|until| until <= turn.now) {
            self.state = State::Gone;
        }
    }

    /// The outbox remembers it, and most turns change nothing.
    fn tell_writable(&mut self, on: bool, outbox: &Outbox) {
        if self.told_writable != on {
            self.told_writable = on;
            outbox.set_writable(on);
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
                    let mut rest = std::mem::take(&mut self.rest);
                    self.state = State::Draining { until, listens: true };
                    self.discard(&mut rest);
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
            if self.state == State::Gone {
                return;
            }
            match self.stream.poll_read(turn.cx, &mut scratch) {
                Poll::Pending => return,
                Poll::Ready(Ok(0) | Err(_)) => self.state = State::Gone,
                Poll::Ready(Ok(read)) => self.discard(scratch.get_mut(..read).unwrap_or_default()),
            }
        }
        turn.cx.waker().wake_by_ref();
    }

    /// Throws away what comes before the peer's close frame. With that it has answered ours, and has read all.
    fn discard(&mut self, mut bytes: &mut [u8]) {
        while let State::Draining { listens, .. } = &mut self.state
            && *listens
        {
            let (used, incoming) = self.reader.read(bytes);
            let unfinished = match incoming {
                Ok(Some(Incoming::Close(_))) => return self.state = State::Gone,
                Ok(incoming) => incoming.is_none(),
                Err(_) => return *listens = false,
            };
            bytes = bytes.get_mut(used..).unwrap_or_default();
            if unfinished {
                *listens = self.reader.buffered() <= LISTEN;
                return;
            }
        }
    }

    fn poll_write(
        &mut self,
        outbox: &Outbox,
        writable: bool,
        turn: &mut Turn<'_, '_>,
    ) -> Poll<io::Result<()>> {
        let mut deflatable = DEFLATE;
        let mut more = true;
        loop {
            if writable
                && more
                && self.state == State::Open
                && let Some(frames) = self.outgoing.refill()
            {
                outbox.take(TAKE, frames);
                frames.iter().for_each(|frame| turn.tally.sent(frame));
            }
            let saved = self.outgoing.deflate(&mut deflatable);
            if saved > 0 {
                outbox.written(saved);
            }
            if self.outgoing.is_empty() {
                if self.unflushed {
                    ready!(self.stream.poll_flush(turn.cx))?;
                    self.unflushed = false;
                }
                return Poll::Ready(Ok(()));
            }
            let written = match self.outgoing.only() {
                Some(piece) => self.stream.poll_write(turn.cx, piece),
                None => self.write_slices(turn),
            };
            if written.is_pending() && deflatable == 0 {
                // A compressor on loan comes back soon, however slowly the peer reads.
                turn.cx.waker().wake_by_ref();
            }
            let written = ready!(written)?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.unflushed = !self.stream.is_tcp();
            self.flush_wanted = true;
            let frames = self.outgoing.advance(written);
            if frames > 0 {
                more = outbox.written(frames);
            }
        }
    }

    /// Writes several pieces as one.
    fn write_slices(&mut self, turn: &mut Turn<'_, '_>) -> Poll<io::Result<usize>> {
        {
            let mut scratch = Scratch::take();
            let joined = self.outgoing.join_short(&mut scratch);
            if joined > 0 {
                return self.stream.poll_write(turn.cx, scratch.get(..joined).unwrap_or_default());
            }
        }
        let mut slices = [IoSlice::new(&[]); SLICES];
        let count = self.outgoing.slices(&mut slices);
        if count == 0 {
            // All that is left is to be compressed first, after others have had their turn.
            turn.cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let slices = slices.get(..count).unwrap_or_default();
        if count == 1 || self.stream.is_vectored() {
            return self.stream.poll_write_vectored(turn.cx, slices);
        }
        let mut scratch = Scratch::take();
        let joined = join(slices, &mut scratch);
        self.stream.poll_write(turn.cx, joined)
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

/// Bytes compressed in one turn: about a millisecond.
const DEFLATE: usize = 64 * 1024;

/// Bytes taken from the outbox at once: what a socket buffer holds. The rest stays where it can still be counted as one.
pub(super) const TAKE: usize = 64 * 1024;

/// The longest unfinished message behind which the answer to a close frame is still looked for.
const LISTEN: usize = 64 * 1024;
