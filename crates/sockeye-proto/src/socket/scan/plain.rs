//! The length of text that needs no look: neither quote nor backslash nor control character.

/// How many bytes at the front may stand in a JSON string as they are.
///
/// Blocks without anything else are skipped whole, in a form that becomes a few vector instructions each; the place is
/// then looked for eight bytes at a time.
pub(in crate::socket) fn plain(bytes: &[u8]) -> usize {
    // Names and keys are short.
    if let Some(place) = bytes.first_chunk().and_then(place) {
        return place;
    }
    let (blocks, _) = bytes.as_chunks::<BLOCK>();
    let skipped = blocks.iter().take_while(|block| !holds_special(block)).count().saturating_mul(BLOCK);
    let (words, _) = bytes.get(skipped..).unwrap_or_default().as_chunks();
    let mut at = skipped;
    for word in words {
        if let Some(place) = place(word) {
            return at.saturating_add(place);
        }
        at = at.saturating_add(WORD);
    }
    // The last word once more, with what does not fill another; the bytes in front of that are known to be plain.
    if let Some(last) = bytes.last_chunk() {
        return place(last)
            .map_or(bytes.len(), |place| bytes.len().saturating_sub(WORD).saturating_add(place));
    }
    bytes.iter().position(|byte| is_special(*byte)).unwrap_or(bytes.len())
}

/// Whether all of it may stand in a JSON string as it is.
pub(in crate::socket) fn is_plain(bytes: &[u8]) -> bool {
    match bytes.last_chunk() {
        Some(last) => !bytes.as_chunks().0.iter().any(holds_special) && !holds_special(last),
        None => plain(bytes) == bytes.len(),
    }
}

/// Bytes looked at in a few vectors.
const BLOCK: usize = 32;

/// Bytes looked at as one number.
const WORD: usize = 8;

/// Without a branch, so that it is done for all bytes at once.
#[inline]
fn holds_special(block: &[u8; BLOCK]) -> bool {
    // Three comparisons and not one `matches!`: that becomes a table of bits, which is looked into byte by byte.
    let found = block.map(|byte| u8::from(byte == b'"') | u8::from(byte == b'\\') | u8::from(byte < 0x20));
    found.iter().fold(0, |any, found| any | found) != 0
}

const fn is_special(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | 0..0x20)
}

/// Where the first special byte of a word stands.
const fn place(word: &[u8; WORD]) -> Option<usize> {
    let found = special(u64::from_le_bytes(*word));
    // The lowest byte is the first one.
    if found == 0 { None } else { Some(found.trailing_zeros() as usize / 8) }
}

/// The top bit of the first byte that is special, and perhaps of some behind it; 0 if there is none.
const fn special(word: u64) -> u64 {
    const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
    const TOPS: u64 = u64::from_ne_bytes([0x80; 8]);
    // A subtraction borrows from the next byte only where this one is below what is subtracted, and so found itself.
    let quote = word ^ u64::from_ne_bytes([b'"'; 8]);
    let backslash = word ^ u64::from_ne_bytes([b'\\'; 8]);
    let quotes = quote.wrapping_sub(ONES) & !quote;
    let backslashes = backslash.wrapping_sub(ONES) & !backslash;
    let controls = word.wrapping_sub(u64::from_ne_bytes([0x20; 8])) & !word;
    (quotes | backslashes | controls) & TOPS
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn byte_by_byte(bytes: &[u8]) -> usize {
        bytes.iter().position(|byte| is_special(*byte)).unwrap_or(bytes.len())
    }

    #[test]
    fn every_byte_is_found_at_every_place() {
        for byte in 0..=u8::MAX {
            for len in 1..=2 * BLOCK + 9 {
                for at in 0..len {
                    let mut bytes = vec![b'x'; len];
                    bytes[at] = byte;
                    assert_eq!(plain(&bytes), byte_by_byte(&bytes), "{byte} at {at} of {len}");
                    assert_eq!(is_plain(&bytes), !is_special(byte), "{byte} at {at} of {len}");
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
        ) {
            prop_assert_eq!(plain(&bytes), byte_by_byte(&bytes));
            prop_assert_eq!(is_plain(&bytes), byte_by_byte(&bytes) == bytes.len());
        }
    }
}
