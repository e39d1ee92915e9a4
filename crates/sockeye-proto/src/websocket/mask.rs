//! Unmasking (RFC 6455, section 5.3).

/// The mask of one frame, at the place where its unread payload begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mask([u8; 4]);

impl Mask {
    pub(super) fn new(key: [u8; 4]) -> Self {
        Self(key)
    }

    /// Unmasks the next bytes of the payload in place, eight at a time, and moves on behind them.
    pub(super) fn apply(&mut self, payload: &mut [u8]) {
        let [a, b, c, d] = self.0;
        let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
        // In pieces of one vector, then of a word: each ends on a whole mask.
        let (vectors, rest) = payload.as_chunks_mut();
        for vector in vectors {
            let wide = u128::from(wide) << 64 | u128::from(wide);
            *vector = (u128::from_ne_bytes(*vector) ^ wide).to_ne_bytes();
        }
        let (words, rest) = rest.as_chunks_mut();
        for word in words {
            *word = (u64::from_ne_bytes(*word) ^ wide).to_ne_bytes();
        }
        for (byte, key) in rest.iter_mut().zip(&wide.to_ne_bytes()) {
            *byte ^= key;
        }
        // Whole words leave the mask where it was.
        // As a number: to rotate four bytes as a slice takes three copies.
        let mask = u32::from_le_bytes(self.0);
        let moved = match rest.len() % 4 {
            0 => mask,
            1 => mask.rotate_right(8),
            2 => mask.rotate_right(16),
            _ => mask.rotate_right(24),
        };
        self.0 = moved.to_le_bytes();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_cut_unmasks_as_byte_by_byte(
            payload in prop::collection::vec(any::<u8>(), 0..100),
            key in any::<[u8; 4]>(),
            cuts in prop::collection::vec(0_usize..20, 0..10),
        ) {
            let expected: Vec<u8> = payload.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key).collect();
            let mut unmasked = payload;
            let mut mask = Mask::new(key);
            let mut rest = unmasked.as_mut_slice();
            for cut in cuts {
                let (piece, behind) = rest.split_at_mut(cut.min(rest.len()));
                mask.apply(piece);
                rest = behind;
            }
            mask.apply(rest);
            prop_assert_eq!(unmasked, expected);
        }
    }
}
