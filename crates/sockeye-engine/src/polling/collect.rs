//! The body of a POST while it arrives.

use bytes::{Buf, Bytes};

/// Pieces of a body, joined. One piece alone is not copied.
#[derive(Default)]
pub(super) struct Collected {
    only: Bytes,
    joined: Vec<u8>,
}

/// The body is longer than the limit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLarge;

impl Collected {
    pub(super) fn push(&mut self, mut data: impl Buf, limit: usize) -> Result<(), TooLarge> {
        let held = self.only.len() + self.joined.len();
        if data.remaining() > limit.saturating_sub(held) {
            *self = Self::default();
            return Err(TooLarge);
        }
        if held == 0 {
            self.only = data.copy_to_bytes(data.remaining());
            return Ok(());
        }
        self.reserve(data.remaining(), limit);
        self.joined.extend_from_slice(&std::mem::take(&mut self.only));
        while data.has_remaining() {
            let chunk = data.chunk();
            self.joined.extend_from_slice(chunk);
            let read = chunk.len();
            data.advance(read);
        }
        Ok(())
    }

    pub(super) fn take(&mut self) -> Bytes {
        if self.joined.is_empty() {
            return std::mem::take(&mut self.only);
        }
        std::mem::take(&mut self.joined).into()
    }

    /// Grows by a quarter or a step, never by what a header declares: a sender pays for what we hold. What is over the
    /// limit is not reserved, for it will not be kept.
    fn reserve(&mut self, more: usize, limit: usize) {
        let needed = self.only.len() + more;
        if self.joined.capacity() - self.joined.len() < needed {
            let ahead = STEP.max(self.joined.len() / 4).min(limit.saturating_sub(self.joined.len()));
            self.joined.reserve_exact(needed.max(ahead));
        }
    }
}

const STEP: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_piece_is_handed_on_as_it_is() {
        let piece = Bytes::from_static(b"4hello");
        let mut collected = Collected::default();
        collected.push(piece.clone(), 6).unwrap();
        assert_eq!(collected.take().as_ptr(), piece.as_ptr());
    }

    #[test]
    fn pieces_are_joined_in_order() {
        let mut collected = Collected::default();
        for piece in ["4a", "", "b", "c\u{1e}4d"] {
            collected.push(piece.as_bytes(), 100).unwrap();
        }
        assert_eq!(collected.take(), "4abc\u{1e}4d");
        assert_eq!(collected.take(), "");
    }

    #[test]
    fn the_limit_holds_over_all_pieces_and_frees_what_was_held() {
        let mut collected = Collected::default();
        collected.push(&b"12345"[..], 10).unwrap();
        collected.push(&b"67890"[..], 10).unwrap();
        assert_eq!(collected.push(&b"1"[..], 10), Err(TooLarge));
        assert_eq!(collected.joined.capacity(), 0);
    }

    #[test]
    fn a_long_body_does_not_double() {
        let mut collected = Collected::default();
        for _ in 0..1000 {
            collected.push(&[b'x'; 1000][..], 1_000_000).unwrap();
        }
        assert_eq!(collected.joined.capacity(), 1_000_000, "nor does it reserve what may not come");
        assert_eq!(collected.take().len(), 1_000_000);
    }
}
