//! Serializing straight into a frame.

use std::{fmt, io};

use bytes::{Buf, Bytes};

use super::{
    Frame,
    header::{Header, Opcode},
};

/// Builds a text [`Frame`] from a body that is written first and a prefix that is known last.
///
/// The number of attachments stands before the arguments on the wire but is known only after they were serialized, and
/// the length of a websocket frame stands before everything. Both find their place in room kept free at the front, so
/// an event is serialized once, into the allocation it leaves in.
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
    buffer: Vec<u8>,
    headroom: usize,
}

impl FrameBuilder {
    /// A builder with room for a prefix of `prefix` bytes; a longer one still works and costs a copy.
    pub fn with_prefix(prefix: usize) -> Self {
        let headroom = Header::MAX + 1 + prefix;
        let mut buffer = Vec::with_capacity(headroom + USUAL_BODY);
        buffer.resize(headroom, 0);
        Self { buffer, headroom }
    }

    /// Adds bytes to the body. The whole has to be UTF-8 in the end: it leaves as a text message.
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
    pub fn finish(mut self, prefix: &[u8]) -> Frame {
        let header = Header::new(Opcode::Text, 1 + prefix.len() + self.len());
        let front = usize::from(header.len()) + 1 + prefix.len();
        let start = match self.headroom.checked_sub(front) {
            Some(start) => start,
            None => {
                self.buffer.splice(..0, std::iter::repeat_n(0, front - self.headroom));
                self.headroom = front;
                0
            }
        };
        let room = self.buffer.get_mut(start..self.headroom).unwrap_or_default();
        for (slot, byte) in room.iter_mut().zip(header.as_slice().iter().chain(b"4").chain(prefix)) {
            *slot = *byte;
        }
        Frame::framed(exact(self.buffer, start), header, false)
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

/// The bytes from `start` on, in no more memory than they need: what waits in an outbox weighs what it counts.
fn exact(buffer: Vec<u8>, start: usize) -> Bytes {
    if start > buffer.len() / 8 {
        // A short one: copying it costs less than the room in front of it.
        return Bytes::copy_from_slice(buffer.get(start..).unwrap_or_default());
    }
    let mut bytes = Bytes::from(buffer.into_boxed_slice());
    // A slice would share the allocation, which takes another one.
    bytes.advance(start);
    bytes
}

/// Most events are shorter than this, so most bodies never grow.
const USUAL_BODY: usize = 160;
