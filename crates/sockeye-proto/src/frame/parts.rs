//! A packet and its attachments in one piece: what it is made of.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{Frame, header::Header};
use crate::engine::payload::SEPARATOR;

/// One message of a [`Frame`] or a [`Group`](crate::Group), where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    bytes: &'a [u8],
    header: u8,
    binary: bool,
}

impl<'a> Part<'a> {
    /// All bytes as they go on a websocket.
    pub fn websocket(self) -> &'a [u8] {
        self.bytes
    }

    /// The message without websocket header and, when it is text, without the packet type.
    pub fn message(self) -> &'a [u8] {
        let start = usize::from(self.header) + usize::from(!self.binary);
        self.bytes.get(start..).unwrap_or_default()
    }

    /// Whether this is a binary message.
    pub fn is_binary(self) -> bool {
        self.binary
    }

    /// Bytes in a polling payload, without separator: `4` and text, or `b` and base64.
    fn polling_len(self) -> usize {
        let message = self.message().len();
        1 + if self.binary { message.div_ceil(3) * 4 } else { message }
    }

    fn write_polling(self, out: &mut Vec<u8>) {
        if !self.binary {
            out.extend_from_slice(self.bytes.get(usize::from(self.header)..).unwrap_or_default());
            return;
        }
        let start = out.len() + 1;
        out.push(b'b');
        out.resize(out.len() + self.polling_len() - 1, 0);
        let written = STANDARD.encode_slice(self.message(), out.get_mut(start..).unwrap_or_default());
        debug_assert!(written.is_ok(), "polling_len() is the length of the encoding");
    }

    /// All of a frame, as if it were one message.
    pub(super) fn of(frame: &'a Frame) -> Self {
        Self { bytes: &frame.bytes, header: frame.header, binary: frame.binary }
    }

    /// The first message of several.
    pub(super) fn first(self) -> Self {
        Self::cut(self.bytes).map_or(self, |(first, _)| first)
    }

    /// The first message of `bytes`, and what follows it.
    fn cut(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (header, binary, payload) = Header::read(bytes)?;
        let end = usize::from(header).checked_add(payload)?;
        let (bytes, rest) = bytes.split_at_checked(end)?;
        Some((Self { bytes, header, binary }, rest))
    }
}

/// The messages of a frame.
#[derive(Clone, Debug)]
pub(crate) struct Parts<'a> {
    next: Option<Part<'a>>,
    rest: &'a [u8],
}

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        let part = self.next.take();
        if !self.rest.is_empty()
            && let Some((next, rest)) = Part::cut(self.rest)
        {
            self.next = Some(next);
            self.rest = rest;
        }
        part
    }
}

/// # What it is made of
impl Frame {
    /// Its messages in their order: one, or a packet and its attachments in one piece.
    pub fn parts(&self) -> impl Iterator<Item = Part<'_>> + Clone {
        self.pieces()
    }

    #[inline]
    pub(crate) fn pieces(&self) -> Parts<'_> {
        if self.joined {
            let (first, rest) = Part::cut(&self.bytes).unzip();
            return Parts { next: first, rest: rest.unwrap_or_default() };
        }
        Parts { next: Some(Part::of(self)), rest: &[] }
    }

    /// Whether it is a packet and its attachments in one piece.
    pub fn is_joined(&self) -> bool {
        self.joined
    }

    /// Its first message, as a frame of its own that shares the bytes.
    pub(crate) fn alone(mut self) -> Self {
        if self.joined {
            let len = self.first().bytes.len();
            self.bytes.truncate(len);
            self.joined = false;
        }
        self
    }

    /// Its messages, each as a frame of its own that shares the bytes.
    pub fn split(self) -> impl DoubleEndedIterator<Item = Self> {
        let frames: Vec<Self> = self
            .pieces()
            .map(|part| Self {
                bytes: self.bytes.slice_ref(part.bytes),
                header: part.header,
                binary: part.binary,
                joined: false,
                compress: self.compress,
                #[cfg(feature = "websocket")]
                shared: None,
            })
            .collect();
        frames.into_iter()
    }

    /// Bytes in a polling payload, without a separator in front.
    pub fn polling_len(&self) -> usize {
        let (packets, bytes) =
            self.pieces().fold((0, 0), |(packets, bytes), part| (packets + 1, bytes + part.polling_len()));
        bytes + packets - 1
    }

    /// Appends the packet as it stands in a polling payload, without a separator in front; attachments in one piece with
    /// it follow with one each.
    pub fn write_polling(&self, out: &mut Vec<u8>) {
        for (at, part) in self.pieces().enumerate() {
            if at > 0 {
                out.push(SEPARATOR);
            }
            part.write_polling(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text `52-[]`, which tells nothing of how many there are.
    fn joined(attachments: &[&[u8]]) -> Frame {
        Frame::joined_by(b'5', 4, attachments, |out| out.extend_from_slice(b"2-[]"))
    }

    #[test]
    fn its_messages_are_those_that_would_be_framed_one_by_one() {
        let long = vec![7; 70_000];
        for attachments in [&[&b""[..], b"\x02\x7f"][..], &[&long[..126], &long[..125], &long, b""], &[]] {
            let frame = joined(attachments);
            let mut apart = vec![Frame::text("52-[]")];
            apart.extend(attachments.iter().map(|bytes| Frame::binary(bytes)));
            assert_eq!(frame.is_joined(), !attachments.is_empty());
            assert_eq!(frame.len(), apart.iter().map(Frame::len).sum::<usize>());
            let websocket: Vec<u8> = apart.iter().flat_map(|frame| frame.websocket().to_vec()).collect();
            assert_eq!(frame.websocket(), websocket);
            assert_eq!(frame.message(), b"52-[]");
            assert!(!frame.is_binary());
            assert!(frame.parts().eq(apart.iter().flat_map(Frame::parts)));
            let (mut one, mut other) = (Vec::new(), Vec::new());
            frame.write_polling(&mut one);
            for (at, frame) in apart.iter().enumerate() {
                other.extend((at > 0).then_some(SEPARATOR));
                frame.write_polling(&mut other);
            }
            assert_eq!(one, other);
            assert_eq!(one.len(), frame.polling_len());
            let plain = frame.compress(false).split().collect::<Vec<_>>();
            assert_eq!(plain, apart);
            assert!(plain.iter().all(|frame| !frame.may_compress() && !frame.is_joined()));
        }
    }
}
