//! Packets on their way out: one serialization pass, straight into the frame they leave in.

use serde::Serialize;

use super::{arguments::Arguments, packet::PacketType};
use crate::{Frame, FrameBuilder, Group, few::Few};

mod forward;
mod json;
#[cfg(test)]
mod tests;
mod unaddressed;

use self::json::Json;
pub use self::{
    forward::{forward_ack, forward_event},
    unaddressed::Unaddressed,
};

/// A value that serde could not write as JSON, such as a map whose keys are no strings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot be written as JSON: {message}")]
pub struct EncodeError {
    message: String,
}

impl EncodeError {
    /// An error that consists of a sentence.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

/// Writes an event or an ack, argument by argument.
///
/// Bytes at any depth ([`bytes::Bytes`], `serde_bytes`) become attachments, and the packet a binary one. A `Vec<u8>` is
/// a list of numbers to serde, and stays one. Stock clients take up to 10 attachments in one packet.
///
/// ```
/// use bytes::Bytes;
/// use sockeye_proto::socket::encode::EventWriter;
///
/// let mut event = EventWriter::event("/chat", Some(7), "photo");
/// event.arg("sunset")?;
/// event.arg(&Bytes::from_static(b"\xff\xd8"))?;
/// let group = event.finish();
/// let frames: Vec<&[u8]> = group.frames().map(|frame| frame.message()).collect();
/// assert_eq!(frames[0], br#"51-/chat,7["photo","sunset",{"_placeholder":true,"num":0}]"#);
/// assert_eq!(frames[1], b"\xff\xd8");
/// # Ok::<(), sockeye_proto::socket::EncodeError>(())
/// ```
#[derive(Debug)]
pub struct EventWriter {
    /// Namespace, id and the array; only type and attachment count are missing.
    body: FrameBuilder,
    ack: bool,
    empty: bool,
    attachments: Few<Frame>,
}

/// Type, attachment count, dash.
const PREFIX: usize = 1 + 20 + 1;

/// A namespace of usual length, comma, id.
const ADDRESS: usize = 24 + 1 + 17;

impl EventWriter {
    /// An event; with `ack` its sender wants an answer of that id.
    ///
    /// [Reserved names](super::is_reserved) are the caller's business.
    #[must_use]
    pub fn event(namespace: &str, ack: Option<u64>, name: &str) -> Self {
        let mut writer = Self::begin(namespace, ack, false);
        // A string is always JSON.
        let _ = writer.arg(name);
        writer
    }

    /// The answer to the event with that id.
    #[must_use]
    pub fn ack(namespace: &str, id: u64) -> Self {
        Self::begin(namespace, Some(id), true)
    }

    /// Arguments of an ack; which event they answer is told last. To be ended by [`seal`](Self::seal).
    #[must_use]
    pub fn unaddressed() -> Self {
        Self::array(FrameBuilder::with_prefix(PREFIX + ADDRESS), true)
    }

    fn begin(namespace: &str, id: Option<u64>, ack: bool) -> Self {
        let mut body = FrameBuilder::with_prefix(PREFIX);
        write_namespace(&mut body, namespace);
        if let Some(id) = id {
            write_id(&mut body, id);
        }
        Self::array(body, ack)
    }

    fn array(mut body: FrameBuilder, ack: bool) -> Self {
        body.extend(b"[");
        Self { body, ack, empty: true, attachments: Few::new() }
    }

    /// Adds one argument.
    ///
    /// # Errors
    /// When the value cannot be written; the packet is then as it was before.
    pub fn arg<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        let (body, count) = (self.body.len(), self.attachments.len());
        if !self.empty {
            self.body.extend(b",");
        }
        match value.serialize(&mut Json { out: &mut self.body, attachments: &mut self.attachments }) {
            Ok(()) => {
                self.empty = false;
                Ok(())
            }
            Err(error) => {
                self.body.truncate(body);
                self.attachments.truncate(count);
                Err(EncodeError { message: error.to_string() })
            }
        }
    }

    /// Adds arguments that came from elsewhere, as they came: their text is copied and not read again, and their
    /// attachments keep their numbers.
    ///
    /// # Errors
    /// When both they and what was written before have attachments, for the numbers would be taken; the packet is then
    /// as it was before.
    pub fn raw(&mut self, arguments: &Arguments) -> Result<(), EncodeError> {
        if !arguments.attachments().is_empty() {
            if !self.attachments.is_empty() {
                return Err(EncodeError::new("raw arguments with attachments come behind others"));
            }
            self.attachments.extend(arguments.attachments().iter().map(|bytes| Frame::binary(bytes)));
        }
        let values = arguments.values();
        if !values.is_empty() {
            if !self.empty {
                self.body.extend(b",");
            }
            self.body.extend(values);
            self.empty = false;
        }
        Ok(())
    }

    /// The packet and its attachments.
    #[must_use]
    pub fn finish(mut self) -> Group {
        self.body.extend(b"]");
        let kind = Self::kind(self.ack, self.attachments.len());
        if self.attachments.is_empty() {
            return Group::one(self.body.finish(&[kind.digit()]));
        }
        let mut count = itoa::Buffer::new();
        let prefix = [&[kind.digit()], count.format(self.attachments.len()).as_bytes(), b"-"];
        group(self.body, &prefix, self.attachments)
    }

    /// The arguments that were begun by [`unaddressed`](Self::unaddressed).
    #[must_use]
    pub fn seal(mut self) -> Unaddressed {
        self.body.extend(b"]");
        Unaddressed { body: self.body, attachments: self.attachments }
    }

    const fn kind(ack: bool, attachments: usize) -> PacketType {
        match (ack, attachments) {
            (false, 0) => PacketType::Event,
            (false, _) => PacketType::BinaryEvent,
            (true, 0) => PacketType::Ack,
            (true, _) => PacketType::BinaryAck,
        }
    }
}

/// A packet of which only the prefix is missing, and its attachments: in one piece while that is short.
fn group(body: FrameBuilder, prefix: &[&[u8]], attachments: Few<Frame>) -> Group {
    let len = attachments.as_slice().iter().map(Frame::len).fold(body.len(), usize::saturating_add);
    if len <= Group::JOINED {
        Group::one(body.finish_joined(prefix, attachments.as_slice()))
    } else {
        Group::with_attachments(body.finish_behind(prefix), attachments.into())
    }
}

/// Joins: from a client with its auth, from a server with the socket's id. `payload` has to be an object; one that
/// cannot be written is told as `{}`.
#[must_use]
pub fn connect(namespace: &str, payload: &(impl Serialize + ?Sized)) -> Group {
    with_payload(PacketType::Connect, namespace, payload, b"{}")
}

/// Refuses to let a client join. `payload` has to be an object or a string; one that cannot be written is told as an
/// internal error.
#[must_use]
pub fn connect_error(namespace: &str, payload: &(impl Serialize + ?Sized)) -> Group {
    with_payload(PacketType::ConnectError, namespace, payload, br#"{"message":"internal error"}"#)
}

/// Leaves a namespace, or makes a client leave it.
#[must_use]
pub fn disconnect(namespace: &str) -> Group {
    bare(PacketType::Disconnect, namespace)
}

/// A packet without payload.
pub(super) fn bare(kind: PacketType, namespace: &str) -> Group {
    let mut body = FrameBuilder::with_prefix(1);
    write_namespace(&mut body, namespace);
    Group::one(body.finish(&[kind.digit()]))
}

fn with_payload<T: Serialize + ?Sized>(
    kind: PacketType,
    namespace: &str,
    payload: &T,
    failed: &[u8],
) -> Group {
    let mut body = FrameBuilder::with_prefix(1);
    write_namespace(&mut body, namespace);
    let start = body.len();
    if serde_json::to_writer(&mut body, payload).is_err() {
        body.truncate(start);
        body.extend(failed);
    }
    Group::one(body.finish(&[kind.digit()]))
}

/// The main namespace is not written.
fn write_namespace(out: &mut FrameBuilder, namespace: &str) {
    if namespace != "/" {
        out.extend(namespace.as_bytes());
        out.extend(b",");
    }
}

fn write_id(out: &mut FrameBuilder, id: u64) {
    out.extend(itoa::Buffer::new().format(id).as_bytes());
}
