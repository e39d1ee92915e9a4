//! The arguments of an event or an ack, kept as they came until somebody says which type they are.

use std::fmt;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::scan;
use crate::{Payload, few::Few};

mod error;
mod fill;
mod read;
mod reader;
mod row;
#[cfg(test)]
mod tests;

pub use self::error::PayloadError;

/// How arguments are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Codec {
    /// JSON text, the protocol's default.
    Json,
}

/// The arguments of an event or an ack: JSON text that is known to be whole, and the attachments it names.
///
/// A `Bytes` (or any type that asks serde for bytes) anywhere in the type read is filled from its attachment. Where
/// the type leaves it open, as [`serde_json::Value`] does, the placeholder stays the plain object it is on the wire.
///
/// ```
/// use sockeye_proto::socket::Arguments;
///
/// let arguments = Arguments::json(r#"["lobby", [1, 2], true]"#)?;
/// assert_eq!(arguments.deserialize_first::<String>()?, "lobby");
/// let (room, numbers, flag, missing): (String, Vec<u8>, bool, Option<u8>) = arguments.deserialize_tuple()?;
/// assert_eq!((room.as_str(), numbers, flag, missing), ("lobby", vec![1, 2], true, None));
/// # Ok::<(), sockeye_proto::socket::PayloadError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Arguments {
    codec: Codec,
    /// A JSON array, without white space around it.
    payload: Payload,
    attachments: Few<Bytes>,
}

impl Arguments {
    /// Arguments from the text of a JSON array, without attachments.
    ///
    /// # Errors
    /// When `text` is no JSON array, or nested deeper than 128.
    pub fn json(text: &str) -> Result<Self, PayloadError> {
        Self::with_attachments(text, Vec::new())
    }

    /// Arguments from the text of a JSON array with placeholders, and what they stand for.
    ///
    /// # Errors
    /// When `text` is no JSON array, or nested deeper than 128. Placeholders are looked at when they are read.
    pub fn with_attachments(text: &str, attachments: Vec<Bytes>) -> Result<Self, PayloadError> {
        let array = scan::array(text, usize::MAX).map_err(|fault| {
            PayloadError::whole(match fault {
                scan::Fault::Syntax => "not a JSON array",
                scan::Fault::TooDeep => "nested too deep",
            })
        })?;
        Ok(Self::new(Payload::copy_from(array.as_bytes()), attachments.into()))
    }

    /// `payload` is a JSON array that has been scanned.
    pub(super) fn new(payload: Payload, attachments: Few<Bytes>) -> Self {
        Self { codec: Codec::Json, payload, attachments }
    }

    /// Reads the first argument, whatever its type: an array stays one argument. A missing one is read as `null`.
    ///
    /// # Errors
    /// Where and why it does not fit `T`.
    pub fn deserialize_first<T: DeserializeOwned>(&self) -> Result<T, PayloadError> {
        read::first(self.as_json(), self.attachments())
    }

    /// Reads a tuple, one argument for each of its places. Surplus arguments are ignored, missing ones read as `null`.
    ///
    /// # Errors
    /// Where and why they do not fit `T`.
    pub fn deserialize_tuple<T: DeserializeOwned>(&self) -> Result<T, PayloadError> {
        read::tuple(self.as_json(), self.attachments())
    }

    /// The text of the array, with placeholders where attachments belong.
    #[must_use]
    pub fn as_json(&self) -> &str {
        // Only text is ever put in. One look by vectors costs less than the library's look at each string in it.
        simdutf8::basic::from_utf8(&self.payload).unwrap_or("[]")
    }

    /// What stands between the brackets, without white space around it.
    pub(super) fn values(&self) -> &[u8] {
        let array = self.payload.as_slice();
        array.strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]")).unwrap_or_default().trim_ascii()
    }

    /// The binary parts, in the order in which placeholders count them.
    #[must_use]
    pub fn attachments(&self) -> &[Bytes] {
        self.attachments.as_slice()
    }

    /// How the arguments are encoded.
    #[must_use]
    pub fn codec(&self) -> Codec {
        self.codec
    }

    /// Bytes of text and attachments.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "the text of an array is never empty")]
    pub fn len(&self) -> usize {
        self.attachments().iter().map(Bytes::len).fold(self.payload.len(), usize::saturating_add)
    }
}

impl Default for Arguments {
    /// No arguments.
    fn default() -> Self {
        Self::new(Payload::copy_from(b"[]"), Few::new())
    }
}

impl fmt::Debug for Arguments {
    /// Lengths only: what people say does not belong into logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Arguments")
            .field("codec", &self.codec)
            .field("payload", &self.payload)
            .field("attachments", &self.attachments.len())
            .finish()
    }
}
