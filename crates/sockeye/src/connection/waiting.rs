//! An event that was decoded and whose turn has not come.

use std::sync::Arc;

use sockeye_core::Arguments;

/// An event that was decoded and whose turn has not come.
pub(super) struct Waiting {
    pub(super) name: Arc<str>,
    pub(super) ack: Option<u64>,
    pub(super) arguments: Arguments,
}

impl Waiting {
    /// What it takes of the inbound budget: its bytes and what it costs to keep them.
    pub(super) fn cost(&self) -> usize {
        size_of::<Self>() + self.name.len() + self.arguments.len()
    }
}
