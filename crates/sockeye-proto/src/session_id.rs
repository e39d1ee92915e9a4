//! The name of a session.

use std::{
    borrow::Borrow,
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

use crate::Id;

/// Names a session: the `sid` of Engine.IO. A secret, for who knows it can speak for the client.
///
/// Usually it is an [`Id`] of 120 random bits. An application that makes its own (a UUID, or one that tells a load
/// balancer where the session lives) may use up to [`MAX`](Self::MAX) characters.
#[derive(Clone)]
pub struct SessionId(Name);

/// Both forms are compared by their text alone.
#[derive(Clone)]
enum Name {
    Random(Id),
    Own(Arc<str>),
}

impl SessionId {
    /// The most characters of a name that is not random. 64: a UUID has 36, and the name stands in the target of each
    /// request.
    pub const MAX: usize = 64;

    /// Takes a name of the application's own. `None` when it is empty, longer than [`MAX`](Self::MAX), or has a
    /// character that would have to be escaped in a URL: letters, digits and `-`, `_`, `.`, `~` need not.
    ///
    /// Whoever guesses it speaks for the client: let at least 120 bits of it come from a cryptographic source.
    pub fn new(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
        let fits = !text.is_empty() && text.len() <= Self::MAX;
        (fits && text.bytes().all(plain)).then(|| Self(Name::Own(text.into())))
    }

    /// The name as it goes over the wire.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Name::Random(id) => id.as_str(),
            Name::Own(text) => text,
        }
    }

    /// The same, for who only compares.
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Name::Random(id) => id.as_bytes(),
            Name::Own(text) => text.as_bytes(),
        }
    }
}

impl From<Id> for SessionId {
    fn from(id: Id) -> Self {
        Self(Name::Random(id))
    }
}

impl AsRef<str> for SessionId {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl Borrow<str> for SessionId {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for SessionId {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for SessionId {}

impl PartialEq<str> for SessionId {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

/// As its text, which [`Borrow`] promises.
impl Hash for SessionId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SessionId({})", self.as_str())
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn is_found_by_its_text() {
        let id = Id::from_random([7; 15]);
        let random = SessionId::from(id);
        assert_eq!(random, SessionId::new(id.as_str()).unwrap());
        let known = HashSet::from([random, SessionId::new("node-1.42").unwrap()]);
        assert!(known.contains(id.as_str()) && known.contains("node-1.42") && !known.contains("node-1.43"));
    }

    #[test]
    fn has_a_bound_and_needs_no_escape() {
        assert!(SessionId::new("6ba7b810-9dad-11d1-80b4-00c04fd430c8").is_some());
        assert!(SessionId::new(&"a".repeat(SessionId::MAX)).is_some());
        assert!(SessionId::new(&"a".repeat(SessionId::MAX + 1)).is_none());
        for text in ["", "a b", "a/b", "a;b", "é", "a\r\nb", "a%20"] {
            assert!(SessionId::new(text).is_none(), "{text}");
        }
    }
}
