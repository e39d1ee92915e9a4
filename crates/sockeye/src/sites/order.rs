//! The order of events, for each namespace its own.

use std::{sync::Arc, time::SystemTime};

use sockeye_core::{
    Recovery,
    recovery::{Budget, Sequencer},
};

/// Makes the sequencers of a server's namespaces, which keep what they keep within one budget.
#[derive(Clone, Debug)]
pub(crate) struct Sequencers {
    settings: Recovery,
    budget: Arc<Budget>,
}

impl Sequencers {
    pub(crate) fn new(settings: Recovery) -> Self {
        Self { budget: Budget::new(&settings), settings }
    }

    /// One for a namespace that begins, or begins anew.
    pub(super) fn make(&self) -> Arc<Sequencer> {
        // No secret, it only has to be another one each time.
        let epoch = getrandom::u32().unwrap_or_else(|_| {
            SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |time| time.subsec_nanos())
        });
        Sequencer::new(self.settings.clone(), epoch, self.budget.clone())
    }
}
