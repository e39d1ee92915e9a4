//! Namespaces that are made when somebody comes, and go with the last one.

use std::{
    collections::hash_map::Entry,
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use serde_json::Value;
use sockeye_core::{Broadcast, Parameters};

use super::{Seat, Site, Sites};
use crate::{admit, catch::catch};

/// What a namespace that was made for somebody knows beyond the others.
///
/// It stands in the table from the first who asks, so that all who ask for one name at a time meet in one namespace. But
/// only when the first is let in does it exist for everybody else; if none is, nothing is left of it.
pub(super) struct Child {
    sites: Weak<Sites>,
    /// After which of the parents it was made.
    pub(super) parent: usize,
    /// Those who have asked, and those who are in. Grows under a lock of the table, shared or not; found to be zero under
    /// the exclusive one, it stays zero.
    seats: AtomicUsize,
    /// Somebody was let in. Changes once, under the exclusive lock.
    created: AtomicBool,
}

impl Child {
    pub(super) fn is_created(&self) -> bool {
        self.created.load(Ordering::Acquire)
    }

    /// Somebody who held it has gone.
    pub(super) fn release(&self, site: &Arc<Site>) {
        if self.seats.fetch_sub(1, Ordering::AcqRel) > 1 {
            return;
        }
        let Some(sites) = self.sites.upgrade() else { return };
        // Dropped when the lock is not held any longer.
        let _removed = sites.remove_unused(site, self);
    }
}

impl Sites {
    /// A hold on the namespace of that name, if it exists.
    pub(crate) fn seat(&self, name: &str) -> Option<Seat> {
        let state = self.state.read();
        let site = state.by_name.get(name).filter(|site| site.exists())?;
        Some(site.take_seat())
    }

    /// A hold on the namespace of that name, which is made if there is none. Who comes first decides by which parent.
    ///
    /// # Errors
    /// What the client is told when there are too many already.
    pub(super) fn claim(
        self: &Arc<Self>,
        name: &str,
        parent: usize,
        parameters: Parameters,
    ) -> Result<Seat, Value> {
        let mut state = self.state.write();
        if let Some(site) = state.by_name.get(name) {
            return Ok(site.take_seat());
        }
        let table = self.parents.get(parent).map(|parent| parent.table.clone()).ok_or_else(invalid)?;
        if state.created >= self.dynamic.most {
            return Err(too_many());
        }
        let name: Arc<str> = name.into();
        let child = Child {
            sites: Arc::downgrade(self),
            parent,
            seats: AtomicUsize::new(1),
            created: AtomicBool::new(false),
        };
        let site = Site::new(name.clone(), table, Some(parameters), &self.common).of_child(child);
        let site = Arc::new(site);
        state.by_name.insert(name, site.clone());
        Ok(Seat::new(site))
    }

    /// Somebody is let in, so the namespace exists from now on.
    fn create(&self, seat: &Seat, child: &Child) -> Result<(), Value> {
        let mut state = self.state.write();
        if child.is_created() {
            return Ok(());
        }
        if !state.by_name.get(seat.name()).is_some_and(|site| Arc::ptr_eq(site, seat.site())) {
            // One that stays was added under that name.
            return Err(invalid());
        }
        if state.created >= self.dynamic.most {
            return Err(too_many());
        }
        state.created += 1;
        child.created.store(true, Ordering::Release);
        drop(state);
        tracing::debug!(target: "sockeye::session", namespace = %seat.name(), "a namespace was created");
        self.tell_created(seat);
        Ok(())
    }

    /// Tells the application that there is a namespace more.
    pub(crate) fn tell_created(&self, site: &Site) {
        let Some(tell) = &self.dynamic.on_created else { return };
        if catch(|| tell(Broadcast::new(site.context.clone()))).is_err() {
            tracing::error!(target: "sockeye::panic", namespace = %site.name(), "`on_namespace` panicked");
        }
    }

    fn remove_unused(&self, site: &Arc<Site>, child: &Child) -> Option<Arc<Site>> {
        let mut state = self.state.write();
        let created = child.is_created();
        if child.seats.load(Ordering::Acquire) > 0 || created && self.dynamic.keep_empty {
            return None;
        }
        let Entry::Occupied(entry) = state.by_name.entry(site.name().clone()) else { return None };
        if !Arc::ptr_eq(entry.get(), site) {
            // It was removed before, and somebody else has come since.
            return None;
        }
        let removed = entry.remove();
        state.created -= usize::from(created);
        if state.by_name.len() < state.by_name.capacity() / 8 {
            // A flood must not leave its high-water mark behind.
            let fitting = state.by_name.len() * 2;
            state.by_name.shrink_to(fitting);
        }
        drop(state);
        if created {
            tracing::debug!(target: "sockeye::session", namespace = %site.name(), "an empty namespace was removed");
        }
        Some(removed)
    }
}

impl Seat {
    /// The socket is let in: the namespace exists, at the latest from now on.
    ///
    /// # Errors
    /// What the client is told when it may not.
    pub(crate) fn settle(&self) -> Result<(), Value> {
        let Some(child) = self.child.as_ref().filter(|child| !child.is_created()) else { return Ok(()) };
        let sites = child.sites.upgrade().ok_or_else(invalid)?;
        sites.create(self, child)
    }
}

impl Site {
    /// Call it under a lock of the table only.
    fn take_seat(self: &Arc<Self>) -> Seat {
        if let Some(child) = &self.child {
            child.seats.fetch_add(1, Ordering::AcqRel);
        }
        Seat::new(self.clone())
    }
}

/// There is no such namespace.
pub(crate) fn invalid() -> Value {
    admit::plain("Invalid namespace")
}

fn too_many() -> Value {
    admit::plain("Too many namespaces")
}
