//! How many events of one socket may run at the same time.

use std::num::NonZeroUsize;

/// How many events of one socket may run at the same time; unless said, as many as the server's configuration allows.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Order(Option<NonZeroUsize>);

impl Order {
    #[track_caller]
    pub(super) const fn at_most(events: usize) -> Self {
        assert!(events > 0, "at least one event must be allowed to run");
        Self(NonZeroUsize::new(events))
    }

    pub(crate) fn events_in_flight(self, default: usize) -> usize {
        self.0.map_or(default, NonZeroUsize::get)
    }
}
