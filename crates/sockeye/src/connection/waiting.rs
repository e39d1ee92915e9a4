//! An event that was decoded and whose turn has not come.

use smol_str::SmolStr;
use sockeye_core::Arguments;

/// An event that was decoded and whose turn has not come.
pub(super) struct Waiting {
    pub(super) name: SmolStr,
    pub(super) ack: Option<u64>,
    pub(super) arguments: Arguments,
}

impl Waiting {
    /// What it takes of the inbound budget: its bytes and what it costs to keep them.
    pub(super) fn cost(&self) -> usize {
        Self::cost_of(&self.name, &self.arguments)
    }

    /// What one with this name and these arguments takes.
    pub(super) fn cost_of(name: &str, arguments: &Arguments) -> usize {
        size_of::<Self>() + name.len() + arguments.len()
    }
}
