//! The sessions of one engine by their names.

use std::{
    borrow::Borrow,
    collections::HashSet,
    hash::{Hash, Hasher},
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
    shards: [Mutex<HashSet<Named>>; 16],
    count: AtomicUsize,
    /// Names that were promised to sessions which are not open yet.
    reserved: Arc<Mutex<HashSet<SessionId>>>,
}

/// A session, found by its name: the one it knows itself, so that the table holds a pointer for each.
struct Named(Arc<SessionState>);

/// A name that no other session gets while this lives.
pub(crate) struct Reserved {
    sid: SessionId,
    among: Arc<Mutex<HashSet<SessionId>>>,
}

impl Sessions {
    pub(crate) fn insert(&self, session: Arc<SessionState>) {
        let shard = self.shard(session.id().as_str());
        let replaced = shard.lock().replace(Named(session));
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
        self.shard(sid).lock().get(sid.as_bytes()).map(|Named(session)| Arc::clone(session))
    }

    pub(crate) fn remove(&self, sid: &str) {
        let removed = self.shard(sid).lock().take(sid.as_bytes());
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
            all.extend(shard.lock().iter().map(|Named(session)| Arc::clone(session)));
        }
        all
    }

    fn shard(&self, sid: &str) -> &Mutex<HashSet<Named>> {
        let [first, ..] = &self.shards;
        let key = sid.bytes().next_back().unwrap_or(0);
        self.shards.get(usize::from(key) % self.shards.len()).unwrap_or(first)
    }
}

/// By its bytes: that they are text, nobody who looks for a session needs to know.
impl Borrow<[u8]> for Named {
    fn borrow(&self) -> &[u8] {
        self.0.id().as_bytes()
    }
}

impl PartialEq for Named {
    fn eq(&self, other: &Self) -> bool {
        self.0.id().as_bytes() == other.0.id().as_bytes()
    }
}

impl Eq for Named {}

/// As its bytes, which [`Borrow`] promises.
impl Hash for Named {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.id().as_bytes().hash(state);
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
