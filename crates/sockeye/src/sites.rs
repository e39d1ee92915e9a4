//! The namespaces of a server by name: looked up once for each CONNECT and each `io.of`, and added to at any time.

mod all;
mod child;
mod fixed;
mod linger;
mod order;
mod parent;
mod search;
mod seat;
mod site;
mod target;
#[cfg(test)]
mod tests;

pub(crate) use self::{
    order::Sequencers,
    parent::{Allow, Parent},
    search::{Found, Search},
    seat::Seat,
    site::{Common, Site},
};

use std::{collections::HashMap, fmt, sync::Arc};

use parking_lot::RwLock;
use sockeye_core::Broadcast;

/// The namespaces of a server by name. The lock is held for a look-up or a change; nothing else happens under it.
pub(crate) struct Sites {
    state: RwLock<State>,
    /// In the order in which they are asked.
    parents: Box<[Parent]>,
    dynamic: Dynamic,
    common: Common,
}

#[derive(Default)]
struct State {
    by_name: HashMap<Arc<str>, Arc<Site>>,
    /// How many of them were made for somebody who came, and let that one in.
    created: usize,
    /// Of these, the ones that nobody is in, and that somebody may come back to.
    lingering: linger::Lingering,
}

/// What is to be with namespaces that are made when somebody comes.
#[derive(Clone, Default)]
pub(crate) struct Dynamic {
    /// So many of them may exist.
    pub(crate) most: usize,
    /// They stay when the last socket has left.
    pub(crate) keep_empty: bool,
    pub(crate) on_created: Option<OnCreated>,
}

/// Is told of each namespace that comes into being while the server runs.
pub(crate) type OnCreated = Arc<dyn Fn(Broadcast) + Send + Sync>;

impl Sites {
    pub(crate) fn new(parents: Vec<Parent>, dynamic: Dynamic, common: Common) -> Self {
        Self { state: RwLock::default(), parents: parents.into(), dynamic, common }
    }
}

impl fmt::Debug for Sites {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.all().iter().map(|site| site.name())).finish()
    }
}
