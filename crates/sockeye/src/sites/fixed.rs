//! Namespaces that stay for as long as the server does.

use std::{collections::hash_map::Entry, sync::Arc};

use super::{Site, Sites};
use crate::namespace::Table;

impl Sites {
    /// Adds a namespace that stays. Nothing: the name is taken, and nothing has changed.
    ///
    /// A name that somebody has asked for without having been let in is not taken: whoever is not in may not keep a
    /// namespace out.
    pub(crate) fn add(&self, name: &Arc<str>, table: Table) -> Option<Arc<Site>> {
        // Made before the lock is taken, and what is left over dropped after it: with it go handlers of the application.
        let site = Arc::new(Site::new(name.clone(), Arc::new(table), None, &self.common));
        let _replaced;
        let mut state = self.state.write();
        match state.by_name.entry(name.clone()) {
            Entry::Vacant(vacant) => {
                vacant.insert(site.clone());
            }
            Entry::Occupied(occupied) if occupied.get().exists() => return None,
            Entry::Occupied(mut occupied) => _replaced = occupied.insert(site.clone()),
        }
        drop(state);
        Some(site)
    }
}
