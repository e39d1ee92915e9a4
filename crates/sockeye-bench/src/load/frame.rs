//! WebSocket frames as a client sees them: masked ones are built once, those of the server are counted by their headers.

/// The opcode of a text frame.
pub(crate) const TEXT: u8 = 1;
/// The opcode of a binary frame.
pub(crate) const BINARY: u8 = 2;
/// The opcode that closes.
pub(crate) const CLOSE: u8 = 8;

/// A whole frame of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frame<'a> {
    pub(crate) opcode: u8,
    pub(crate) payload: &'a [u8],
}

impl Frame<'_> {
    /// Whether this is the ping of Engine.IO, which wants a `3`.
    pub(crate) fn is_ping(&self) -> bool {
        self.opcode == TEXT && self.payload == b"2"
    }
}

/// The whole frames at the start of what was read, one after the other.
#[derive(Debug)]
pub(crate) struct Frames<'a> {
    rest: &'a [u8],
}

impl<'a> Frames<'a> {
    pub(crate) fn of(read: &'a [u8]) -> Self {
        Self { rest: read }
    }

    /// What is no whole frame yet.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl<'a> Iterator for Frames<'a> {
    type Item = Frame<'a>;

    fn next(&mut self) -> Option<Frame<'a>> {
        let (&first, &second) = (self.rest.first()?, self.rest.get(1)?);
        let (head, length) = match second & 0x7f {
            126 => (4, usize::from(u16::from_be_bytes(self.rest.get(2..4)?.try_into().ok()?))),
            127 => {
                let length = u64::from_be_bytes(self.rest.get(2..10)?.try_into().ok()?);
                (10, usize::try_from(length).ok()?)
            }
            short => (2, usize::from(short)),
        };
        let payload = self.rest.get(head..head + length)?;
        self.rest = &self.rest[head + length..];
        Some(Frame { opcode: first & 0x0f, payload })
    }
}

/// A final frame, masked as every client must mask.
pub(crate) fn masked(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x80 | opcode];
    match payload.len() {
        length @ 0..126 => frame.push(0x80 | u8::try_from(length).unwrap_or_default()),
        length @ 126..=0xffff => {
            frame.push(0x80 | 126);
            frame.extend(u16::try_from(length).unwrap_or_default().to_be_bytes());
        }
        length => {
            frame.push(0x80 | 127);
            frame.extend((length as u64).to_be_bytes());
        }
    }
    frame.extend(MASK);
    frame.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

/// The same, of a text.
pub(crate) fn text(payload: &str) -> Vec<u8> {
    masked(TEXT, payload.as_bytes())
}

/// Any but zero, which a server might treat as nothing to do.
const MASK: [u8; 4] = [0x5a, 0xc3, 0x17, 0x88];

#[cfg(test)]
mod tests {
    use super::{BINARY, Frame, Frames, MASK, TEXT, masked};

    /// As a server frames it.
    fn framed(opcode: u8, payload: &[u8]) -> Vec<u8> {
        let mut frame = masked(opcode, payload);
        let head = frame.len() - payload.len() - 4;
        frame.drain(head..head + 4);
        frame[1] &= 0x7f;
        let length = frame.len();
        frame[length - payload.len()..].copy_from_slice(payload);
        frame
    }

    #[test]
    fn every_length_of_a_header_is_read() {
        for length in [0, 1, 125, 126, 127, 65_535, 65_536, 70_000] {
            let payload = vec![b'x'; length];
            let bytes = framed(TEXT, &payload);
            let mut frames = Frames::of(&bytes);
            assert_eq!(frames.next(), Some(Frame { opcode: TEXT, payload: &payload }), "{length}");
            assert_eq!((frames.next(), frames.rest()), (None, &[][..]));
        }
    }

    #[test]
    fn frames_are_counted_the_same_wherever_reads_split_them() {
        let mut bytes = Vec::new();
        for (opcode, length) in [(TEXT, 3), (BINARY, 200), (TEXT, 0), (TEXT, 125), (BINARY, 1024)] {
            bytes.extend(framed(opcode, &vec![b'y'; length]));
        }
        for step in 1..bytes.len() {
            let (mut left, mut lengths) = (Vec::new(), Vec::new());
            for piece in bytes.chunks(step) {
                left.extend_from_slice(piece);
                let mut frames = Frames::of(&left);
                lengths.extend(frames.by_ref().map(|frame| (frame.opcode, frame.payload.len())));
                left = frames.rest().to_vec();
            }
            assert_eq!(lengths, [(TEXT, 3), (BINARY, 200), (TEXT, 0), (TEXT, 125), (BINARY, 1024)], "{step}");
            assert!(left.is_empty());
        }
    }

    #[test]
    fn a_ping_is_told_from_an_event() {
        let ping = framed(TEXT, b"2");
        assert!(Frames::of(&ping).all(|frame| frame.is_ping()));
        let event = framed(TEXT, b"42[\"echo\"]");
        assert!(!Frames::of(&event).any(|frame| frame.is_ping()));
    }

    #[test]
    fn what_is_masked_can_be_unmasked() {
        let frame = masked(TEXT, b"hello");
        let plain: Vec<u8> =
            frame[6..].iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
        assert_eq!((frame[0], frame[1], plain.as_slice()), (0x81, 0x85, &b"hello"[..]));
    }
}
