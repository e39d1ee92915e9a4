//! Namespaces that nobody is in any more, and that somebody may come back to.
//!
//! Where sessions are recovered, one that is away keeps its namespace. When its time is over nobody says so; it is looked
//! at in turn when others come and go, a few at a time. Where there is no room for a new namespace, one of these goes.

use std::{
    collections::VecDeque,
    sync::{Arc, atomic::Ordering},
};

use super::{Site, Sites, State};

/// In the order in which they are looked at.
pub(super) type Lingering = VecDeque<Arc<Site>>;

impl Site {
    /// Whether a session is away that would be lost with this namespace.
    pub(super) fn is_awaited(&self) -> bool {
        self.context.sequencer().is_some_and(|sequencer| sequencer.keeps_sessions())
    }

    fn is_empty(&self) -> bool {
        self.child.as_ref().is_some_and(|child| child.seats.load(Ordering::Acquire) == 0)
    }
}

impl State {
    /// It stays for those who are away.
    pub(super) fn linger(&mut self, site: &Arc<Site>) {
        let Some(child) = &site.child else { return };
        if !child.lingers.swap(true, Ordering::AcqRel) {
            self.lingering.push_back(site.clone());
        }
    }

    fn next_lingering(&mut self) -> Option<Arc<Site>> {
        let site = self.lingering.pop_front()?;
        if self.lingering.is_empty() {
            self.lingering = VecDeque::new();
        }
        if let Some(child) = &site.child {
            child.lingers.store(false, Ordering::Release);
        }
        Some(site)
    }

    /// One of those that linger goes, so that another can come: its sessions begin anew when they come back. To be dropped
    /// when the lock is not held any longer. `None`: there is somebody in each of them.
    pub(super) fn make_room(&mut self) -> Option<Arc<Site>> {
        while let Some(site) = self.next_lingering() {
            if site.is_empty() && self.remove(&site) {
                return Some(site);
            }
        }
        None
    }
}

impl Sites {
    /// Looks whether some are awaited no longer.
    pub(super) fn look_at_some(&self) {
        for _ in 0..SOME {
            // Most have none, and recovery may be off.
            if self.state.read().lingering.is_empty() {
                return;
            }
            let Some(site) = self.state.write().next_lingering() else { return };
            // What is too old is dropped here, where no lock is held: it has values of the application.
            if let Some(sequencer) = site.context.sequencer() {
                sequencer.sweep();
            }
            let mut state = self.state.write();
            if !site.is_empty() {
                continue;
            }
            if site.is_awaited() {
                state.linger(&site);
            } else {
                state.remove(&site);
            }
            // The lock first: this may be the last handle.
            drop(state);
            drop(site);
        }
    }
}

/// One more than can be added by what calls it, so that they become fewer.
const SOME: usize = 2;
