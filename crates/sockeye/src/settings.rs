//! How events are taken in and run.

use std::time::Duration;

/// How events are taken in and run; the setters of [`Builder`](crate::Builder) say what each is.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) events_in_flight: usize,
    pub(crate) inbound_budget: usize,
    pub(crate) admit_timeout: Duration,
    pub(crate) handler_grace: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            events_in_flight: 16,
            inbound_budget: 1_000_000,
            admit_timeout: Duration::from_secs(10),
            handler_grace: Duration::from_secs(30),
        }
    }
}
