//! Event names: the reserved ones, and how a name is read from its JSON text.

use std::{fmt, ops::Deref};

use serde::de::{Deserializer as _, Visitor};
use smol_str::SmolStr;

/// Whether only the library itself may use `name`; neither side may emit it.
///
/// These are the names under which clients tell their own life cycle to the app, so an event of that name would be
/// taken for it ("The following event names are reserved").
#[must_use]
pub fn is_reserved(name: &str) -> bool {
    matches!(
        name,
        "connect" | "connect_error" | "disconnect" | "disconnecting" | "newListener" | "removeListener"
    )
}

/// An event's name, where it was read or kept: one with attachments is known before they are there.
///
/// A kept one of up to 23 bytes takes no allocation.
#[derive(Clone)]
pub struct Name<'a>(Repr<'a>);

#[derive(Clone)]
enum Repr<'a> {
    Read(&'a str),
    Kept(SmolStr),
}

impl Name<'_> {
    /// Lets go of the text it was read from.
    pub(super) fn keep(self) -> Name<'static> {
        Name(Repr::Kept(match self.0 {
            Repr::Read(name) => SmolStr::new(name),
            Repr::Kept(name) => name,
        }))
    }

    /// A string of its own.
    #[must_use]
    pub fn into_owned(self) -> String {
        String::from(&*self)
    }
}

impl Deref for Name<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match &self.0 {
            Repr::Read(name) => name,
            Repr::Kept(name) => name,
        }
    }
}

impl PartialEq<str> for Name<'_> {
    fn eq(&self, other: &str) -> bool {
        **self == *other
    }
}

impl PartialEq<&str> for Name<'_> {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

impl PartialEq for Name<'_> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Name<'_> {}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl fmt::Debug for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

/// The first element of an event's array, as it stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RawName<'a> {
    /// The string without its quotes, or the number.
    pub(super) text: &'a str,
    /// The string holds escapes.
    pub(super) escaped: bool,
}

impl<'a> RawName<'a> {
    /// The name: borrowed unless it has escapes.
    ///
    /// A lone surrogate, which no `str` can hold, becomes replacement characters: such a name is legal JSON and
    /// harmless, for it meets no handler.
    pub(super) fn decode(self) -> Name<'a> {
        if !self.escaped {
            return Name(Repr::Read(self.text));
        }
        let mut quoted = String::with_capacity(self.text.len().saturating_add(2));
        quoted.push('"');
        quoted.push_str(self.text);
        quoted.push('"');
        // `deserialize_bytes` is the one entry that yields lone surrogates instead of an error.
        let bytes =
            serde_json::Deserializer::from_str(&quoted).deserialize_bytes(StringBytes).unwrap_or_default();
        Name(Repr::Kept(String::from_utf8_lossy(&bytes).into()))
    }
}

struct StringBytes;

impl Visitor<'_> for StringBytes {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        Ok(bytes.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_name_is_borrowed_and_escapes_are_resolved() {
        let plain = RawName { text: "news", escaped: false };
        assert!(matches!(plain.decode().0, Repr::Read("news")));
        let kept = plain.decode().keep();
        assert_eq!((&kept, &kept.clone().keep()), (&plain.decode(), &plain.decode()));
        for (text, name) in [
            (r"\u006eews", "news"),
            (r#"a\"b\\c\/d\b\f\n\r\t"#, "a\"b\\c/d\u{8}\u{c}\n\r\t"),
            (r"\ud83d\ude00!", "😀!"),
            (r"é\u00e9", "éé"),
        ] {
            assert_eq!(RawName { text, escaped: true }.decode(), name, "{text}");
        }
    }

    #[test]
    fn a_lone_surrogate_becomes_replacement_characters() {
        let name = RawName { text: r"a\ud800b", escaped: true }.decode();
        assert!(name.starts_with('a') && name.ends_with('b') && name.contains('\u{fffd}'), "{name}");
    }
}
