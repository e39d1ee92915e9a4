//! Sees to it that sockets leave and disconnect handlers run, also when the session's task is dropped.

use std::{
    future::poll_fn,
    ops::{Deref, DerefMut},
    sync::Arc,
};

use sockeye_core::{CloseReason, DisconnectReason, Transport};
use tokio::runtime::Handle;

use super::{clock::now, lanes::Lanes};
use crate::mounted::Mounted;

/// The lanes of a session. Dropped before they are done (the task was aborted, or something of ours has panicked), it
/// takes the sockets out of their rooms at once and leaves the rest to a task of its own.
pub(super) struct Guard {
    lanes: Lanes,
}

impl Guard {
    pub(super) fn new(mounted: Arc<Mounted>) -> Self {
        Self { lanes: Lanes::new(mounted) }
    }
}

impl Deref for Guard {
    type Target = Lanes;

    fn deref(&self) -> &Lanes {
        &self.lanes
    }
}

impl DerefMut for Guard {
    fn deref_mut(&mut self) -> &mut Lanes {
        &mut self.lanes
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if self.lanes.is_empty() {
            return;
        }
        let mut lanes = self.lanes.take();
        // Those that knew a better reason have it.
        lanes.end_all(DisconnectReason::Session(CloseReason::Forced(Transport::WebSocket)), now());
        // Tasks are dropped by the runtime they run on. Without one there is nobody left to go on.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move { poll_fn(|cx| lanes.poll_finish(cx)).await });
        }
    }
}

#[cfg(test)]
mod tests;
