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

use super::{Seat, Site, Sites, State};
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
    pub(super) seats: AtomicUsize,
    /// It stands among those that linger. Changes under the exclusive lock.
    pub(super) lingers: AtomicBool,
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
        sites.remove_unused(site, self);
        sites.look_at_some();
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
        if state.created >= self.dynamic.most && state.lingering.is_empty() {
            return Err(too_many());
        }
        let name: Arc<str> = name.into();
        let child = Child {
            sites: Arc::downgrade(self),
            parent,
            seats: AtomicUsize::new(1),
            lingers: AtomicBool::new(false),
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
        let gone = if state.created >= self.dynamic.most { state.make_room() } else { None };
        if state.created >= self.dynamic.most {
            return Err(too_many());
        }
        state.created += 1;
        child.created.store(true, Ordering::Release);
        drop(state);
        drop(gone);
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

    /// The caller holds the site, so it is dropped when no lock is held.
    fn remove_unused(&self, site: &Arc<Site>, child: &Child) {
        let mut state = self.state.write();
        let created = child.is_created();
        if child.seats.load(Ordering::Acquire) > 0 || created && self.dynamic.keep_empty {
            return;
        }
        if created && site.is_awaited() {
            state.linger(site);
        } else {
            state.remove(site);
        }
    }
}

impl State {
    /// `false`: it was removed before, and perhaps somebody else has come since. Keep the site until the lock is released.
    pub(super) fn remove(&mut self, site: &Arc<Site>) -> bool {
        let Entry::Occupied(entry) = self.by_name.entry(site.name().clone()) else { return false };
        if !Arc::ptr_eq(entry.get(), site) {
            return false;
        }
        entry.remove();
        if site.exists() {
            self.created -= 1;
            tracing::debug!(target: "sockeye::session", namespace = %site.name(), "an empty namespace was removed");
        }
        if self.by_name.len() < self.by_name.capacity() / 8 {
            // A flood must not leave its high-water mark behind.
            let fitting = self.by_name.len() * 2;
            self.by_name.shrink_to(fitting);
        }
        true
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
