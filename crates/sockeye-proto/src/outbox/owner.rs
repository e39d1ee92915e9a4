//! Waking the session's task once per burst.

use std::task::Waker;

use super::PushError;

/// What the owner does, as far as those who push need to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// It waits for a wake.
    Asleep,
    /// A wake is on its way.
    Woken {
        /// Not, or not only, for something that was queued.
        again: bool,
    },
    /// It is being polled.
    Running {
        /// Something was queued that it has not been about to take since.
        queued: bool,
        /// Somebody wants it to look at something that is not in the outbox.
        again: bool,
    },
}

/// The task that writes what the outbox holds.
#[derive(Debug)]
pub(super) struct Owner {
    state: State,
    waker: Option<Waker>,
}

/// What follows from another waker.
pub(super) struct Registered {
    /// To be dropped where no lock is held: it may be all that is left of a task.
    pub(super) replaced: Option<Waker>,
    /// A wake went to the old waker, or to none, and has to be repeated.
    pub(super) again: bool,
}

impl Owner {
    pub(super) fn new() -> Self {
        Self { state: State::Asleep, waker: None }
    }

    /// Whether this is the waker that it has.
    pub(super) fn is_known(&self, waker: &Waker) -> bool {
        self.waker.as_ref().is_some_and(|known| known.will_wake(waker))
    }

    /// Remembers how to wake the owner.
    #[must_use]
    pub(super) fn register(&mut self, waker: &Waker) -> Registered {
        if self.is_known(waker) {
            return Registered { replaced: None, again: false };
        }
        let replaced = self.waker.replace(waker.clone());
        Registered { replaced, again: matches!(self.state, State::Woken { .. }) }
    }

    /// Forgets the waker, which may keep a whole task in memory.
    #[must_use]
    pub(super) fn unregister(&mut self) -> Option<Waker> {
        self.waker.take()
    }

    /// What has become of a group: the waker to wake, once the lock is released. An overflow is for the owner to see,
    /// although nothing was queued that it could take.
    #[must_use]
    pub(super) fn told(&mut self, queued: Result<bool, PushError>) -> Option<Waker> {
        match queued {
            Ok(true) => self.queued(),
            Err(PushError::Overflow) => self.wake(),
            Ok(false) | Err(PushError::Full | PushError::Closed) => None,
        }
    }

    /// Something was queued: the waker to wake, once the lock is released.
    #[must_use]
    pub(super) fn queued(&mut self) -> Option<Waker> {
        if let State::Running { queued, .. } = &mut self.state {
            *queued = true;
            return None;
        }
        self.rouse(false)
    }

    /// Something else is to be looked at: the waker to wake, once the lock is released.
    #[must_use]
    pub(super) fn wake(&mut self) -> Option<Waker> {
        if let State::Running { again, .. } | State::Woken { again } = &mut self.state {
            *again = true;
            return None;
        }
        self.rouse(true)
    }

    fn rouse(&mut self, again: bool) -> Option<Waker> {
        if self.state != State::Asleep {
            return None;
        }
        self.state = State::Woken { again };
        self.waker.clone()
    }

    /// Whether it was woken for what was queued, and for nothing else.
    pub(super) fn only_queued(&self) -> bool {
        self.state == State::Woken { again: false }
    }

    pub(super) fn start(&mut self) {
        self.state = State::Running { queued: false, again: false };
    }

    /// It looks at what has been queued so far; that needs no other turn.
    pub(super) fn taking(&mut self) {
        if let State::Running { queued, .. } = &mut self.state {
            *queued = false;
        }
    }

    /// Whether something is left to look at. It counts as woken then, and has to look again by itself.
    pub(super) fn stop(&mut self) -> bool {
        let missed = match self.state {
            State::Running { queued, again } => queued || again,
            // Never started, or stopped twice: a wake that is on its way stays one.
            State::Asleep => return false,
            State::Woken { .. } => return true,
        };
        self.state = if missed { State::Woken { again: true } } else { State::Asleep };
        missed
    }
}
