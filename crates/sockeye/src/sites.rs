//! The namespaces of a server by name: looked up once for each CONNECT and each `io.of`, and added to at any time.

mod site;

pub(crate) use self::site::Site;

use std::{
    collections::{HashMap, hash_map::Entry},
    fmt,
    sync::Arc,
};

use parking_lot::RwLock;
use sockeye_core::{Observers, SocketConfig};

use crate::namespace::Table;

/// The namespaces of a server by name. The lock is held for a look-up or an insertion; nothing else happens under it.
pub(crate) struct Sites {
    by_name: RwLock<HashMap<Arc<str>, Arc<Site>>>,
    /// What every namespace gives its sockets.
    sockets: SocketConfig,
    observers: Arc<Observers>,
}

impl Sites {
    pub(crate) fn new(sockets: SocketConfig, observers: Arc<Observers>) -> Self {
        Self { by_name: RwLock::default(), sockets, observers }
    }

    /// Adds a namespace that stays. `false`: the name is taken, and nothing has changed.
    pub(crate) fn add(&self, name: &Arc<str>, table: Table) -> bool {
        // Made before the lock is taken, so that it is dropped after it: with it go handlers of the application.
        let site = Site::new(name.clone(), Arc::new(table), self.sockets.clone(), &self.observers);
        let mut sites = self.by_name.write();
        let Entry::Vacant(vacant) = sites.entry(name.clone()) else { return false };
        vacant.insert(Arc::new(site));
        true
    }

    pub(crate) fn find(&self, name: &str) -> Option<Arc<Site>> {
        self.by_name.read().get(name).cloned()
    }

    /// Each namespace, with how many sockets are in it.
    pub(crate) fn sockets(&self) -> impl Iterator<Item = (Arc<str>, usize)> {
        self.all().into_iter().map(|site| (site.name().clone(), site.rooms.len()))
    }

    /// All of them, in no order.
    pub(crate) fn all(&self) -> Vec<Arc<Site>> {
        self.by_name.read().values().cloned().collect()
    }
}

impl fmt::Debug for Sites {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.all().iter().map(|site| site.name())).finish()
    }
}
