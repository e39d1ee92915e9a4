//! The time of one turn, looked at when somebody wants to know it.

use std::{cell::Cell, time::Instant};

/// Most turns need no time, and asking for it costs as much as a small packet.
#[derive(Default)]
pub(super) struct Clock(Cell<Option<Instant>>);

impl Clock {
    /// The same answer every time.
    pub(super) fn now(&self) -> Instant {
        let now = self.0.get().unwrap_or_else(now);
        self.0.set(Some(now));
        now
    }
}

/// The clock that tests can stop.
pub(super) fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}
