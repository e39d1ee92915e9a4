//! One session whose client is away, and what it has missed.

use std::{fmt, sync::Arc};

use http::Extensions;
use sockeye_proto::Id;
use tokio::time::Instant;

use super::{
    Sequencer, Subject,
    history::{Back, History},
    log::{Entry, To},
    offset::Shown,
};
use crate::Room;

/// A session whose client is away: what it needs to go on. Keeps no socket alive.
pub struct Away {
    /// The secret that the client has to show.
    pub(super) pid: Id,
    /// The socket's public name.
    pub(super) id: Id,
    pub(super) rooms: Vec<Room>,
    /// Its data, as the text of a JSON object.
    pub(super) data: Option<Arc<str>>,
    /// What the admission has left, where the session is trusted.
    pub(super) locals: Extensions,
    pub(super) subject: Option<Subject>,
    /// The last event before the session began.
    pub(super) start: u64,
    /// The last event that was for it.
    pub(super) addressed: u64,
    /// The last event before it left.
    pub(super) gone: u64,
    pub(super) history: History,
    pub(super) since: Instant,
}

impl Away {
    /// The secret that its client shows.
    pub const fn pid(&self) -> Id {
        self.pid
    }

    /// The socket's public name.
    pub const fn id(&self) -> Id {
        self.id
    }

    /// The rooms it was in, that of its own id included unless it had left it.
    pub fn rooms(&self) -> &[Room] {
        &self.rooms
    }

    /// Its data, as the text of a JSON object.
    pub const fn data(&self) -> Option<&Arc<str>> {
        self.data.as_ref()
    }

    /// What the admission has left, where the session is trusted.
    pub const fn locals(&self) -> &Extensions {
        &self.locals
    }

    /// Whether it belongs to whom these values, left by an admission, name.
    pub fn belongs_to(&self, locals: &Extensions) -> bool {
        self.subject.as_ref() == locals.get::<Subject>()
    }

    /// Bytes that keeping it takes.
    pub(super) fn cost(&self) -> usize {
        let rooms = self.rooms.iter().map(|room| room.len().saturating_add(ROOM)).sum::<usize>();
        let data = self.data.as_ref().map_or(0, |data| data.len());
        let subject = self.subject.as_ref().map_or(0, |Subject(name)| name.len());
        [size_of::<Self>(), ENTRY, rooms, data, subject, self.history.cost()]
            .into_iter()
            .fold(0, usize::saturating_add)
    }

    /// The number behind which it may have missed something; `None` when that is not known any more, or when it shows a
    /// number that was never given.
    pub(super) fn base(&self, last: u64, shown: Shown) -> Option<u64> {
        let seen = match shown {
            Shown::At(seq) if seq > last => return None,
            // The number may be from an earlier session of this client, which tells nothing of this one.
            Shown::At(seq) => seq.max(self.start),
            Shown::Nothing => self.start,
        };
        // Who has seen the last one that was for him has seen all until he left, however old that is.
        let base = if seen >= self.addressed { seen.max(self.gone) } else { seen };
        self.history.reaches(base).then_some(base)
    }

    /// Goes back in time with it.
    pub(super) fn back(&self) -> Back<'_> {
        self.history.back(&self.rooms)
    }

    /// Whether an event was for it; never to be asked for a later one again.
    pub(super) fn was_meant(&self, entry: &Entry, back: &mut Back<'_>) -> bool {
        match &entry.to {
            To::Socket(id) => *id == self.id,
            To::Scope(scope) => {
                let rooms = back.at(entry.seq);
                let is_own = |room: &&Room| room.as_id() == Some(self.id);
                (scope.rooms.is_empty() || scope.rooms.iter().any(|room| rooms.contains(room)))
                    && !scope.except.iter().any(|room| rooms.contains(room) || is_own(&room))
            }
        }
    }
}

/// A stored session that one client is about to go on with. Dropped before it has joined, the session is away again, as
/// if nobody had asked.
pub struct Restoring {
    sequencer: Arc<Sequencer>,
    away: Option<Box<Away>>,
}

impl Restoring {
    pub(super) const fn new(sequencer: Arc<Sequencer>, away: Box<Away>) -> Self {
        Self { sequencer, away: Some(away) }
    }

    /// The session, until it was taken.
    pub fn away(&self) -> Option<&Away> {
        self.away.as_deref()
    }

    /// Nobody will go on with it.
    pub fn forget(mut self) {
        drop(self.away.take());
    }

    /// The session, for good.
    pub(super) const fn take(&mut self) -> Option<Box<Away>> {
        self.away.take()
    }
}

impl Drop for Restoring {
    fn drop(&mut self) {
        if let Some(away) = self.away.take() {
            self.sequencer.put_back(away);
        }
    }
}

/// What a room's name costs beside its bytes, and what a session does in the tables.
const ROOM: usize = 32;
const ENTRY: usize = 128;

impl fmt::Debug for Away {
    /// Without secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Away").field("id", &self.id).field("gone", &self.gone).finish_non_exhaustive()
    }
}

impl fmt::Debug for Restoring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Restoring").field("away", &self.away).finish_non_exhaustive()
    }
}
