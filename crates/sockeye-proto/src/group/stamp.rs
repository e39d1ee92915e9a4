//! Groups that are changed or joined after they were built.

use super::Group;

impl Group {
    /// The same group with `text` in place of as many bytes of its packet; see [`Frame::stamped`](crate::Frame::stamped).
    #[must_use]
    pub fn stamped(mut self, text: &[u8], after: usize) -> Self {
        self.first = self.first.stamped(text, after);
        self
    }

    /// Several groups as one, to be queued together or not at all; nothing if there are none. They may be compressed if
    /// each of them may.
    pub fn joined(groups: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut compress = true;
        let mut frames = Vec::new();
        for group in groups {
            compress &= group.first.may_compress();
            frames.extend(group.into_frames());
        }
        let mut frames = frames.into_iter();
        let first = frames.next()?;
        Some(Self::with_attachments(first, frames.collect()).compress(compress))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Frame;

    #[test]
    fn the_packet_is_stamped_and_its_attachments_stay() {
        let group = Group::with_attachments(Frame::text("51-[\"x\",\"00\"]"), vec![Frame::binary(b"00\"]")]);
        let frames: Vec<_> = group.stamped(b"ab", 2).into_frames().collect();
        assert_eq!(frames, [Frame::text("51-[\"x\",\"ab\"]"), Frame::binary(b"00\"]")]);
    }

    #[test]
    fn joined_groups_keep_their_order_and_weight() {
        let groups = [
            Group::one(Frame::text("2[]")),
            Group::with_attachments(Frame::text("51-[]"), vec![Frame::binary(b"a")]),
        ];
        let len = groups.iter().map(Group::len).sum::<usize>();
        let joined = Group::joined(groups).expect("there are two");
        assert_eq!(joined.len(), len);
        assert_eq!(
            joined.into_frames().collect::<Vec<_>>(),
            [Frame::text("2[]"), Frame::text("51-[]"), Frame::binary(b"a")]
        );
        assert!(Group::joined([]).is_none());
    }
}
