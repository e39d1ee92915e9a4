//! Writing the last bytes of a frame that was serialized before they were known.

use std::mem;

use bytes::BytesMut;

use super::Frame;

impl Frame {
    /// The same frame with `text` in place of as many bytes, so that `after` more follow it to the end; of several messages
    /// to the end of the first.
    ///
    /// A frame that nobody else holds is changed where it is; of one that is shared a copy is made, and the others keep
    /// theirs. What does not lie within the message stays as it is.
    #[must_use]
    pub fn stamped(mut self, text: &[u8], after: usize) -> Self {
        let end = self.first().websocket().len();
        let place = text.len().checked_add(after).and_then(|tail| end.checked_sub(tail));
        let Some(start) = place.filter(|start| *start >= usize::from(self.header)) else { return self };
        let bytes = mem::take(&mut self.bytes);
        let mut bytes = bytes.try_into_mut().unwrap_or_else(|shared| BytesMut::from(&shared[..]));
        if let Some(place) = bytes.get_mut(start..start.saturating_add(text.len())) {
            place.copy_from_slice(text);
        }
        self.bytes = bytes.freeze();
        // What was made of the bytes as they were before serves nobody any more.
        #[cfg(feature = "websocket")]
        if self.shared.take().is_some() {
            return self.sharing();
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_bytes_are_replaced_and_shared_frames_keep_theirs() {
        let frame = Frame::text("2[\"a\",\"0000\"]");
        let shared = frame.clone();
        assert_eq!(frame.stamped(b"1234", 2), Frame::text("2[\"a\",\"1234\"]"));
        assert_eq!(shared, Frame::text("2[\"a\",\"0000\"]"));
        let before = shared.websocket().as_ptr();
        let alone = shared.stamped(b"5678", 2);
        assert_eq!(alone.message(), b"2[\"a\",\"5678\"]");
        assert_eq!(alone.websocket().as_ptr(), before, "a frame that nobody shares is not copied");
    }

    #[test]
    fn attachments_in_one_piece_stay_as_they_are() {
        let frame = Frame::joined_by(b'5', 8, &[b"0000\"]"], |out| out.extend_from_slice(b"1-[\"00\"]"));
        let parts = frame.stamped(b"ab", 2).split().collect::<Vec<_>>();
        assert_eq!(parts, [Frame::text("51-[\"ab\"]"), Frame::binary(b"0000\"]")]);
    }

    #[test]
    fn what_has_no_place_changes_nothing() {
        for (text, after) in [("12345678", 2), ("1", usize::MAX), ("1", 9)] {
            assert_eq!(Frame::text("2[]").stamped(text.as_bytes(), after), Frame::text("2[]"));
        }
    }
}
