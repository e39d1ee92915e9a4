//! Frames that wait: none, one in place, or a queue of them.

use std::collections::VecDeque;

use super::spare;
use crate::{frame::Frame, group::Group};

/// Frames in their order.
///
/// One lies in place: what a recipient of a broadcast has waiting needs no queue, and is found where the outbox is.
#[derive(Debug, Default)]
pub(super) enum Waiting {
    #[default]
    None,
    One(Frame),
    /// At least one.
    Several(VecDeque<Frame>),
}

impl Waiting {
    #[inline]
    pub(super) fn append(&mut self, group: Group) {
        match self {
            Self::Several(frames) => group.append_to(frames),
            Self::None => match group.into_one() {
                Ok(frame) => *self = Self::One(frame),
                Err(group) => group.append_to(self.queue()),
            },
            Self::One(_) => group.append_to(self.queue()),
        }
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<Frame> {
        if let Self::Several(frames) = self {
            let frame = frames.pop_front();
            if frames.is_empty() {
                spare::give_back(frames);
                *self = Self::None;
            }
            return frame;
        }
        match std::mem::take(self) {
            Self::One(frame) => Some(frame),
            _ => None,
        }
    }

    /// Moves all of them into `out`, which is empty.
    pub(super) fn move_to(&mut self, out: &mut VecDeque<Frame>) {
        match std::mem::take(self) {
            Self::None => {}
            Self::One(frame) => {
                if out.capacity() == 0 {
                    *out = spare::take();
                }
                out.push_back(frame);
            }
            Self::Several(frames) => spare::give_back(&mut std::mem::replace(out, frames)),
        }
    }

    #[inline]
    pub(super) fn front(&self) -> Option<&Frame> {
        match self {
            Self::None => None,
            Self::One(frame) => Some(frame),
            Self::Several(frames) => frames.front(),
        }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        match self {
            Self::None => 0,
            Self::One(_) => 1,
            Self::Several(frames) => frames.len(),
        }
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::None)
    }

    /// Slots kept beside the one in place; a burst must not leave any behind.
    #[cfg(test)]
    pub(super) fn capacity(&self) -> usize {
        if let Self::Several(frames) = self { frames.capacity() } else { 0 }
    }

    /// As a queue, to which at least one is added.
    #[inline(never)]
    fn queue(&mut self) -> &mut VecDeque<Frame> {
        if !matches!(self, Self::Several(_)) {
            let mut frames = spare::take();
            frames.extend(self.pop());
            *self = Self::Several(frames);
        }
        match self {
            Self::Several(frames) => frames,
            Self::None | Self::One(_) => unreachable!("it has just become a queue"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_leave_in_their_order_whatever_they_lie_in() {
        for count in 0..4_u8 {
            let frames: Vec<Frame> = (0..count).map(|byte| Frame::binary(&[byte])).collect();
            let mut waiting = Waiting::default();
            frames.iter().for_each(|frame| waiting.append(Group::one(frame.clone())));
            assert_eq!((waiting.len(), waiting.is_empty()), (count.into(), count == 0));
            assert_eq!(waiting.capacity() > 0, count > 1);
            assert_eq!(waiting.front(), frames.first());
            let left: Vec<Frame> = std::iter::from_fn(|| waiting.pop()).collect();
            assert_eq!(left, frames);
            assert!(waiting.is_empty());
            let mut out = VecDeque::new();
            frames.iter().for_each(|frame| waiting.append(Group::one(frame.clone())));
            waiting.move_to(&mut out);
            assert_eq!(out, frames);
            assert!(waiting.is_empty());
        }
    }

    #[test]
    fn a_packet_and_its_attachments_follow_what_is_there() {
        let group = || Group::with_attachments(Frame::text("51-[]"), vec![Frame::binary(b"a")]);
        let mut waiting = Waiting::default();
        waiting.append(Group::one(Frame::text("2[]")));
        waiting.append(group());
        assert_eq!(waiting.len(), 3);
        let mut alone = Waiting::default();
        alone.append(group());
        assert_eq!(alone.len(), 2);
    }

    /// An idle session has one of them.
    #[test]
    fn one_frame_in_place_costs_no_more_than_the_frame() {
        assert_eq!(size_of::<Waiting>(), size_of::<Frame>());
    }
}
