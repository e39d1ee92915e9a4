//! What waits to be written of one session.

use std::{
    collections::VecDeque,
    fmt,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Waker},
};

use thiserror::Error;

use crate::{frame::Frame, group::Group};

mod offer;
mod owner;
mod queue;
mod spare;
#[cfg(test)]
mod tests;
mod turn;
mod waiting;

pub use offer::{Offer, Wake};
use owner::Owner;
use queue::Queue;
pub use spare::give_back;
pub use turn::{Begun, Look};

/// How much may wait in one [`Outbox`], in bytes of websocket frames.
///
/// Each is a bound of frames as well: as many as it is times [`FRAME`](Self::FRAME) bytes, and at least 64. In
/// [`hard`](Self::hard), what is beyond 64 frames weighs [`KEPT`](Self::KEPT) more each, at most a quarter of all bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Above this, [`try_push`](Outbox::try_push) refuses and those who wait for room wait. Default 256 KiB: what a
    /// phone's line drains in about a second.
    pub soft: usize,
    /// Who pushes beyond this while more than `soft` waits closes the slow consumer. Default 768 KiB: three times
    /// `soft`, so that emitters which push without waiting find room while others wait. While no more than `soft` waits,
    /// one group of any size is taken.
    pub hard: usize,
}

impl Bounds {
    /// What keeping a frame costs beside its bytes: its place in the queue, and an allocation. 64 bytes.
    pub const FRAME: usize = 64;

    /// The same at most, for frames that fill the hard bound by their bytes: a place in a queue that may be half empty, the
    /// count of those who share it, and what allocators add to either. 160 bytes.
    pub const KEPT: usize = 160;
}

impl Default for Bounds {
    fn default() -> Self {
        Self { soft: 256 * 1024, hard: 768 * 1024 }
    }
}

/// What waits to be written of one session: groups of frames, counted in bytes.
///
/// Emitters push from any thread and never wait for the peer. The session's task, the *owner*, takes what its transport
/// can write and reports what was written; bytes count until then. An idle outbox owns no allocation, and nothing of a
/// burst stays behind: the room it took goes to a bounded store of the thread, from which the next burst takes it.
///
/// Wakers are called and dropped with no lock held.
pub struct Outbox {
    state: Mutex<State>,
    /// No more than the soft bound waits, and it is not closed. Written under the lock, so that who asks needs none.
    roomy: AtomicBool,
}

struct State {
    queue: Queue,
    owner: Owner,
    /// Who waits for room. Boxed: mostly nobody does.
    room: Option<Box<Waiters>>,
}

#[derive(Default)]
struct Waiters(Vec<Waker>);

/// An accepted push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pushed {
    /// More than [`Bounds::soft`] waits now: who can wait should, by [`Outbox::poll_room`].
    pub over_soft: bool,
}

/// What [`Outbox::take_polling`] has added to a payload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Taken {
    /// Bytes of frames, which count until they are told to be [`written`](Outbox::written).
    pub bytes: usize,
    /// Whether the payload may be compressed: at least one of its packets may.
    pub may_compress: bool,
}

/// Why a group was not queued. Nothing of it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PushError {
    /// The session is closing or closed.
    #[error("the session is closed")]
    Closed,
    /// More than [`Bounds::soft`] waits.
    #[error("too much waits to be written")]
    Full,
    /// The peer reads too slowly: [`Bounds::hard`] would have been exceeded. The owner closes the session.
    #[error("the peer reads too slowly")]
    Overflow,
}

/// The session ended before there was room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the session is closed")]
pub struct Closed;

/// How far an outbox is from its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Takes groups.
    Open,
    /// Takes no more; what waits is still written.
    Closing,
    /// Over; what waited is dropped.
    Closed,
}

/// For emitters, on any thread.
impl Outbox {
    /// An empty outbox.
    pub fn new(bounds: Bounds) -> Self {
        let state = State { queue: Queue::new(bounds), owner: Owner::new(), room: None };
        Self { state: Mutex::new(state), roomy: AtomicBool::new(true) }
    }

    /// Queues a group and wakes the owner.
    ///
    /// While no more than [`Bounds::soft`] waits, a group of any size is taken, and then, if it is itself near or above
    /// [`Bounds::hard`], up to [`Bounds::soft`] beside what is unwritten of it.
    ///
    /// # Errors
    /// [`PushError::Overflow`] beyond the hard bound: the outbox remembers it ([`overflowed`](Self::overflowed)), takes
    /// nothing after it, and wakes the owner, which closes the session. [`PushError::Closed`] when it is over.
    pub fn push(&self, group: Group) -> Result<Pushed, PushError> {
        let mut state = self.lock();
        let pushed = state.queue.push(group);
        let waker = state.owner.told(pushed.map(|()| true));
        let over_soft = self.publish(&state);
        drop(state);
        wake(waker);
        pushed.map(|()| Pushed { over_soft })
    }

    /// Queues a group only while no more than [`Bounds::soft`] waits.
    ///
    /// # Errors
    /// [`PushError::Full`] otherwise, and [`PushError::Closed`] or [`PushError::Overflow`] when the session is over or
    /// about to be closed.
    pub fn try_push(&self, group: Group) -> Result<(), PushError> {
        let mut state = self.lock();
        let pushed = state.queue.try_push(group);
        let waker = if pushed.is_ok() { state.owner.queued() } else { None };
        self.publish(&state);
        drop(state);
        wake(waker);
        pushed
    }

    /// Queues a group only if it can be written at once: the transport is writable and nothing waits or is being
    /// written. Otherwise the group is dropped and the answer is `false`.
    ///
    /// # Errors
    /// [`PushError::Closed`] or [`PushError::Overflow`] when the session is over or about to be closed.
    pub fn push_volatile(&self, group: Group) -> Result<bool, PushError> {
        let mut state = self.lock();
        let pushed = state.queue.push_volatile(group);
        let waker = if pushed == Ok(true) { state.owner.queued() } else { None };
        self.publish(&state);
        drop(state);
        wake(waker);
        pushed
    }

    /// Ready when no more than [`Bounds::soft`] waits.
    ///
    /// A waker is kept until there is room or the outbox closes, even if nobody waits any longer.
    ///
    /// # Errors
    /// [`Closed`] when the outbox was closed: what had been queued may be lost.
    pub fn poll_room(&self, cx: &mut Context<'_>) -> Poll<Result<(), Closed>> {
        if self.roomy.load(Ordering::Relaxed) {
            return Poll::Ready(Ok(()));
        }
        let mut state = self.lock();
        if state.queue.phase() == Phase::Closed {
            return Poll::Ready(Err(Closed));
        }
        if !state.queue.over_soft() {
            return Poll::Ready(Ok(()));
        }
        // Newest first: who polls again is mostly who polled last.
        let room = state.room.get_or_insert_default();
        if !room.0.iter().rev().any(|known| known.will_wake(cx.waker())) {
            room.0.push(cx.waker().clone());
        }
        Poll::Pending
    }

    /// Wakes the owner for something that is not in here: its inbox, a handler that was entered.
    pub fn wake(&self) {
        let waker = self.lock().owner.wake();
        wake(waker);
    }

    /// Whether groups are still taken, and written.
    pub fn phase(&self) -> Phase {
        self.lock().queue.phase()
    }
}

/// For the owner: the session's task.
impl Outbox {
    /// Says whom to wake; cheap when it is the same as before. A wake that another waker got is repeated.
    pub fn register(&self, waker: &Waker) {
        let registered = self.lock().owner.register(waker);
        drop(registered.replaced);
        if registered.again {
            waker.wake_by_ref();
        }
    }

    /// Forgets whom to wake. For a task that ends: handles of the session may live much longer, and a waker keeps its
    /// task's memory.
    pub fn unregister(&self) {
        let waker = self.lock().owner.unregister();
        drop(waker);
    }

    /// The owner starts (`true`) or stops (`false`) running. While it runs nothing wakes it, for it looks into the
    /// outbox before it sleeps.
    ///
    /// Stopping answers whether something is left to look at: something that was queued since the owner started or was
    /// [`taking`](Self::taking), or any [`wake`](Self::wake) since it started. Then the owner does not sleep: it runs
    /// again or wakes itself, for nobody else will.
    pub fn running(&self, on: bool) -> bool {
        let mut state = self.lock();
        if on {
            state.owner.start();
            return false;
        }
        state.owner.stop()
    }

    /// The owner, which is running, is about to look at all that has been queued so far, whether or not its transport can
    /// take it: no other turn is needed for that. It still is for whoever has [woken](Self::wake) the owner.
    pub fn taking(&self) {
        self.lock().owner.taking();
    }

    /// Moves frames to the back of `out`: all that waits, or up to the frame with which `limit` bytes, or the frames that
    /// [`Bounds`] allows for them, are reached. At least one, if any waits. Their bytes count until
    /// [`written`](Self::written).
    ///
    /// Answers whether more waits. When nothing does, an owner that runs needs no other turn for what was taken.
    ///
    /// Once `out` is empty again, [`give_back`] passes its room on.
    pub fn take(&self, limit: usize, out: &mut VecDeque<Frame>) -> bool {
        let mut state = self.lock();
        state.queue.take(limit, out);
        let more = !state.queue.is_empty();
        if !more {
            state.owner.taking();
        }
        self.publish(&state);
        more
    }

    /// Appends packets to a polling payload, with separators, as long as it is no longer than `limit` bytes. At least
    /// one, if any waits, however long it is.
    pub fn take_polling(&self, limit: usize, body: &mut Vec<u8>) -> Taken {
        let mut state = self.lock();
        let taken = state.queue.take_polling(limit, body);
        self.publish(&state);
        taken
    }

    /// `bytes` of what was taken have been written; room may have come. Answers whether more waits to be taken.
    pub fn written(&self, bytes: usize) -> bool {
        let mut state = self.lock();
        state.queue.written(bytes);
        let more = !state.queue.is_empty();
        self.publish(&state);
        if state.room.is_none() {
            return more;
        }
        let wakers = state.room_to_wake();
        drop(state);
        wake_all(wakers);
        more
    }

    /// All that was taken has been written: a polling payload, whose bytes are not those that were counted.
    pub fn all_written(&self) {
        self.written(usize::MAX);
    }

    /// Whether nothing waits to be taken.
    pub fn is_empty(&self) -> bool {
        self.lock().queue.is_empty()
    }

    /// Bytes that wait or were taken and not yet written.
    pub fn bytes(&self) -> usize {
        self.lock().queue.bytes()
    }

    /// Whether the transport would take something right now; volatile groups are dropped otherwise. At first not.
    pub fn set_writable(&self, on: bool) {
        self.lock().queue.set_writable(on);
    }

    /// Whether a push went beyond the hard bound.
    pub fn overflowed(&self) -> bool {
        self.lock().queue.overflowed()
    }

    /// Takes no more groups; what waits is still to be written.
    pub fn closing(&self) {
        self.lock().queue.closing();
    }

    /// Drops everything and tells those who wait for room.
    pub fn close(&self) {
        let mut state = self.lock();
        let frames = state.queue.close();
        self.publish(&state);
        let wakers = std::mem::take(&mut state.room);
        drop(state);
        drop(frames);
        wake_all(wakers);
    }

    /// Tells those who ask without the lock; answers whether too much waits.
    fn publish(&self, state: &State) -> bool {
        let over_soft = state.queue.over_soft();
        self.roomy.store(!over_soft && state.queue.phase() != Phase::Closed, Ordering::Relaxed);
        over_soft
    }

    /// Nothing panics while it is held, so a poisoned lock protects a sound state.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn room_to_wake(&mut self) -> Option<Box<Waiters>> {
        if self.queue.over_soft() { None } else { self.room.take() }
    }
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        let queue = &state.queue;
        f.debug_struct("Outbox")
            .field("phase", &queue.phase())
            .field("bytes", &queue.bytes())
            .finish_non_exhaustive()
    }
}

fn wake_all(wakers: Option<Box<Waiters>>) {
    wakers.into_iter().flat_map(|wakers| wakers.0).for_each(Waker::wake);
}

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}
