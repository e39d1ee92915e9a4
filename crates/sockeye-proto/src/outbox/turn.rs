//! Several questions of the owner under one lock: it asks them at every turn.

use std::{collections::VecDeque, task::Waker};

use super::{Outbox, State, wake_all};
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

/// What [`Outbox::begin_writing`] has come to.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "frames that were taken are to be written"]
pub enum Begun {
    /// There is something else to look at, or it is polled with another waker; nothing has happened.
    Not,
    /// The only frame that waited.
    One(Frame),
    /// Several, which were moved.
    Several,
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
    /// With frames it goes on with [`end_writing`](Self::end_writing) when all of them are written, or else with
    /// [`begin`](Self::begin).
    #[inline]
    pub fn begin_writing(&self, waker: &Waker, limit: usize, out: &mut VecDeque<Frame>) -> Begun {
        let mut state = self.lock();
        let State { queue, owner, .. } = &mut *state;
        if !owner.only_queued() || !owner.is_known(waker) || !queue.is_plain() {
            return Begun::Not;
        }
        owner.start();
        if let Some(frame) = queue.take_one() {
            // What is taken counts until it is written, so that there is as much room as before.
            return Begun::One(frame);
        }
        queue.take(limit, out);
        self.publish(&state);
        Begun::Several
    }

    /// [`written`](Self::written), and then [`running(false)`](Self::running).
    #[inline]
    pub fn end_writing(&self, bytes: usize) -> bool {
        let mut state = self.lock();
        state.queue.written(bytes);
        self.publish(&state);
        let missed = state.owner.stop() || !state.queue.is_empty();
        if state.room.is_some() {
            let wakers = state.room_to_wake();
            drop(state);
            wake_all(wakers);
        }
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
        let (outbox, waker) = (Outbox::new(Bounds { soft: 8, hard: 16 }), Waker::noop().clone());
        outbox.begin(&waker);
        assert!(!outbox.running(false));
        (outbox, waker)
    }

    #[test]
    fn who_is_woken_for_what_was_queued_only_writes() {
        let (outbox, waker) = owned();
        let mut out = VecDeque::new();
        assert_eq!(outbox.begin_writing(&waker, 64, &mut out), Begun::Not, "nothing is queued");
        outbox.push(Group::one(Frame::text("abcdef"))).unwrap();
        assert_eq!(outbox.begin_writing(&waker, 64, &mut out), Begun::One(Frame::text("abcdef")));
        assert_eq!((out.len(), outbox.bytes()), (0, 9));
        let mut cx = std::task::Context::from_waker(&waker);
        assert!(outbox.poll_room(&mut cx).is_pending(), "it counts until it is written");
        assert!(!outbox.end_writing(9));
        assert!(outbox.poll_room(&mut cx).is_ready());
        // Asleep again.
        outbox.push(Group::one(Frame::text("a"))).unwrap();
        outbox.push(Group::one(Frame::text("b"))).unwrap();
        assert_eq!(outbox.begin_writing(&waker, 64, &mut out), Begun::Several);
        assert_eq!((out.len(), outbox.bytes()), (2, 8));
        outbox.push(Group::one(Frame::text("c"))).unwrap();
        assert!(outbox.end_writing(8), "queued while it wrote");
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
        assert_eq!(outbox.begin_writing(&waker, 64, &mut out), Begun::Not, "woken for something else, too");
        let (outbox, waker) = owned();
        outbox.wake();
        outbox.push(Group::one(Frame::text("a"))).unwrap();
        assert_eq!(outbox.begin_writing(&waker, 64, &mut out), Begun::Not, "and the other way round");
        let (outbox, _) = pushed("a");
        let other = Waker::from(std::sync::Arc::new(Other));
        assert_eq!(outbox.begin_writing(&other, 64, &mut out), Begun::Not, "another waker");
        let (outbox, waker) = pushed("abcdef");
        assert_eq!(outbox.push(Group::one(Frame::text("abcdef"))), Err(PushError::Overflow));
        assert_eq!(outbox.begin_writing(&waker, 64, &mut out), Begun::Not, "beyond the hard bound");
        let (outbox, waker) = pushed("a");
        outbox.closing();
        assert_eq!(outbox.begin_writing(&waker, 64, &mut out), Begun::Not, "it is to be closed");
        let (outbox, waker) = pushed("a");
        outbox.take(64, &mut VecDeque::new());
        assert_eq!(outbox.begin_writing(&waker, 64, &mut out), Begun::Not, "something is being written");
        assert!(out.is_empty());
    }

    struct Other;

    impl std::task::Wake for Other {
        fn wake(self: std::sync::Arc<Self>) {}
    }
}
