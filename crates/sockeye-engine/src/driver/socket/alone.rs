//! Frames written by themselves, when a websocket has nothing else to do.

use std::task::Waker;

use sockeye_proto::outbox::{Begun, Outbox};

use super::{Socket, State, write::TAKE};
use crate::{driver::scratch::Scratch, stats::Tally};

/// What came of [`Socket::write_alone`].
pub(in crate::driver) enum Alone {
    /// There is something else to do, or not everything was taken: a turn as any other.
    Unfinished,
    /// Everything is written. Whether there is more that nobody wakes for.
    Written(bool),
}

impl Socket {
    /// Whether there is nothing to do on it until something comes or is queued.
    pub(in crate::driver) fn is_at_rest(&mut self) -> bool {
        let calm = self.state == State::Open && self.read_out && !self.flush_wanted && !self.unflushed;
        calm && self.told_writable
            && self.stream.is_tcp()
            && self.rest.is_empty()
            && self.outgoing.plain().is_some()
    }

    /// Takes what was queued and writes it, if that is all that this websocket was woken for: it was at rest before, and
    /// is again.
    pub(in crate::driver) fn write_alone(
        &mut self,
        outbox: &Outbox,
        waker: &Waker,
        tally: &mut Tally,
    ) -> Alone {
        if !self.stream.is_silent() {
            return Alone::Unfinished;
        }
        let Some(frames) = self.outgoing.plain() else { return Alone::Unfinished };
        let written = match outbox.begin_writing(waker, TAKE, frames) {
            Begun::Not => return Alone::Unfinished,
            Begun::One(frame) => {
                tally.sent(&frame);
                let written = self.stream.try_write(frame.websocket());
                if written == Some(frame.len()) {
                    return Alone::Written(outbox.end_writing(frame.len()));
                }
                frames.push_back(frame);
                written
            }
            Begun::Several => {
                frames.iter().for_each(|frame| tally.sent(frame));
                let mut scratch = Scratch::take();
                let joined = self.outgoing.join_short(&mut scratch);
                // Long ones are for a write of slices.
                scratch.get(..joined).filter(|_| joined > 0).and_then(|joined| self.stream.try_write(joined))
            }
        };
        let frames = self.outgoing.advance(written.unwrap_or(0));
        if self.outgoing.is_empty() {
            return Alone::Written(outbox.end_writing(frames));
        }
        outbox.written(frames);
        Alone::Unfinished
    }
}
