//! Frames, RFC 6455, section 5.2, as far as the load uses them: whole messages, masked by the client.

use bytes::Bytes;

pub(super) const TEXT: u8 = 1;
pub(super) const BINARY: u8 = 2;
pub(super) const CLOSE: u8 = 8;
pub(super) const PING: u8 = 9;
pub(super) const PONG: u8 = 10;

/// What stands before a payload.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) opcode: u8,
    pub(super) mask: [u8; 4],
    /// Where the payload begins.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
}

/// A frame that is not served: unmasked, of a fragmented message, or too long.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unsupported;

impl Head {
    /// The head of the frame that `bytes` begin with, once it is whole.
    pub(super) fn read(bytes: &[u8], max_payload: usize) -> Result<Option<Self>, Unsupported> {
        let Some(&[first, second]) = bytes.first_chunk() else { return Ok(None) };
        if first & 0xf0 != FIN || second & MASKED == 0 {
            return Err(Unsupported);
        }
        let (len, at) = match second & !MASKED {
            SHORT => match bytes.first_chunk() {
                Some(&[_, _, a, b]) => (u64::from(u16::from_be_bytes([a, b])), 4),
                None => return Ok(None),
            },
            LONG => match bytes.first_chunk() {
                Some(&[_, _, a, b, c, d, e, f, g, h]) => (u64::from_be_bytes([a, b, c, d, e, f, g, h]), 10),
                None => return Ok(None),
            },
            len => (u64::from(len), 2),
        };
        let len = usize::try_from(len).ok().filter(|len| *len <= max_payload).ok_or(Unsupported)?;
        let Some(&mask) = bytes.get(at..).and_then(|rest| rest.first_chunk()) else { return Ok(None) };
        let start = at + mask.len();
        Ok(Some(Self { opcode: first & 0x0f, mask, start, end: start + len }))
    }
}

/// Takes the mask off: eight bytes at a time, which the compiler turns into wider steps.
pub(super) fn unmask(payload: &mut [u8], mask: [u8; 4]) {
    let [a, b, c, d] = mask;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let (chunks, rest) = payload.as_chunks_mut::<8>();
    for chunk in chunks {
        *chunk = (u64::from_ne_bytes(*chunk) ^ wide).to_ne_bytes();
    }
    for (byte, mask) in rest.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= mask;
    }
}

/// Appends a frame whose payload is `parts` in a row.
pub(super) fn write(out: &mut Vec<u8>, opcode: u8, parts: &[&[u8]]) {
    let len: usize = parts.iter().map(|part| part.len()).sum();
    if let Ok(short) = u8::try_from(len)
        && short < SHORT
    {
        out.extend_from_slice(&[FIN | opcode, short]);
    } else if let Ok(len) = u16::try_from(len) {
        let [a, b] = len.to_be_bytes();
        out.extend_from_slice(&[FIN | opcode, SHORT, a, b]);
    } else {
        let [a, b, c, d, e, f, g, h] = (len as u64).to_be_bytes();
        out.extend_from_slice(&[FIN | opcode, LONG, a, b, c, d, e, f, g, h]);
    }
    for part in parts {
        out.extend_from_slice(part);
    }
}

/// A frame that many can share.
pub(super) fn shared(parts: &[&[u8]]) -> Bytes {
    let len: usize = parts.iter().map(|part| part.len()).sum();
    // In one exact allocation, which becomes `Bytes` as it is.
    let head = if len < usize::from(SHORT) {
        2
    } else if len <= usize::from(u16::MAX) {
        4
    } else {
        10
    };
    let mut frame = Vec::with_capacity(head + len);
    write(&mut frame, TEXT, parts);
    frame.into()
}

const FIN: u8 = 0x80;
const MASKED: u8 = 0x80;
/// The length is in two bytes.
const SHORT: u8 = 126;
/// The length is in eight bytes.
const LONG: u8 = 127;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_whatever_its_length() {
        for len in [0, 1, 7, 8, 9, 125, 126, 65_535, 65_536, 70_001] {
            let payload: Vec<u8> = (0..len).map(|n| (n % 251) as u8).collect();
            let mut frame = Vec::new();
            write(&mut frame, BINARY, &[&payload]);
            let head = frame.len() - len;
            // As a client would have sent it.
            let mask = [1, 2, 3, 250];
            frame[1] |= MASKED;
            frame.splice(head..head, mask);
            for (n, byte) in frame[head + 4..].iter_mut().enumerate() {
                *byte ^= mask[n % 4];
            }
            for cut in 0..head + 4 {
                assert_eq!(Head::read(&frame[..cut], 100_000), Ok(None));
            }
            let read = Head::read(&frame, 100_000).unwrap().unwrap();
            assert_eq!(read, Head { opcode: BINARY, mask, start: head + 4, end: frame.len() });
            unmask(&mut frame[read.start..read.end], mask);
            assert_eq!(frame[read.start..], payload);
        }
    }

    #[test]
    fn what_is_shared_is_in_one_exact_allocation() {
        for len in [0, 125, 126, 65_535, 65_536] {
            let payload = vec![0; len];
            let mut frame = Vec::new();
            write(&mut frame, TEXT, &[&payload]);
            let shared = Vec::from(shared(&[&payload]));
            assert_eq!((shared.capacity(), &shared), (frame.len(), &frame));
        }
    }

    #[test]
    fn what_is_not_served_is_refused() {
        assert_eq!(Head::read(&[0x01, 0x80], 9), Err(Unsupported), "a fragment");
        assert_eq!(Head::read(&[0x81, 0x00], 9), Err(Unsupported), "no mask");
        assert_eq!(Head::read(&[0xc1, 0x80], 9), Err(Unsupported), "compressed");
        assert_eq!(Head::read(&[0x81, 0x8a, 0, 0, 0, 0], 9), Err(Unsupported), "too long");
        assert!(Head::read(&[0x81, 0x89, 0, 0, 0, 0], 9).unwrap().is_some());
    }
}
