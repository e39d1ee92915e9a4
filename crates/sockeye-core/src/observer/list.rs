//! The observers of one server.

use std::{
    any::Any,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Weak,
        atomic::{AtomicUsize, Ordering},
    },
};

use parking_lot::RwLock;

use super::Observer;

/// The observers of one server, shared by all its namespaces. While there are none, telling them costs one load.
#[derive(Default)]
pub struct Observers {
    /// How many there are.
    count: AtomicUsize,
    /// Replaced as a whole, so that they are called with no lock held.
    list: RwLock<Arc<[Arc<dyn Observer>]>>,
}

impl Observers {
    /// Adds one, until the answer is dropped or the server is gone.
    pub fn add(self: &Arc<Self>, observer: Arc<dyn Observer>) -> Observing {
        self.change(|list| list.push(observer.clone()));
        Observing { observers: Arc::downgrade(self), observer: Some(observer) }
    }

    /// Takes all away: the server is gone.
    pub fn clear(&self) {
        self.change(Vec::clear);
    }

    /// Whether there is nobody to tell; ask before anything is prepared for telling.
    pub fn is_empty(&self) -> bool {
        self.count.load(Ordering::Relaxed) == 0
    }

    /// Calls every observer. Hold no lock.
    pub fn tell(&self, mut call: impl FnMut(&dyn Observer)) {
        if self.is_empty() {
            return;
        }
        let list = self.list.read().clone();
        for observer in &*list {
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| call(&**observer))) {
                discard(panic);
                tracing::error!(target: "sockeye::panic", "an observer panicked");
            }
        }
    }

    fn change(&self, change: impl FnOnce(&mut Vec<Arc<dyn Observer>>)) {
        let mut list = self.list.write();
        let mut changed = list.to_vec();
        change(&mut changed);
        self.count.store(changed.len(), Ordering::Relaxed);
        let old = std::mem::replace(&mut *list, changed.into());
        drop(list);
        // With it may go the last handle of an observer, whose drop is the application's code.
        drop(old);
    }
}

impl fmt::Debug for Observers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observers").field("count", &self.count).finish_non_exhaustive()
    }
}

/// An observer that is told of things for as long as this lives.
#[must_use = "the observer is taken away when this is dropped; `detach` leaves it until the server is gone"]
pub struct Observing {
    observers: Weak<Observers>,
    observer: Option<Arc<dyn Observer>>,
}

impl Observing {
    /// Leaves the observer until the server is gone.
    pub fn detach(mut self) {
        self.observer = None;
    }
}

impl Drop for Observing {
    fn drop(&mut self) {
        let (Some(observers), Some(observer)) = (self.observers.upgrade(), &self.observer) else { return };
        observers.change(|list| {
            if let Some(at) = list.iter().position(|known| Arc::ptr_eq(known, observer)) {
                list.remove(at);
            }
        });
    }
}

impl fmt::Debug for Observing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observing").finish_non_exhaustive()
    }
}

/// What was panicked with may panic again when it is dropped; its successor has to do without being looked at.
pub(crate) fn discard(panic: Box<dyn Any + Send>) {
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(panic))) {
        Box::leak(again);
    }
}
