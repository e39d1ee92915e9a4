//! One outgoing message, framed once for every transport.

use std::fmt;
#[cfg(feature = "websocket")]
use std::sync::Arc;

use bytes::Bytes;

pub(crate) mod header;

mod builder;
mod parts;
mod scratch;
#[cfg(feature = "websocket")]
mod shared;
mod stamp;
#[cfg(test)]
mod tests;

pub use builder::FrameBuilder;
pub use parts::Part;

#[cfg(feature = "websocket")]
use shared::Shared;

use header::{Header, Opcode};

/// One outgoing Engine.IO message, as it goes on a websocket; or a packet and its attachments, which are several.
///
/// A packet with short attachments lies with them in one piece of memory, is queued as one, and is taken as one:
/// [`parts`](Self::parts) tells them apart.
///
/// Frames of a server are not masked, so the same bytes serve every recipient of a broadcast: a clone shares them.
/// Polling needs another form, which is written on demand ([`write_polling`](Self::write_polling)).
#[derive(Clone)]
pub struct Frame {
    /// Websocket header, then `4` and text, or the bytes.
    bytes: Bytes,
    header: u8,
    binary: bool,
    /// Other messages follow the first one in `bytes`.
    joined: bool,
    compress: bool,
    /// Compressed forms, for one that many recipients share.
    #[cfg(feature = "websocket")]
    shared: Option<Arc<Shared>>,
}

impl Frame {
    /// A text message; the packet type `4` is added.
    ///
    /// A polling client splits a payload at the character U+001E, so text with that character arrives in pieces there;
    /// JSON never contains it unescaped.
    pub fn text(message: &str) -> Self {
        Self::assemble(Opcode::Text, b"4", message.as_bytes())
    }

    /// A binary message.
    pub fn binary(message: &[u8]) -> Self {
        Self::assemble(Opcode::Binary, b"", message)
    }

    /// All bytes as they go on a websocket.
    pub fn websocket(&self) -> &[u8] {
        &self.bytes
    }

    /// The message without websocket header and, when it is text, without the packet type; of several the first one.
    pub fn message(&self) -> &[u8] {
        self.first().message()
    }

    /// Its only message, or the first.
    pub(crate) fn first(&self) -> Part<'_> {
        let whole = Part::of(self);
        if self.joined { whole.first() } else { whole }
    }

    /// Whether this is a binary message; of several the first one.
    pub fn is_binary(&self) -> bool {
        self.binary
    }

    /// Whether a transport that compresses may compress it. It may, unless [`compress`](Self::compress) says otherwise.
    pub fn may_compress(&self) -> bool {
        self.compress
    }

    /// Says whether a transport that compresses may compress it.
    #[must_use]
    pub fn compress(mut self, compress: bool) -> Self {
        self.compress = compress;
        self
    }

    /// Says that many will get this frame: its compressed forms are made once for all of them, when they are needed.
    #[must_use]
    #[cfg_attr(not(feature = "websocket"), expect(unused_mut, reason = "nothing is compressed"))]
    pub fn sharing(mut self) -> Self {
        #[cfg(feature = "websocket")]
        self.shared.get_or_insert_default();
        self
    }

    /// Bytes on a websocket, header included: what the outbox counts.
    #[expect(clippy::len_without_is_empty, reason = "a frame has a header, so it is never empty")]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    fn assemble(opcode: Opcode, kind: &[u8], message: &[u8]) -> Self {
        let header = Header::new(opcode, kind.len() + message.len());
        let bytes = Bytes::from([header.as_slice(), kind, message].concat());
        Self::framed(bytes, header, opcode == Opcode::Binary)
    }

    /// Some bytes that are a text message and others behind it.
    fn of_several(bytes: Vec<u8>, header: Header, joined: bool) -> Self {
        Self { joined, ..Self::framed(Bytes::from(bytes), header, false) }
    }

    /// A text message of `kind` and `len` bytes more, which `write` appends and which are UTF-8, and its attachments; the
    /// packet type `4` is added.
    #[inline]
    pub(crate) fn joined_by(
        kind: u8,
        len: usize,
        attachments: &[impl AsRef<[u8]>],
        write: impl FnOnce(&mut Vec<u8>),
    ) -> Self {
        let payload = len.saturating_add(2);
        let header = Header::new(Opcode::Text, payload);
        let behind = attachments.iter().fold(0_usize, |sum, bytes| {
            sum.saturating_add(Header::len_for(bytes.as_ref().len())).saturating_add(bytes.as_ref().len())
        });
        let len = payload.saturating_add(header.len().into()).saturating_add(behind);
        let mut out = Vec::with_capacity(len);
        // Each length apart: then it is one store and no call.
        match *header.as_slice() {
            [a, b] => out.extend_from_slice(&[a, b, b'4', kind]),
            [a, b, c, d] => out.extend_from_slice(&[a, b, c, d, b'4', kind]),
            ref long => {
                out.extend_from_slice(long);
                out.extend_from_slice(&[b'4', kind]);
            }
        }
        write(&mut out);
        for bytes in attachments {
            out.extend_from_slice(Header::new(Opcode::Binary, bytes.as_ref().len()).as_slice());
            out.extend_from_slice(bytes.as_ref());
        }
        debug_assert_eq!(out.len(), len, "the length was known");
        Self::of_several(out, header, !attachments.is_empty())
    }

    fn framed(bytes: Bytes, header: Header, binary: bool) -> Self {
        Self {
            bytes,
            header: header.len(),
            binary,
            joined: false,
            compress: true,
            #[cfg(feature = "websocket")]
            shared: None,
        }
    }
}

/// Compression on a websocket.
#[cfg(feature = "websocket")]
impl Frame {
    pub(crate) fn shared(&self) -> Option<&Shared> {
        self.shared.as_deref()
    }

    /// What is compressed: all but the header.
    pub(crate) fn payload(&self) -> &[u8] {
        self.bytes.get(usize::from(self.header)..).unwrap_or_default()
    }

    /// This frame with a compressed payload. It is for a websocket alone.
    pub(crate) fn deflated(&self, payload: &[u8]) -> Self {
        let opcode = if self.binary { Opcode::Binary } else { Opcode::Text };
        let header = Header::compressed(opcode, payload.len());
        let bytes = Bytes::from([header.as_slice(), payload].concat());
        Self::framed(bytes, header, self.binary)
    }
}

/// The same bytes to the same end; whether they may be compressed is no part of it.
impl PartialEq for Frame {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes && self.binary == other.binary
    }
}

impl Eq for Frame {}

impl fmt::Debug for Frame {
    /// Lengths only: messages do not belong into logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame").field("binary", &self.binary).field("len", &self.len()).finish()
    }
}
