//! What a socket remembers of itself, for its return.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use parking_lot::Mutex;
use sockeye_proto::Id;

use super::history::History;

/// What a socket remembers for its return. Changed under the lock of the namespace's sequencer alone; there is none where
/// recovery is off.
#[derive(Debug, Default)]
pub(crate) struct Member {
    /// The last event that can be recovered and was for this socket.
    addressed: AtomicU64,
    recovered: AtomicBool,
    taken_over: AtomicBool,
    track: Mutex<Track>,
}

/// The parts of it that are seldom asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Track {
    /// The secret of its session; `None` before it has joined.
    pub(super) pid: Option<Id>,
    /// The last event before the session began.
    pub(super) start: u64,
    pub(super) history: History,
}

impl Member {
    pub(super) fn address(&self, seq: u64) {
        self.addressed.store(seq, Ordering::Relaxed);
    }

    pub(super) fn addressed(&self) -> u64 {
        self.addressed.load(Ordering::Relaxed)
    }

    pub(super) fn set_recovered(&self) {
        self.recovered.store(true, Ordering::Release);
    }

    pub(crate) fn recovered(&self) -> bool {
        self.recovered.load(Ordering::Acquire)
    }

    pub(crate) fn take_over(&self) {
        self.taken_over.store(true, Ordering::Release);
    }

    pub(crate) fn taken_over(&self) -> bool {
        self.taken_over.load(Ordering::Acquire)
    }

    pub(super) fn with<T>(&self, look: impl FnOnce(&mut Track) -> T) -> T {
        look(&mut self.track.lock())
    }
}
