//! Which groups are let in, and what is handed out: bytes and bounds, without locks and wakers.

use std::{collections::VecDeque, mem};

use crate::{engine::payload::SEPARATOR, frame::Frame, group::Group};

use super::{Bounds, Phase, PushError, Taken, spare, waiting::Waiting};

/// What waits, and what was handed out and not yet written.
#[derive(Debug)]
pub(super) struct Queue {
    bounds: Bounds,
    frames: Waiting,
    /// Bytes of `frames`.
    waiting: usize,
    /// Bytes handed to the transport and not yet written.
    taken: usize,
    /// The largest group that was let in whatever its size, and how much is unwritten up to its end.
    free: Free,
    phase: Phase,
    overflowed: bool,
    writable: bool,
}

/// A group that found no more than the soft bound in front of it.
#[derive(Clone, Copy, Debug, Default)]
struct Free {
    len: usize,
    /// Unwritten bytes up to its last one, with what stood in front of it.
    end: usize,
}

impl Free {
    /// What is still unwritten of it.
    fn unwritten(self) -> usize {
        self.len.min(self.end)
    }
}

impl Queue {
    pub(super) fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            frames: Waiting::None,
            waiting: 0,
            taken: 0,
            free: Free::default(),
            phase: Phase::Open,
            overflowed: false,
            writable: false,
        }
    }

    /// Lets the group in, or marks the overflow.
    #[inline]
    pub(super) fn push(&mut self, group: Group) -> Result<(), PushError> {
        self.open()?;
        let over_soft = self.over_soft();
        if over_soft && !self.fits(&group) {
            self.overflowed = true;
            return Err(PushError::Overflow);
        }
        self.append(group, over_soft);
        Ok(())
    }

    /// Lets the group in, or says why not; never overflows.
    pub(super) fn try_push(&mut self, group: Group) -> Result<(), PushError> {
        self.open()?;
        if self.over_soft() {
            return Err(PushError::Full);
        }
        self.append(group, false);
        Ok(())
    }

    /// Lets the group in when it can leave at once.
    pub(super) fn push_volatile(&mut self, group: Group) -> Result<bool, PushError> {
        self.open()?;
        let leaves_at_once = self.writable && self.bytes() == 0;
        if leaves_at_once {
            self.append(group, false);
        }
        Ok(leaves_at_once)
    }

    pub(super) fn take(&mut self, limit: usize, out: &mut VecDeque<Frame>) {
        let mut frames = frames_in(limit);
        if self.waiting <= limit && self.frames.len() <= frames && out.is_empty() {
            self.frames.move_to(out);
            self.taken += mem::take(&mut self.waiting);
            return;
        }
        if out.capacity() == 0 {
            // It will be given back: what was made anew each time would only fill up the spares.
            *out = spare::take();
        }
        let mut room = Some(limit);
        while let Some(left) = room
            && frames > 0
            && let Some(frame) = self.pop()
        {
            frames -= 1;
            // The frame that does not fit any more is the last one; it goes out nevertheless, so the first always does.
            room = left.checked_sub(frame.len()).filter(|left| *left > 0);
            out.push_back(frame);
        }
    }

    /// Takes the frame that waits, if it is one.
    #[inline]
    pub(super) fn take_one(&mut self) -> Option<Frame> {
        if self.frames.len() == 1 { self.pop() } else { None }
    }

    pub(super) fn take_polling(&mut self, limit: usize, body: &mut Vec<u8>) -> Taken {
        let mut taken = Taken::default();
        while let Some(frame) = self.frames.front() {
            let separator = usize::from(!body.is_empty());
            let length = body.len().saturating_add(separator).saturating_add(frame.polling_len());
            if taken.bytes > 0 && length > limit {
                break;
            }
            let Some(frame) = self.pop() else { break };
            body.reserve(length - body.len());
            if separator > 0 {
                body.push(SEPARATOR);
            }
            frame.write_polling(body);
            taken.bytes += frame.len();
            taken.may_compress |= frame.may_compress();
        }
        taken
    }

    pub(super) fn written(&mut self, bytes: usize) {
        let bytes = bytes.min(self.taken);
        self.taken -= bytes;
        self.free.end = self.free.end.saturating_sub(bytes);
    }

    pub(super) fn set_writable(&mut self, on: bool) {
        self.writable = on;
    }

    pub(super) fn closing(&mut self) {
        if self.phase == Phase::Open {
            self.phase = Phase::Closing;
        }
    }

    /// Everything that waited, to be dropped where no lock is held.
    #[must_use]
    pub(super) fn close(&mut self) -> Waiting {
        self.phase = Phase::Closed;
        self.writable = false;
        self.waiting = 0;
        self.taken = 0;
        self.free = Free::default();
        mem::take(&mut self.frames)
    }

    pub(super) fn phase(&self) -> Phase {
        self.phase
    }

    /// Whether it is as it is most of the time: open, and nothing of it is being written.
    pub(super) fn is_plain(&self) -> bool {
        self.phase == Phase::Open && !self.overflowed && self.taken == 0
    }

    pub(super) fn overflowed(&self) -> bool {
        self.overflowed
    }

    pub(super) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    pub(super) fn bytes(&self) -> usize {
        self.waiting.saturating_add(self.taken)
    }

    #[inline]
    pub(super) fn over_soft(&self) -> bool {
        self.bytes() > self.bounds.soft || self.frames.len() > frames_in(self.bounds.soft)
    }

    /// Slots kept for frames beside the one in place; a burst must not leave any behind.
    #[cfg(test)]
    pub(super) fn capacity(&self) -> usize {
        self.frames.capacity()
    }

    fn open(&self) -> Result<(), PushError> {
        match self.phase {
            Phase::Closing | Phase::Closed => Err(PushError::Closed),
            // What was refused left a gap, and nothing may follow a gap.
            Phase::Open if self.overflowed => Err(PushError::Overflow),
            Phase::Open => Ok(()),
        }
    }

    /// Asked when more than the soft bound waits.
    ///
    /// Whoever keeps below the soft bound has done all one can ask: the next group is let in whatever its size, or a
    /// large event would close the session of every client that has not yet read the small one in front of it. What may
    /// wait behind it is then counted from its own size, or the next small ack would close a session for reading as fast
    /// as its line allows.
    fn fits(&self, group: &Group) -> bool {
        let bound = self.bounds.hard.max(self.free.unwritten().saturating_add(self.bounds.soft));
        let frames = self.frames.len().saturating_add(group.count());
        let bytes = self.bytes().saturating_add(group.len());
        // Short frames have a bound of their own.
        let kept = frames.saturating_sub(FEWEST).saturating_mul(Bounds::KEPT).min(bytes / 4);
        bytes.saturating_add(kept) <= bound && frames <= frames_in(self.bounds.hard)
    }

    #[inline]
    fn append(&mut self, group: Group, over_soft: bool) {
        let len = group.len();
        if !over_soft && len >= self.free.unwritten() {
            self.free = Free { len, end: self.bytes().saturating_add(len) };
        }
        self.waiting = self.waiting.saturating_add(len);
        self.frames.append(group);
    }

    fn pop(&mut self) -> Option<Frame> {
        let frame = self.frames.pop()?;
        self.waiting -= frame.len();
        self.taken += frame.len();
        Some(frame)
    }
}

/// How many frames may be kept where so many bytes may. A client chooses how short the acks are that it does not read:
/// without this, seven bytes would cost a hundred.
fn frames_in(bytes: usize) -> usize {
    (bytes / Bounds::FRAME).max(FEWEST)
}

/// Bounds of a few bytes hold for a few frames all the same.
const FEWEST: usize = 64;
