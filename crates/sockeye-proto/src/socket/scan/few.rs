//! Few bytes judged as numbers, without a loop: of a constant the compiler knows the answer.

/// Whether these are at most 16 bytes, all of which may stand in a JSON string as they are.
#[inline(always)]
pub(in crate::socket) fn is_short_and_plain(bytes: &[u8]) -> bool {
    const X: u8 = b'x';
    if bytes.len() > 16 {
        return false;
    }
    // Two pieces of a known length, which overlap or meet.
    if let (Some(front), Some(back)) = (bytes.first_chunk(), bytes.last_chunk()) {
        return is_plain(*front) && is_plain(*back);
    }
    match *bytes {
        [a, b, c, d, .., e, f, g] => is_plain([a, b, c, d, e, f, g, X]),
        [a, b, c, d, .., e, f] => is_plain([a, b, c, d, e, f, X, X]),
        [a, b, c, .., d, e] => is_plain([a, b, c, d, e, X, X, X]),
        [a, b, .., c, d] => is_plain([a, b, c, d, X, X, X, X]),
        [a, b, c] => is_plain([a, b, c, X, X, X, X, X]),
        [a, b] => is_plain([a, b, X, X, X, X, X, X]),
        [a] => is_plain([a, X, X, X, X, X, X, X]),
        [] => true,
    }
}

#[inline(always)]
const fn is_plain(bytes: [u8; 8]) -> bool {
    const LOW: u64 = each(0x7f);
    let word = u64::from_ne_bytes(bytes);
    let quote = word ^ each(b'"');
    let backslash = word ^ each(b'\\');
    // What is added to seven bits never reaches the next byte; the top bit is then set where the byte is none of these.
    let no_quote = (quote & LOW).wrapping_add(LOW) | quote;
    let no_backslash = (backslash & LOW).wrapping_add(LOW) | backslash;
    let no_control = (word & LOW).wrapping_add(each(0x60)) | word;
    no_quote & no_backslash & no_control | LOW == u64::MAX
}

const fn each(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_found_at_every_place() {
        for byte in 0..=u8::MAX {
            let plain = !matches!(byte, b'"' | b'\\' | 0..0x20);
            for len in 1..=16 {
                for at in 0..len {
                    let mut bytes = vec![b' '; len];
                    bytes[at] = byte;
                    assert_eq!(is_short_and_plain(&bytes), plain, "{byte} at {at} of {len}");
                }
            }
        }
        assert!(is_short_and_plain(b""));
        assert!(!is_short_and_plain(&[b'x'; 17]));
    }
}
