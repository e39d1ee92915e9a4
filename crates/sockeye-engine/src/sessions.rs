//! The sessions of one engine by their names.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use parking_lot::Mutex;
use sockeye_proto::SessionId;
use tracing::debug;

use crate::session::SessionState;

/// A map in shards, so that handshakes and polls of different sessions seldom meet.
#[derive(Default)]
pub(crate) struct Sessions {
    shards: [Mutex<HashMap<SessionId, Arc<SessionState>>>; 16],
    count: AtomicUsize,
    /// Names that were promised to sessions which are not open yet.
    reserved: Arc<Mutex<HashSet<SessionId>>>,
}

/// A name that no other session gets while this lives.
pub(crate) struct Reserved {
    sid: SessionId,
    among: Arc<Mutex<HashSet<SessionId>>>,
}

impl Sessions {
    pub(crate) fn insert(&self, session: Arc<SessionState>) {
        let replaced = self.shard(session.id().as_str()).lock().insert(session.id().clone(), session);
        if replaced.is_none() {
            self.count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Keeps a name free, unless it is taken. Hold it until its session is [here](Self::insert).
    pub(crate) fn reserve(&self, sid: SessionId) -> Option<Reserved> {
        let mut reserved = self.reserved.lock();
        // Under the lock: whoever held the name before has inserted its session by the time it gives the name back.
        if self.find(sid.as_str()).is_some() || !reserved.insert(sid.clone()) {
            drop(reserved);
            debug!(target: "sockeye::rejection", "generate_id gave the id of a session that lives");
            return None;
        }
        drop(reserved);
        Some(Reserved { sid, among: Arc::clone(&self.reserved) })
    }

    pub(crate) fn find(&self, sid: &str) -> Option<Arc<SessionState>> {
        self.shard(sid).lock().get(sid).cloned()
    }

    pub(crate) fn remove(&self, sid: &str) {
        let removed = self.shard(sid).lock().remove(sid);
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

    fn shard(&self, sid: &str) -> &Mutex<HashMap<SessionId, Arc<SessionState>>> {
        let [first, ..] = &self.shards;
        let key = sid.bytes().next_back().unwrap_or(0);
        self.shards.get(usize::from(key) % self.shards.len()).unwrap_or(first)
    }
}

impl Reserved {
    pub(crate) const fn sid(&self) -> &SessionId {
        &self.sid
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        self.among.lock().remove(&self.sid);
    }
}
