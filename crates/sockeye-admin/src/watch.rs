//! What runs while somebody looks, and only then.

use parking_lot::Mutex;
use sockeye_core::Observing;
use tokio::task::AbortHandle;

/// Counts the admins. With the first an observer and a timer come, with the last they go.
#[derive(Default)]
pub(crate) struct Watch(Mutex<State>);

#[derive(Default)]
struct State {
    admins: usize,
    observing: Option<Observing>,
    reporting: Option<AbortHandle>,
}

impl Watch {
    pub(crate) fn admins(&self) -> usize {
        self.0.lock().admins
    }

    /// An admin has come; `observe` is called for the first. Held while the lock is, so it may take no lock of its own that
    /// is held around this.
    pub(crate) fn enter(&self, observe: impl FnOnce() -> Option<Observing>) {
        let mut state = self.0.lock();
        state.admins += 1;
        if state.observing.is_none() {
            state.observing = observe();
        }
    }

    /// Starts the reports, unless they run or nobody looks any more.
    pub(crate) fn report(&self, start: impl FnOnce() -> AbortHandle) {
        let mut state = self.0.lock();
        if state.admins > 0 && state.reporting.is_none() {
            state.reporting = Some(start());
        }
    }

    /// An admin has gone.
    pub(crate) fn leave(&self) {
        let mut state = self.0.lock();
        state.admins = state.admins.saturating_sub(1);
        if state.admins > 0 {
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
