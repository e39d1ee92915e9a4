//! Whom a broadcast means, and how it is to travel.

use smol_str::SmolStr;

use crate::Room;

/// Whom a broadcast or a query means: the members of some rooms but not those of others.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scope {
    /// A name of usual length lies in place: each broadcast has one, and a count that they share would be touched by all.
    namespace: SmolStr,
    /// A socket in any of these is meant, once. Empty means all sockets of the namespace.
    pub rooms: Vec<Room>,
    /// A socket in any of these is not meant.
    pub except: Vec<Room>,
    /// Only sockets of this process are meant.
    pub local: bool,
}

impl Scope {
    /// All sockets of a namespace, on all nodes.
    pub fn all(namespace: impl AsRef<str>) -> Self {
        let namespace = SmolStr::new(namespace);
        Self { namespace, rooms: Vec::new(), except: Vec::new(), local: false }
    }

    /// The same in another namespace.
    #[must_use]
    pub fn within(mut self, namespace: impl AsRef<str>) -> Self {
        self.namespace = SmolStr::new(namespace);
        self
    }

    /// The namespace whose sockets are meant.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }
}

/// How a packet is to travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// Dropped for each socket whose transport cannot take it at once. Default `false`.
    pub volatile: bool,
    /// Whether a transport that compresses may compress it. Default `true`.
    pub compress: bool,
}

impl Default for Delivery {
    fn default() -> Self {
        Self { volatile: false, compress: true }
    }
}
