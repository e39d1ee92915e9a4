//! What happens to a socket beside its events, for handlers of the namespace: queued where it happens, run by the socket's
//! own session.

use std::{
    collections::{HashMap, VecDeque},
    sync::atomic::{AtomicUsize, Ordering},
};

use parking_lot::Mutex;
use sockeye_core::{Id, Room};

/// One value for each kind of hook.
#[derive(Clone, Debug)]
pub(crate) struct Hooks<R> {
    pub(crate) created: Option<R>,
    pub(crate) joined: Option<R>,
    pub(crate) left: Option<R>,
    pub(crate) deleted: Option<R>,
    pub(crate) upgraded: Option<R>,
}

/// What has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Happened {
    Created(Room),
    Joined(Room),
    Left(Room),
    Deleted(Room),
    Upgraded,
}

/// What has happened to the sockets of one namespace and was not told to their handlers yet.
#[derive(Debug)]
pub(crate) struct HookQueue {
    /// Which there are handlers for.
    wanted: Hooks<()>,
    /// How many wait, of all sockets: most of the time none, so that nobody needs the lock.
    waiting: AtomicUsize,
    queues: Mutex<HashMap<Id, VecDeque<Happened>>>,
}

impl<R> Hooks<R> {
    pub(crate) fn map<T>(self, mut change: impl FnMut(R) -> T) -> Hooks<T> {
        let Self { created, joined, left, deleted, upgraded } = self;
        let mut map = |hook: Option<R>| hook.map(&mut change);
        Hooks {
            created: map(created),
            joined: map(joined),
            left: map(left),
            deleted: map(deleted),
            upgraded: map(upgraded),
        }
    }

    /// The handler for what has happened, and its name in the reference.
    pub(crate) const fn of(&self, happened: &Happened) -> (Option<&R>, &'static str) {
        match happened {
            Happened::Created(_) => (self.created.as_ref(), "create-room"),
            Happened::Joined(_) => (self.joined.as_ref(), "join-room"),
            Happened::Left(_) => (self.left.as_ref(), "leave-room"),
            Happened::Deleted(_) => (self.deleted.as_ref(), "delete-room"),
            Happened::Upgraded => (self.upgraded.as_ref(), "upgrade"),
        }
    }

    const fn any(&self) -> bool {
        self.any_of_rooms() || self.upgraded.is_some()
    }

    const fn any_of_rooms(&self) -> bool {
        self.created.is_some() || self.joined.is_some() || self.left.is_some() || self.deleted.is_some()
    }
}

impl<R> Default for Hooks<R> {
    fn default() -> Self {
        Self { created: None, joined: None, left: None, deleted: None, upgraded: None }
    }
}

impl HookQueue {
    pub(crate) fn new<R>(hooks: &Hooks<R>) -> Self {
        let Hooks { created, joined, left, deleted, upgraded } = hooks;
        let wanted = Hooks {
            created: created.as_ref().map(drop),
            joined: joined.as_ref().map(drop),
            left: left.as_ref().map(drop),
            deleted: deleted.as_ref().map(drop),
            upgraded: upgraded.as_ref().map(drop),
        };
        Self { wanted, waiting: AtomicUsize::new(0), queues: Mutex::default() }
    }

    /// Whether the namespace has any hooks.
    pub(crate) const fn is_wanted(&self) -> bool {
        self.wanted.any()
    }

    pub(crate) const fn wants_rooms(&self) -> bool {
        self.wanted.any_of_rooms()
    }

    /// Notes what has happened, if there is a handler for it. `true`: the socket's session has something to do.
    pub(crate) fn push(&self, socket: Id, happened: Happened) -> bool {
        let wanted = self.wanted.of(&happened).0.is_some();
        if wanted {
            let mut queues = self.queues.lock();
            queues.entry(socket).or_default().push_back(happened);
            // Under the lock, lest it be popped before it is counted.
            self.waiting.fetch_add(1, Ordering::Release);
        }
        wanted
    }

    /// The next that a socket's handler is to be told of.
    pub(crate) fn pop(&self, socket: Id) -> Option<Happened> {
        if self.waiting.load(Ordering::Acquire) == 0 {
            return None;
        }
        let mut queues = self.queues.lock();
        let queue = queues.get_mut(&socket)?;
        let happened = queue.pop_front();
        if queue.is_empty() {
            queues.remove(&socket);
        }
        self.waiting.fetch_sub(usize::from(happened.is_some()), Ordering::Release);
        drop(queues);
        happened
    }

    /// How much of a socket waits.
    pub(crate) fn waiting(&self, socket: Id) -> usize {
        if self.waiting.load(Ordering::Acquire) == 0 {
            return 0;
        }
        self.queues.lock().get(&socket).map_or(0, VecDeque::len)
    }

    /// The socket is gone, and so are its handlers.
    pub(crate) fn forget(&self, socket: Id) {
        let mut queues = self.queues.lock();
        let dropped = queues.remove(&socket).map_or(0, |queue| queue.len());
        self.waiting.fetch_sub(dropped, Ordering::Release);
    }
}
