//! Serializing straight into a frame.

use std::{fmt, io};

use bytes::{Buf, Bytes};

use super::{
    Frame,
    header::{Header, Opcode},
    scratch::Scratch,
};

/// Builds a text [`Frame`] from a body that is written first and a prefix that is known last.
///
/// The number of attachments stands before the arguments on the wire but is known only after they were serialized, and
/// the length of a websocket frame stands before everything. Both find their place in room kept free at the front of a
/// buffer of the thread, from which the frame is copied into one allocation of exactly its length. A frame beyond 64 KiB
/// leaves in the buffer it was written in.
///
/// A builder that lives on while another is made keeps that buffer, of up to 64 KiB, until it is finished or dropped.
///
/// ```
/// use sockeye_proto::FrameBuilder;
///
/// let mut builder = FrameBuilder::with_prefix(16);
/// serde_json::to_writer(&mut builder, &["hello"])?;
/// let frame = builder.finish(b"2/chat,");
/// assert_eq!(frame.message(), br#"2/chat,["hello"]"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct FrameBuilder {
    buffer: Scratch,
    headroom: usize,
}

impl FrameBuilder {
    /// A builder with room for a prefix of `prefix` bytes; a longer one still works and costs a copy.
    pub fn with_prefix(prefix: usize) -> Self {
        let headroom = Header::MAX + 1 + prefix;
        Self { buffer: Scratch::of(headroom), headroom }
    }

    /// Adds bytes to the body. The whole has to be UTF-8 in the end: it leaves as a text message.
    #[inline]
    pub fn extend(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Takes back what was written after the first `len` bytes of the body.
    pub fn truncate(&mut self, len: usize) {
        self.buffer.truncate(self.headroom.saturating_add(len));
    }

    /// The body so far.
    pub fn as_slice(&self) -> &[u8] {
        self.buffer.get(self.headroom..).unwrap_or_default()
    }

    /// What was written so far, and bytes without meaning before it.
    #[inline]
    pub(crate) fn written(&self) -> &[u8] {
        &self.buffer
    }

    /// Bytes of the body so far.
    pub fn len(&self) -> usize {
        self.buffer.len() - self.headroom
    }

    /// Whether nothing has been written yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The frame: header, `4`, `prefix`, body.
    #[must_use]
    pub fn finish(self, prefix: &[u8]) -> Frame {
        self.finish_behind(&[prefix])
    }

    /// The same with a prefix in several pieces.
    pub(crate) fn finish_behind(self, prefix: &[&[u8]]) -> Frame {
        self.finish_joined(prefix, &[])
    }

    /// The same in one piece with attachments.
    pub(crate) fn finish_joined(mut self, prefix: &[&[u8]], attachments: &[Frame]) -> Frame {
        let prefix_len = prefix.iter().fold(0, |sum, piece| sum + piece.len());
        let header = Header::new(Opcode::Text, 1 + prefix_len + self.len());
        let front = usize::from(header.len()) + 1 + prefix_len;
        let start = match self.headroom.checked_sub(front) {
            Some(start) => start,
            None => {
                self.buffer.splice(..0, std::iter::repeat_n(0, front - self.headroom));
                self.headroom = front;
                0
            }
        };
        let room = self.buffer.get_mut(start..self.headroom).unwrap_or_default();
        // Each length apart: then it is one store and no call.
        let room = match *header.as_slice() {
            [a, b] => put(room, [a, b, b'4']),
            [a, b, c, d] => put(room, [a, b, c, d, b'4']),
            ref long => put_slice(put_slice(room, long), b"4"),
        };
        prefix.iter().fold(room, |room, piece| match **piece {
            [] => room,
            [byte] => put(room, [byte]),
            ref piece => put_slice(room, piece),
        });
        if attachments.is_empty() {
            return Frame::framed(exact(self.buffer, start), header, false);
        }
        let text = self.buffer.get(start..).unwrap_or_default();
        let len = attachments.iter().fold(text.len(), |sum, frame| sum.saturating_add(frame.len()));
        let mut bytes = Vec::with_capacity(len);
        bytes.extend_from_slice(text);
        attachments.iter().for_each(|frame| bytes.extend_from_slice(frame.websocket()));
        Frame::of_several(bytes, header, true)
    }
}

impl io::Write for FrameBuilder {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.extend(bytes);
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.extend(bytes);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Write for FrameBuilder {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.extend(text.as_bytes());
        Ok(())
    }
}

/// Writes at the front; answers what is left.
fn put<const N: usize>(room: &mut [u8], bytes: [u8; N]) -> &mut [u8] {
    let Some((front, rest)) = room.split_first_chunk_mut() else { return &mut [] };
    *front = bytes;
    rest
}

fn put_slice<'a>(room: &'a mut [u8], bytes: &[u8]) -> &'a mut [u8] {
    let (front, rest) = room.split_at_mut_checked(bytes.len()).unwrap_or_default();
    front.copy_from_slice(bytes.get(..front.len()).unwrap_or_default());
    rest
}

/// The bytes from `start` on, in no more memory than they need: what waits in an outbox weighs what it counts.
fn exact(buffer: Scratch, start: usize) -> Bytes {
    if !buffer.is_outgrown() {
        return Bytes::copy_from_slice(buffer.get(start..).unwrap_or_default());
    }
    let mut bytes = Bytes::from(buffer.into_vec().into_boxed_slice());
    // A slice would share the allocation, which takes another one.
    bytes.advance(start);
    bytes
}
