//! All namespaces at once.

use std::sync::Arc;

use super::{Site, Sites};

impl Sites {
    /// The namespace of that name, if there is one at this moment.
    pub(crate) fn find(&self, name: &str) -> Option<Arc<Site>> {
        self.state.read().by_name.get(name).filter(|site| site.exists()).cloned()
    }

    /// All that there are, in no order.
    pub(crate) fn all(&self) -> Vec<Arc<Site>> {
        self.state.read().by_name.values().filter(|site| site.exists()).cloned().collect()
    }

    /// Each namespace, with how many sockets are in it.
    pub(crate) fn sockets(&self) -> impl Iterator<Item = (Arc<str>, usize)> {
        self.all().into_iter().map(|site| (site.name().clone(), site.rooms.len()))
    }

    /// The pattern that a namespace was made for.
    pub(crate) fn pattern(&self, site: &Site) -> Option<&Arc<str>> {
        let parent = self.parents.get(site.child.as_ref()?.parent)?;
        Some(parent.pattern.text())
    }
}
