//! What all namespaces of a server keep together.

use std::sync::{
    Arc, Weak,
    atomic::{AtomicUsize, Ordering},
};

use parking_lot::Mutex;

use super::{Recovery, Sequencer};

/// What all namespaces of a server keep together for recovery, in bytes and in sessions. When it is too much, whoever
/// keeps most drops its oldest.
#[derive(Debug)]
pub struct Budget {
    most_bytes: usize,
    most_sessions: usize,
    pub(super) total: Weight,
    keepers: Mutex<Vec<Weak<Sequencer>>>,
}

/// Bytes, and sessions that are away.
#[derive(Debug, Default)]
pub(super) struct Weight {
    bytes: AtomicUsize,
    sessions: AtomicUsize,
}

impl Weight {
    pub(super) fn add(&self, bytes: usize, sessions: usize) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.sessions.fetch_add(sessions, Ordering::Relaxed);
    }

    pub(super) fn sub(&self, bytes: usize, sessions: usize) {
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
        self.sessions.fetch_sub(sessions, Ordering::Relaxed);
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    pub(super) fn sessions(&self) -> usize {
        self.sessions.load(Ordering::Relaxed)
    }
}

impl Budget {
    /// What these settings allow.
    pub fn new(settings: &Recovery) -> Arc<Self> {
        Arc::new(Self {
            most_bytes: settings.bytes,
            most_sessions: settings.sessions,
            total: Weight::default(),
            keepers: Mutex::default(),
        })
    }

    /// Bytes that are kept.
    pub fn bytes(&self) -> usize {
        self.total.bytes()
    }

    /// Sessions that are away.
    pub fn sessions(&self) -> usize {
        self.total.sessions()
    }

    pub(super) fn register(&self, keeper: Weak<Sequencer>) {
        let mut keepers = self.keepers.lock();
        keepers.retain(|known| known.strong_count() > 0);
        keepers.push(keeper);
    }

    /// Drops until it is within its bounds. Hold no lock.
    pub(super) fn settle(&self) {
        while self.bytes() > self.most_bytes {
            let over = || self.bytes() > self.most_bytes;
            if !self.shrink(Weight::bytes, |keeper| keeper.drop_oldest(over)) {
                return;
            }
        }
        while self.sessions() > self.most_sessions {
            let over = || self.sessions() > self.most_sessions;
            if !self.shrink(Weight::sessions, |keeper| keeper.drop_oldest_session(over)) {
                return;
            }
        }
    }

    /// `false`: nobody could drop anything.
    fn shrink(&self, of: impl Fn(&Weight) -> usize, drop_from: impl Fn(&Sequencer) -> bool) -> bool {
        // Taken out before anything is asked of them: the last handle of one may be dropped here.
        let keepers: Vec<_> = self.keepers.lock().iter().filter_map(Weak::upgrade).collect();
        let largest = keepers.iter().max_by_key(|keeper| of(&keeper.weight));
        largest.is_some_and(|keeper| drop_from(keeper))
    }
}
