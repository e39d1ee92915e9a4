//! A socket's hold on its namespace.

use std::{ops::Deref, sync::Arc};

use super::Site;

/// A socket's hold on its namespace, from when it asks to join until nothing of it is left. A namespace that was made
/// for those who come goes with the last of them.
pub(crate) struct Seat(Arc<Site>);

impl Seat {
    /// In a namespace that stays, or one whose seats were counted before.
    pub(super) const fn new(site: Arc<Site>) -> Self {
        Self(site)
    }

    pub(super) const fn site(&self) -> &Arc<Site> {
        &self.0
    }
}

impl Deref for Seat {
    type Target = Site;

    fn deref(&self) -> &Site {
        &self.0
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if let Some(child) = &self.0.child {
            child.release(&self.0);
        }
    }
}
