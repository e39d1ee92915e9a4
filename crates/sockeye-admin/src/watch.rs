//! What runs while somebody looks, and only then.

use std::collections::HashSet;

use parking_lot::Mutex;
use sockeye::Id;
use sockeye_core::Observing;
use tokio::task::AbortHandle;

/// Counts the admins. With the first an observer and a timer come, with the last they go.
#[derive(Default)]
pub(crate) struct Watch(Mutex<State>);

#[derive(Default)]
struct State {
    /// By name: one that leaves before it was greeted takes nobody else's place.
    admins: HashSet<Id>,
    observing: Option<Observing>,
    reporting: Option<AbortHandle>,
}

impl Watch {
    pub(crate) fn admins(&self) -> usize {
        self.0.lock().admins.len()
    }

    /// An admin has come; `observe` is called for the first. Held while the lock is, so it may take no lock of its own that
    /// is held around this.
    pub(crate) fn enter(&self, admin: Id, observe: impl FnOnce() -> Option<Observing>) {
        let mut state = self.0.lock();
        state.admins.insert(admin);
        if state.observing.is_none() {
            state.observing = observe();
        }
    }

    /// Starts the reports, unless they run or nobody looks any more.
    pub(crate) fn report(&self, start: impl FnOnce() -> AbortHandle) {
        let mut state = self.0.lock();
        if !state.admins.is_empty() && state.reporting.is_none() {
            state.reporting = Some(start());
        }
    }

    /// An admin has gone.
    pub(crate) fn leave(&self, admin: Id) {
        let mut state = self.0.lock();
        state.admins.remove(&admin);
        if !state.admins.is_empty() {
            return;
        }
        let (observing, reporting) = (state.observing.take(), state.reporting.take());
        drop(state);
        drop(observing);
        if let Some(reporting) = reporting {
            reporting.abort();
        }
    }
}
