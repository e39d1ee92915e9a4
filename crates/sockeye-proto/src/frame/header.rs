//! The header of a websocket frame that the server sends (RFC 6455, section 5.2): final, unmasked.

/// What follows the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opcode {
    Text = 0x1,
    Binary = 0x2,
    #[cfg(feature = "websocket")]
    Close = 0x8,
    #[cfg(feature = "websocket")]
    Pong = 0xa,
}

/// Two to ten bytes.
///
/// Written here and not by the frame types of the websocket library, because every [`Frame`](crate::Frame) carries
/// one, with the feature `websocket` or without; a test holds both to the same bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    bytes: [u8; Self::MAX],
    len: u8,
}

impl Header {
    pub(crate) const MAX: usize = 10;

    pub(crate) fn new(opcode: Opcode, payload: usize) -> Self {
        let first = 0x80 | opcode as u8;
        let mut bytes = [0; Self::MAX];
        if let Ok(short @ 0..=125) = u8::try_from(payload) {
            bytes[0] = first;
            bytes[1] = short;
            return Self { bytes, len: 2 };
        }
        if let Ok(medium) = u16::try_from(payload) {
            let [a, b] = medium.to_be_bytes();
            bytes[..4].copy_from_slice(&[first, 126, a, b]);
            return Self { bytes, len: 4 };
        }
        bytes[0] = first;
        bytes[1] = 127;
        bytes[2..].copy_from_slice(&(payload as u64).to_be_bytes());
        Self { bytes, len: 10 }
    }

    /// The same for a compressed message: RSV1 is set (RFC 7692, section 6).
    #[cfg(feature = "websocket")]
    pub(crate) fn compressed(opcode: Opcode, payload: usize) -> Self {
        let mut header = Self::new(opcode, payload);
        header.bytes[0] |= 0x40;
        header
    }

    /// Reads what [`new`](Self::new) has written: its length, whether it is of a binary message, and how long that is.
    pub(crate) fn read(bytes: &[u8]) -> Option<(u8, bool, usize)> {
        let (&[first, short], rest) = bytes.split_first_chunk()?;
        let binary = first & 0x0f == Opcode::Binary as u8;
        let (len, payload) = match short {
            126 => (4, u16::from_be_bytes(*rest.first_chunk()?).into()),
            127 => (10, u64::from_be_bytes(*rest.first_chunk()?)),
            short => (2, short.into()),
        };
        Some((len, binary, usize::try_from(payload).ok()?))
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.len.into()).unwrap_or(&self.bytes)
    }

    /// Bytes that a header takes in front of so many.
    pub(crate) const fn len_for(payload: usize) -> usize {
        match payload {
            0..=125 => 2,
            126..=0xffff => 4,
            _ => Self::MAX,
        }
    }

    /// Length in bytes: 2, 4 or 10.
    pub(crate) fn len(self) -> u8 {
        self.len
    }
}
