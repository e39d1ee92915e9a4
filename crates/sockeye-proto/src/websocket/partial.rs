//! A frame header that may arrive in pieces.

use std::io::Cursor;

use tungstenite::protocol::frame::{FrameHeader, coding::OpCode};

use super::{Violation, mask::Mask};

/// What the header of a client's frame says, once it is legal in itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Opened {
    pub(super) opcode: OpCode,
    pub(super) last: bool,
    /// RSV1 is set, which it may be where compression was negotiated.
    pub(super) compressed: bool,
    pub(super) mask: Mask,
    pub(super) length: u64,
}

/// The first bytes of a header whose rest has not come yet.
#[derive(Debug)]
pub(super) struct PartialHeader {
    bytes: [u8; Self::MAX],
    len: u8,
    /// RSV1 has a meaning.
    extended: bool,
}

impl PartialHeader {
    /// Two bytes, eight of length, four of mask (RFC 6455, section 5.2).
    const MAX: usize = 14;

    pub(super) fn new() -> Self {
        Self { bytes: [0; Self::MAX], len: 0, extended: false }
    }

    /// Whether no header has begun.
    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// From now on RSV1 says that a message is compressed.
    pub(super) fn extend(&mut self) {
        self.extended = true;
    }

    /// Reads from the front of `input`; answers the bytes consumed and the header when it is complete. When it is not,
    /// all of `input` is kept.
    pub(super) fn read(&mut self, input: &[u8]) -> (usize, Result<Option<Opened>, Violation>) {
        if self.len == 0 {
            let mut cursor = Cursor::new(input);
            let parsed = parse(&mut cursor, self.extended);
            if parsed != Ok(None) {
                return (consumed(&cursor, 0), parsed);
            }
        }
        let kept = usize::from(self.len);
        for (slot, byte) in self.bytes.iter_mut().skip(kept).zip(input) {
            *slot = *byte;
            self.len = self.len.saturating_add(1);
        }
        let mut cursor = Cursor::new(self.bytes.get(..usize::from(self.len)).unwrap_or(&self.bytes));
        let parsed = parse(&mut cursor, self.extended);
        if parsed == Ok(None) {
            return (usize::from(self.len).saturating_sub(kept), parsed);
        }
        let consumed = consumed(&cursor, kept);
        self.len = 0;
        (consumed, parsed)
    }
}

/// How much of the input lies before the cursor when `kept` bytes came earlier.
fn consumed(cursor: &Cursor<&[u8]>, kept: usize) -> usize {
    usize::try_from(cursor.position()).map_or(0, |position| position.saturating_sub(kept))
}

/// The header at the cursor, if it is all there and a client may send it.
///
/// A length in more bytes than it needs is taken, as other servers take it.
fn parse(cursor: &mut Cursor<&[u8]>, extended: bool) -> Result<Option<Opened>, Violation> {
    // The opcode is all that the library judges.
    let Some((header, length)) = FrameHeader::parse(cursor).map_err(|_| Violation::UnknownOpcode)? else {
        return Ok(None);
    };
    if (header.rsv1 && !extended) || header.rsv2 || header.rsv3 {
        return Err(Violation::ReservedBit);
    }
    let Some(key) = header.mask else {
        return Err(Violation::Unmasked);
    };
    Ok(Some(Opened {
        opcode: header.opcode,
        last: header.is_final,
        compressed: header.rsv1,
        mask: Mask::new(key),
        length,
    }))
}
