//! Identifiers of sessions and sockets.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, Serializer};

/// Names a session (the secret `sid`) or a socket (the public id): 20 characters of URL-safe base64.
///
/// The 15 random bytes behind it come from the caller, for this crate has no source of randomness. 120 bits
/// from the operating system cannot be guessed, so a `sid` may stand for its session.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id([u8; Self::LEN]);

impl Id {
    const LEN: usize = 20;

    /// Makes an id of 15 bytes, which must come from a cryptographic source.
    pub fn from_random(bytes: [u8; 15]) -> Self {
        let mut text = [b'A'; Self::LEN];
        // 15 bytes are 20 characters exactly, so that the slice is never too short.
        let _ = URL_SAFE_NO_PAD.encode_slice(bytes, &mut text);
        Self(text)
    }

    /// Reads an id that a peer wrote; `None` for what cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; Self::LEN] = text.as_bytes().try_into().ok()?;
        bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            .then_some(Self(bytes))
    }

    /// The id as it goes over the wire.
    pub fn as_str(&self) -> &str {
        // Both constructors let only ASCII in.
        str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The same, for who only compares: nothing is looked at.
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<str> for Id {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id({})", self.as_str())
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_twenty_url_safe_characters() {
        let id = Id::from_random([0xff; 15]);
        assert_eq!(id.as_str(), "____________________");
        assert_eq!(Id::from_random([0; 15]).to_string(), "AAAAAAAAAAAAAAAAAAAA");
        assert_eq!(Id::parse(id.as_str()), Some(id));
    }

    #[test]
    fn refuses_what_cannot_be_an_id() {
        for text in [
            "",
            "__proto__",
            "AAAAAAAAAAAAAAAAAAA",
            "AAAAAAAAAAAAAAAAAAAAA",
            "AAAAAAAAAAAAAAAAAAA ",
            "ééééééééée",
        ] {
            assert_eq!(Id::parse(text), None, "{text}");
        }
    }

    #[test]
    fn every_byte_counts() {
        let mut seen = std::collections::HashSet::new();
        for index in 0..15 {
            for bit in 0..8 {
                let mut bytes = [0; 15];
                bytes[index] = 1 << bit;
                assert!(seen.insert(Id::from_random(bytes)));
            }
        }
    }
}
