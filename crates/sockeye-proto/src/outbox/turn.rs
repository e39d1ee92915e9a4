//! Several questions of the owner under one lock: it asks them at every turn.

use std::task::Waker;

use super::Outbox;

/// What the owner finds: [`Outbox::look`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Look {
    /// Nothing waits to be taken.
    pub is_empty: bool,
    /// A push went beyond the hard bound.
    pub overflowed: bool,
}

impl Outbox {
    /// The owner begins to run: [`register`](Self::register), then [`running(true)`](Self::running). Answers whether it
    /// is polled with another waker than before.
    pub fn begin(&self, waker: &Waker) -> bool {
        let mut state = self.lock();
        if state.owner.is_known(waker) {
            state.owner.start();
            return false;
        }
        drop(state);
        self.register(waker);
        self.running(true);
        true
    }

    /// [`taking`](Self::taking), and what there is to take.
    pub fn look(&self) -> Look {
        let mut state = self.lock();
        state.owner.taking();
        Look { is_empty: state.queue.is_empty(), overflowed: state.queue.overflowed() }
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;
    use crate::{
        Frame, Group,
        outbox::{Bounds, PushError},
    };

    #[test]
    fn what_is_there_when_the_owner_looks_needs_no_other_turn() {
        let outbox = Outbox::new(Bounds { soft: 4, hard: 8 });
        // Compared by the address of what it does, which a constant may have several times; a clone has one.
        let waker = Waker::noop().clone();
        assert!(outbox.begin(&waker), "the first waker");
        assert_eq!(outbox.look(), Look { is_empty: true, overflowed: false });
        outbox.push(Group::one(Frame::text("abcdef"))).unwrap();
        assert_eq!(outbox.look(), Look { is_empty: false, overflowed: false });
        assert!(!outbox.running(false));
        assert!(!outbox.begin(&waker), "the same");
        outbox.wake();
        outbox.look();
        assert!(outbox.running(false), "a wake is none of what was queued");
        assert_eq!(outbox.push(Group::one(Frame::text("abcdefgh"))), Err(PushError::Overflow));
        assert_eq!(outbox.look(), Look { is_empty: false, overflowed: true });
    }
}
