//! The time of one turn, looked at when somebody wants to know it.

use std::time::Instant;

/// Most turns need no time, and asking for it costs as much as a small packet.
#[derive(Default)]
pub(super) struct Clock(Option<Instant>);

impl Clock {
    /// The same answer every time.
    pub(super) fn now(&mut self) -> Instant {
        *self.0.get_or_insert_with(now)
    }
}

/// The clock that tests can stop.
pub(super) fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}
