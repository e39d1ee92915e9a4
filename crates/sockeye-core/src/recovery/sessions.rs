//! Who is here, who is leaving, and who is away.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
};

use sockeye_proto::Id;
use tokio::{sync::oneshot, time::Instant};

use super::{Away, Restoring};

/// The sessions of one namespace by their secrets.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    by_pid: HashMap<Id, State>,
    /// Those that are away, the oldest first.
    away: BTreeSet<(Instant, Id)>,
}

/// Where a session is. Dropped where no lock is held: it holds values of the application.
pub(super) enum State {
    /// The socket of this id is open; somebody may wait for its session.
    Open(Id, Option<Heir>),
    /// It has left, and its disconnect handler is not done.
    Leaving(Box<Away>, Option<Heir>),
    Away(Box<Away>),
}

type Heir = oneshot::Sender<Restoring>;

/// What became of a client's wish to go on with a session.
#[derive(Debug)]
pub enum Claim {
    /// It is its own.
    Granted(Restoring),
    /// Its socket is still open, or its disconnect handler runs; the session comes when that is over, or never. The id is
    /// that of a socket that has to be asked to leave.
    Later(oneshot::Receiver<Restoring>, Option<Id>),
    /// There is no such session, or another client was first.
    Denied,
}

/// What [`Sessions::claim`] has found.
pub(super) enum Found {
    Away(Box<Away>),
    Later(oneshot::Receiver<Restoring>, Option<Id>),
    Nothing,
}

impl Sessions {
    pub(super) fn open(&mut self, pid: Id, socket: Id) {
        self.by_pid.insert(pid, State::Open(socket, None));
    }

    /// Its socket has left for good.
    pub(super) fn remove(&mut self, pid: Id) -> Option<State> {
        self.by_pid.remove(&pid)
    }

    /// Its socket has left, and may come back.
    pub(super) fn leave(&mut self, away: Box<Away>) {
        let heir = match self.by_pid.remove(&away.pid) {
            Some(State::Open(_, heir)) => heir,
            _ => None,
        };
        self.by_pid.insert(away.pid, State::Leaving(away, heir));
    }

    /// The disconnect handler is done: the session, and who waits for it.
    pub(super) fn left(&mut self, pid: Id) -> Option<(Box<Away>, Option<Heir>)> {
        match self.by_pid.remove(&pid)? {
            State::Leaving(away, heir) => Some((away, heir)),
            other => {
                self.by_pid.insert(pid, other);
                None
            }
        }
    }

    pub(super) fn park(&mut self, away: Box<Away>) {
        self.away.insert((away.since, away.pid));
        self.by_pid.insert(away.pid, State::Away(away));
    }

    /// Somebody shows the secret. Of those who wait, the first to do so has it.
    pub(super) fn claim(&mut self, pid: Id) -> Found {
        let is_free = |heir: &Option<Heir>| heir.as_ref().is_none_or(Heir::is_closed);
        match self.by_pid.get_mut(&pid) {
            Some(State::Open(socket, heir)) if is_free(heir) => {
                let (sender, receiver) = oneshot::channel();
                *heir = Some(sender);
                Found::Later(receiver, Some(*socket))
            }
            Some(State::Leaving(_, heir)) if is_free(heir) => {
                let (sender, receiver) = oneshot::channel();
                *heir = Some(sender);
                Found::Later(receiver, None)
            }
            Some(State::Away(_)) => self.take(pid).map_or(Found::Nothing, Found::Away),
            Some(State::Open(..) | State::Leaving(..)) | None => Found::Nothing,
        }
    }

    /// The session that is away for longest.
    pub(super) fn drop_oldest(&mut self) -> Option<Box<Away>> {
        let (_, pid) = *self.away.first()?;
        self.take(pid)
    }

    pub(super) fn oldest(&self) -> Option<Instant> {
        self.away.first().map(|(since, _)| *since)
    }

    /// Whether nobody is here, leaving or away.
    pub(super) fn is_empty(&self) -> bool {
        self.by_pid.is_empty()
    }

    fn take(&mut self, pid: Id) -> Option<Box<Away>> {
        match self.by_pid.remove(&pid)? {
            State::Away(away) => {
                self.away.remove(&(away.since, pid));
                Some(away)
            }
            other => {
                self.by_pid.insert(pid, other);
                None
            }
        }
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open(..) => "Open",
            Self::Leaving(..) => "Leaving",
            Self::Away(_) => "Away",
        })
    }
}
