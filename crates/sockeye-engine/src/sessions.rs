//! The sessions of one engine by their names.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use parking_lot::Mutex;
use sockeye_proto::Id;

use crate::session::SessionState;

/// A map in shards, so that handshakes and polls of different sessions seldom meet.
#[derive(Default)]
pub(crate) struct Sessions {
    shards: [Mutex<HashMap<Id, Arc<SessionState>>>; 16],
    count: AtomicUsize,
}

impl Sessions {
    pub(crate) fn insert(&self, session: Arc<SessionState>) {
        let replaced = self.shard(&session.id()).lock().insert(session.id(), session);
        if replaced.is_none() {
            self.count.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn find(&self, id: &Id) -> Option<Arc<SessionState>> {
        self.shard(id).lock().get(id).cloned()
    }

    pub(crate) fn remove(&self, id: &Id) {
        let removed = self.shard(id).lock().remove(id);
        if removed.is_some() {
            self.count.fetch_sub(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    /// Handles of all sessions of this moment, taken shard by shard.
    pub(crate) fn all(&self) -> Vec<Arc<SessionState>> {
        let mut all = Vec::with_capacity(self.len());
        for shard in &self.shards {
            all.extend(shard.lock().values().cloned());
        }
        all
    }

    fn shard(&self, id: &Id) -> &Mutex<HashMap<Id, Arc<SessionState>>> {
        let [first, ..] = &self.shards;
        let key = id.as_str().bytes().next_back().unwrap_or(0);
        self.shards.get(usize::from(key) % self.shards.len()).unwrap_or(first)
    }
}
