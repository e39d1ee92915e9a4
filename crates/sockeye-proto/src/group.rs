//! A packet and its attachments, which travel as one.

use std::{collections::VecDeque, sync::Arc};

use crate::{few::Few, frame::Frame};

mod stamp;

/// One packet and its attachments: queued together or not at all, and nothing comes between them.
///
/// A clone shares everything, so a broadcast is encoded once.
#[derive(Clone, Debug)]
pub struct Group {
    first: Frame,
    attachments: Attachments,
    len: usize,
}

/// What follows the packet. One lies in place, so that a packet for one peer needs no list of its own.
#[derive(Clone, Debug)]
enum Attachments {
    None,
    One(Frame),
    Several(Arc<Vec<Frame>>),
}

impl Attachments {
    fn as_slice(&self) -> &[Frame] {
        match self {
            Self::None => &[],
            Self::One(frame) => std::slice::from_ref(frame),
            Self::Several(frames) => frames,
        }
    }
}

impl Group {
    /// A packet without attachments.
    pub fn one(frame: Frame) -> Self {
        let len = frame.len();
        Self { first: frame, attachments: Attachments::None, len }
    }

    /// A packet and the attachments that follow it, in their order.
    pub fn with_attachments(first: Frame, attachments: Vec<Frame>) -> Self {
        Self::followed_by(first, attachments.into())
    }

    /// The same, without a list for one.
    pub(crate) fn followed_by(first: Frame, attachments: Few<Frame>) -> Self {
        let len =
            attachments.as_slice().iter().fold(first.len(), |sum, frame| sum.saturating_add(frame.len()));
        let attachments = match attachments {
            Few::One(frame) => Attachments::One(frame),
            Few::Many(frames) if frames.is_empty() => Attachments::None,
            Few::Many(frames) => Attachments::Several(Arc::new(frames)),
        };
        Self { first, attachments, len }
    }

    /// Says whether a transport that compresses may compress the packet and its attachments. It may, unless this says
    /// otherwise; the bytes stay shared.
    #[must_use]
    pub fn compress(mut self, compress: bool) -> Self {
        // Attachments follow what the packet says when they are queued, so nothing is copied here.
        self.first = self.first.compress(compress);
        self
    }

    /// Says that many will get this group: its compressed forms are made once for all of them, when they are needed.
    #[must_use]
    pub fn sharing(mut self) -> Self {
        self.first = self.first.sharing();
        self.attachments = match self.attachments {
            Attachments::None => Attachments::None,
            Attachments::One(frame) => Attachments::One(frame.sharing()),
            Attachments::Several(frames) => Attachments::Several(Arc::new(
                Arc::unwrap_or_clone(frames).into_iter().map(Frame::sharing).collect(),
            )),
        };
        self
    }

    /// The packet, then its attachments.
    pub fn frames(&self) -> impl Iterator<Item = &Frame> + Clone {
        std::iter::once(&self.first).chain(self.attachments.as_slice())
    }

    /// Bytes of all frames, as the outbox counts them.
    #[expect(clippy::len_without_is_empty, reason = "a group holds at least one frame, so it is never empty")]
    pub fn len(&self) -> usize {
        self.len
    }

    /// How many frames there are.
    pub(crate) fn count(&self) -> usize {
        self.attachments.as_slice().len() + 1
    }

    /// The packet, if it has no attachments; the group itself otherwise.
    #[inline]
    pub(crate) fn into_one(self) -> Result<Frame, Self> {
        if let Attachments::None = self.attachments { Ok(self.first) } else { Err(self) }
    }

    /// Moves the frames to the back of `queue`.
    #[inline]
    pub(crate) fn append_to(self, queue: &mut VecDeque<Frame>) {
        // Mostly it is one, which is moved straight to its place.
        if let Attachments::None = self.attachments {
            queue.push_back(self.first);
        } else {
            queue.extend(self.into_frames());
        }
    }

    /// The frames by value: what the outbox queues.
    pub(crate) fn into_frames(self) -> impl Iterator<Item = Frame> {
        let compress = self.first.may_compress();
        // What nobody else holds is moved: a clone of bytes that were alone takes an allocation.
        let (one, several) = match self.attachments {
            Attachments::None => (None, Vec::new()),
            Attachments::One(frame) => (Some(frame), Vec::new()),
            Attachments::Several(frames) => (None, Arc::unwrap_or_clone(frames)),
        };
        let attachments = one.into_iter().chain(several).map(move |frame| frame.compress(compress));
        std::iter::once(self.first).chain(attachments)
    }
}

impl From<Frame> for Group {
    fn from(frame: Frame) -> Self {
        Self::one(frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_keeps_the_order_and_weighs_all_its_frames() {
        let group =
            Group::with_attachments(Frame::text("51-[]"), vec![Frame::binary(b"a"), Frame::binary(b"bc")]);
        let messages: Vec<_> = group.frames().map(|frame| frame.message().to_vec()).collect();
        assert_eq!(messages, [&b"51-[]"[..], b"a", b"bc"]);
        assert_eq!(group.len(), group.frames().map(Frame::len).sum::<usize>());
        assert_eq!(
            group.clone().into_frames().collect::<Vec<_>>(),
            group.frames().cloned().collect::<Vec<_>>()
        );
    }

    #[test]
    fn attachments_are_compressed_or_not_as_their_packet_is() {
        let group = Group::with_attachments(Frame::text("51-[]"), vec![Frame::binary(b"a")]);
        assert!(group.clone().into_frames().all(|frame| frame.may_compress()));
        let plain = group.clone().compress(false);
        assert!(plain.clone().into_frames().all(|frame| !frame.may_compress()));
        assert!(plain.compress(true).into_frames().all(|frame| frame.may_compress()));
        assert!(group.into_frames().all(|frame| frame.may_compress()), "the other clone is as it was");
    }

    #[test]
    fn no_attachments_is_one_frame() {
        let group = Group::with_attachments(Frame::text("2[]"), Vec::new());
        assert_eq!(group.frames().count(), 1);
        assert_eq!(group.len(), Frame::text("2[]").len());
    }
}
