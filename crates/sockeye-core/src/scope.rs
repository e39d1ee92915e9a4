//! Whom a broadcast means, and how it is to travel.

use std::sync::Arc;

use crate::Room;

/// Whom a broadcast or a query means: the members of some rooms but not those of others.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scope {
    /// The namespace whose sockets are meant.
    pub namespace: Arc<str>,
    /// A socket in any of these is meant, once. Empty means all sockets of the namespace.
    pub rooms: Vec<Room>,
    /// A socket in any of these is not meant.
    pub except: Vec<Room>,
    /// Only sockets of this process are meant.
    pub local: bool,
}

impl Scope {
    /// All sockets of a namespace, on all nodes.
    pub fn all(namespace: impl Into<Arc<str>>) -> Self {
        Self { namespace: namespace.into(), rooms: Vec::new(), except: Vec::new(), local: false }
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
