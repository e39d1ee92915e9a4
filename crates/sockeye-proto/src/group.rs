//! A packet and its attachments, which travel as one.

use std::{collections::VecDeque, sync::Arc};

use crate::frame::{Frame, Part};

mod stamp;

/// One packet and its attachments: queued together or not at all, and nothing comes between them.
///
/// A clone shares everything, so a broadcast is encoded once.
#[derive(Clone, Debug)]
pub struct Group {
    /// The packet, in one piece with short attachments.
    first: Frame,
    /// Attachments that lie apart.
    apart: Option<Arc<Vec<Frame>>>,
}

impl Group {
    /// A longer packet is not in one piece with its attachments: 16 KiB.
    pub(crate) const JOINED: usize = 16 * 1024;

    /// A packet without attachments, or in one piece with them.
    pub fn one(frame: Frame) -> Self {
        Self { first: frame, apart: None }
    }

    /// A packet and the attachments that follow it, in their order, each in a piece of its own.
    pub fn with_attachments(first: Frame, attachments: Vec<Frame>) -> Self {
        let apart = (!attachments.is_empty()).then(|| Arc::new(attachments));
        Self { first, apart }
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
    pub fn sharing(self) -> Self {
        // Each message is compressed for itself.
        let attachments = self.attachments().into_iter().map(Frame::sharing).collect();
        Self::with_attachments(self.first.alone().sharing(), attachments)
    }

    /// The packet, then its attachments.
    pub fn frames(&self) -> impl Iterator<Item = Part<'_>> + Clone {
        std::iter::once(&self.first).chain(self.apart()).flat_map(Frame::pieces)
    }

    /// The attachments, each as a frame of its own; the bytes are shared.
    pub fn attachments(&self) -> Vec<Frame> {
        let joined = self.first.is_joined().then(|| self.first.clone().split().skip(1));
        joined.into_iter().flatten().chain(self.apart().iter().cloned()).collect()
    }

    /// Bytes of all frames, as the outbox counts them.
    #[expect(clippy::len_without_is_empty, reason = "a group holds at least one frame, so it is never empty")]
    #[inline]
    pub fn len(&self) -> usize {
        self.apart().iter().fold(self.first.len(), |sum, frame| sum.saturating_add(frame.len()))
    }

    /// How many frames are queued for it.
    pub(crate) fn count(&self) -> usize {
        self.apart().len() + 1
    }

    fn apart(&self) -> &[Frame] {
        self.apart.as_ref().map_or(&[], |frames| frames)
    }

    /// The packet, if no attachments lie apart from it; the group itself otherwise.
    #[inline]
    pub(crate) fn into_one(self) -> Result<Frame, Self> {
        if self.apart.is_none() { Ok(self.first) } else { Err(self) }
    }

    /// Moves the frames to the back of `queue`.
    #[inline]
    pub(crate) fn append_to(self, queue: &mut VecDeque<Frame>) {
        // Mostly it is one, which is moved straight to its place.
        if self.apart.is_none() {
            queue.push_back(self.first);
        } else {
            self.append_several(queue);
        }
    }

    #[cold]
    fn append_several(self, queue: &mut VecDeque<Frame>) {
        queue.extend(self.into_frames());
    }

    /// The frames by value: what the outbox queues.
    pub(crate) fn into_frames(self) -> impl Iterator<Item = Frame> {
        let compress = self.first.may_compress();
        // What nobody else holds is moved: a clone of bytes that were alone takes an allocation.
        let attachments = self.apart.map_or_else(Vec::new, Arc::unwrap_or_clone);
        let attachments = attachments.into_iter().map(move |frame| frame.compress(compress));
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
        assert_eq!(group.len(), group.frames().map(|part| part.websocket().len()).sum::<usize>());
        assert_eq!(
            group.into_frames().collect::<Vec<_>>(),
            [Frame::text("51-[]"), Frame::binary(b"a"), Frame::binary(b"bc")]
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
    fn a_packet_in_one_piece_with_its_attachments_is_still_several_frames() {
        let first = Frame::joined_by(b'5', 4, &["a", "bc"], |out| out.extend_from_slice(b"2-[]"));
        let group = Group::one(first);
        let apart =
            Group::with_attachments(Frame::text("52-[]"), vec![Frame::binary(b"a"), Frame::binary(b"bc")]);
        for group in [group.clone(), group.clone().sharing()] {
            assert!(group.frames().eq(apart.frames()));
            assert_eq!(group.attachments(), apart.attachments());
            assert_eq!(group.len(), apart.len());
        }
        assert_eq!((group.count(), group.sharing().count()), (1, 3), "shared forms are made of each");
    }

    #[test]
    fn no_attachments_is_one_frame() {
        let group = Group::with_attachments(Frame::text("2[]"), Vec::new());
        assert_eq!(group.frames().count(), 1);
        assert_eq!(group.len(), Frame::text("2[]").len());
    }
}
