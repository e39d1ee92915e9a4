//! The length of text that needs no look: neither quote nor backslash nor control character.

use wide::i8x16;

/// Bytes looked at in one vector.
const BLOCK: usize = 16;

/// How many bytes at the front may stand in a JSON string as they are.
fn plain(bytes: &[u8]) -> usize {
    plain_at_end(bytes, bytes)
}

/// Whether all of it may stand in a JSON string as it is.
pub(in crate::socket) fn is_plain(bytes: &[u8]) -> bool {
    plain(bytes) == bytes.len()
}

/// Whether the last `len` bytes of `whole` may stand in a JSON string as they are.
#[inline]
pub(in crate::socket) fn ends_plain(whole: &[u8], len: usize) -> bool {
    match (whole.last_chunk(), BLOCK.checked_sub(len)) {
        (Some(last), Some(before)) => specials(last) >> (before & 31) == 0,
        (Some(last), None) if len <= 2 * BLOCK => {
            // Both ends of it, which meet.
            let front = whole.get(whole.len().saturating_sub(len)..).and_then(|text| text.first_chunk());
            front.is_some_and(|front| specials(front) | specials(last) == 0)
        }
        _ => whole.get(whole.len().saturating_sub(len)..).is_some_and(is_plain),
    }
}

/// How many bytes at the front of `rest`, with which `whole` ends, may stand in a JSON string as they are.
///
/// Names, keys and most strings end in the first block.
#[inline]
pub(in crate::socket) fn plain_at_end(whole: &[u8], rest: &[u8]) -> usize {
    short(rest).unwrap_or_else(|| beyond(whole, rest))
}

/// How many bytes at the front may stand in a JSON string as they are, if the first block tells.
#[inline]
pub(in crate::socket) fn short(rest: &[u8]) -> Option<usize> {
    match specials(rest.first_chunk()?) {
        0 => None,
        found => Some(found.trailing_zeros() as usize),
    }
}

/// [`plain_at_end`] where a first block holds nothing special, or is not there.
#[inline(never)]
fn beyond(whole: &[u8], rest: &[u8]) -> usize {
    let mut left = rest;
    if let Some((_, behind)) = rest.split_first_chunk::<BLOCK>() {
        // Most of what is longer than one block ends in the second.
        if let Some(block) = behind.first_chunk() {
            let found = specials(block);
            if found != 0 {
                return BLOCK.saturating_add(found.trailing_zeros() as usize);
            }
        }
        left = behind;
    }
    while let Some((pair, behind)) = left.split_first_chunk()
        && !any_special(pair)
    {
        left = behind;
    }
    while let Some((block, behind)) = left.split_first_chunk() {
        let found = specials(block);
        if found != 0 {
            return rest.len().saturating_sub(left.len()).saturating_add(found.trailing_zeros() as usize);
        }
        left = behind;
    }
    let found = match whole.last_chunk() {
        // The last block, of which what stands in front of the place does not count.
        Some(last) => specials(last) >> (BLOCK.saturating_sub(left.len()) & 31),
        None => {
            let mut block = [b' '; BLOCK];
            if let Some(front) = block.get_mut(..left.len()) {
                front.copy_from_slice(left);
            }
            specials(&block)
        }
    };
    let here = if found == 0 { left.len() } else { found.trailing_zeros() as usize };
    rest.len().saturating_sub(left.len()).saturating_add(here)
}

/// One bit for each byte, the first one lowest: set where it may not stand in a JSON string as it is.
#[inline]
fn specials(block: &[u8; BLOCK]) -> u32 {
    judged(block).to_bitmask()
}

/// Whether there is such a byte in two blocks.
#[inline]
fn any_special(pair: &[u8; 2 * BLOCK]) -> bool {
    match pair.as_chunks() {
        ([one, other], _) => (judged(one) | judged(other)).any(),
        _ => false,
    }
}

/// All bits of the bytes that are special.
#[inline]
fn judged(block: &[u8; BLOCK]) -> i8x16 {
    let bytes = i8x16::new(block.map(u8::cast_signed));
    // Two bits are changed: the sign, for comparisons are signed, and the one by which a quote changes its place with a
    // space. What is then below 0x21 was a control character or a quote.
    let moved = bytes ^ i8x16::splat(0x82_u8.cast_signed());
    let low = i8x16::splat(0xa1_u8.cast_signed()).simd_gt(moved);
    low | bytes.simd_eq(i8x16::splat(b'\\'.cast_signed()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_special(byte: u8) -> bool {
        matches!(byte, b'"' | b'\\' | 0..0x20)
    }

    fn byte_by_byte(bytes: &[u8], from: usize) -> usize {
        bytes.iter().skip(from).position(|byte| is_special(*byte)).map_or(bytes.len(), |at| from + at)
    }

    #[test]
    fn every_byte_is_found_at_every_place() {
        for byte in 0..=u8::MAX {
            for len in 1..=4 * BLOCK + 9 {
                for at in 0..len {
                    let mut bytes = vec![b'x'; len];
                    bytes[at] = byte;
                    assert_eq!(plain(&bytes), byte_by_byte(&bytes, 0), "{byte} at {at} of {len}");
                    assert_eq!(is_plain(&bytes), !is_special(byte), "{byte} at {at} of {len}");
                    for end in [0, 1, len - at - 1, len - at, len] {
                        let plain = end < len - at || !is_special(byte);
                        assert_eq!(
                            ends_plain(&bytes, end),
                            plain || end == 0,
                            "{byte} at {at} of {len}: {end}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_bit_tells_of_its_byte_alone() {
        for byte in 0..=u8::MAX {
            for other in [b'x', b'"', b'\\', 0, 0x1f, 0x20, 0x80, 0xff] {
                for at in 0..BLOCK {
                    let mut block = [other; BLOCK];
                    block[at] = byte;
                    let bits =
                        block.iter().rev().fold(0, |bits, byte| bits << 1 | u32::from(is_special(*byte)));
                    assert_eq!(specials(&block), bits, "{block:?}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_judged_as_byte_by_byte(
            bytes in prop::collection::vec(
                prop_oneof![20 => 0x20_u8.., 1 => any::<u8>(), 1 => 0x1e_u8..0x24, 1 => 0x5a_u8..0x5e],
                0..200,
            ),
            from in 0_usize..220,
        ) {
            prop_assert_eq!(plain(&bytes), byte_by_byte(&bytes, 0));
            prop_assert_eq!(is_plain(&bytes), byte_by_byte(&bytes, 0) == bytes.len());
            let from = from.min(bytes.len());
            prop_assert_eq!(from + plain_at_end(&bytes, &bytes[from..]), byte_by_byte(&bytes, from));
        }
    }
}
