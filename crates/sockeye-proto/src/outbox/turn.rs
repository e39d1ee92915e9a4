//! Several questions of the owner under one lock: it asks them at every turn.

use std::{collections::VecDeque, task::Waker};

use super::{Outbox, State};
use crate::frame::Frame;

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

    /// The owner begins to run, if it was woken for what was queued and for nothing else, and [takes](Self::take) it.
    ///
    /// `false`, and nothing has happened: there is something else to look at, or it is polled with another waker.
    /// Otherwise it goes on with [`end_writing`](Self::end_writing) when all of it is written, or with
    /// [`begin`](Self::begin).
    pub fn begin_writing(&self, waker: &Waker, limit: usize, out: &mut VecDeque<Frame>) -> bool {
        let mut state = self.lock();
        let State { queue, owner, .. } = &mut *state;
        if !owner.only_queued() || !owner.is_known(waker) || !queue.is_plain() {
            return false;
        }
        owner.start();
        queue.take(limit, out);
        self.publish(&state);
        true
    }

    /// [`written`](Self::written), and then [`running(false)`](Self::running).
    pub fn end_writing(&self, bytes: usize) -> bool {
        let mut state = self.lock();
        state.queue.written(bytes);
        self.publish(&state);
        let missed = state.owner.stop() || !state.queue.is_empty();
        let wakers = state.room_to_wake();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
        missed
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

    fn owned() -> (Outbox, Waker) {
        let (outbox, waker) = (Outbox::new(Bounds { soft: 4, hard: 8 }), Waker::noop().clone());
        outbox.begin(&waker);
        assert!(!outbox.running(false));
        (outbox, waker)
    }

    #[test]
    fn who_is_woken_for_what_was_queued_only_writes() {
        let (outbox, waker) = owned();
        let mut out = VecDeque::new();
        assert!(!outbox.begin_writing(&waker, 64, &mut out), "nothing is queued");
        outbox.push(Group::one(Frame::text("abcdef"))).unwrap();
        assert!(outbox.begin_writing(&waker, 64, &mut out));
        assert_eq!((out.len(), outbox.bytes()), (1, 9));
        let mut cx = std::task::Context::from_waker(&waker);
        assert!(outbox.poll_room(&mut cx).is_pending(), "it counts until it is written");
        assert!(!outbox.end_writing(9));
        assert!(outbox.poll_room(&mut cx).is_ready());
        // Asleep again.
        outbox.push(Group::one(Frame::text("a"))).unwrap();
        assert!(outbox.begin_writing(&waker, 64, &mut VecDeque::new()));
        outbox.push(Group::one(Frame::text("b"))).unwrap();
        assert!(outbox.end_writing(4), "queued while it wrote");
    }

    #[test]
    fn whoever_has_more_to_look_at_than_what_was_queued_takes_a_turn() {
        let mut out = VecDeque::new();
        let pushed = |text: &str| {
            let (outbox, waker) = owned();
            outbox.push(Group::one(Frame::text(text))).unwrap();
            (outbox, waker)
        };
        let (outbox, waker) = pushed("a");
        outbox.wake();
        assert!(!outbox.begin_writing(&waker, 64, &mut out), "woken for something else, too");
        let (outbox, waker) = owned();
        outbox.wake();
        outbox.push(Group::one(Frame::text("a"))).unwrap();
        assert!(!outbox.begin_writing(&waker, 64, &mut out), "and the other way round");
        let (outbox, _) = pushed("a");
        let other = Waker::from(std::sync::Arc::new(Other));
        assert!(!outbox.begin_writing(&other, 64, &mut out), "another waker");
        let (outbox, waker) = pushed("abcdef");
        assert_eq!(outbox.push(Group::one(Frame::text("abcdef"))), Err(PushError::Overflow));
        assert!(!outbox.begin_writing(&waker, 64, &mut out), "beyond the hard bound");
        let (outbox, waker) = pushed("a");
        outbox.closing();
        assert!(!outbox.begin_writing(&waker, 64, &mut out), "it is to be closed");
        let (outbox, waker) = pushed("a");
        outbox.take(64, &mut VecDeque::new());
        assert!(!outbox.begin_writing(&waker, 64, &mut out), "something is being written");
        assert!(out.is_empty());
    }

    struct Other;

    impl std::task::Wake for Other {
        fn wake(self: std::sync::Arc<Self>) {}
    }
}
