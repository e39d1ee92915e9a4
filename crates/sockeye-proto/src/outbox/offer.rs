//! Queueing now and waking later, for who pushes under a lock of its own.

use std::task::Waker;

use super::{Outbox, PushError, Pushed, wake};
use crate::group::Group;

/// How a group is offered to an [`Outbox`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// As [`Outbox::push`].
    Push,
    /// As [`Outbox::try_push`].
    Try,
    /// As [`Outbox::push_volatile`].
    Volatile,
}

/// The owner's wake that is still due; dropping it wakes.
#[derive(Debug)]
#[must_use = "the owner is woken when this is dropped"]
pub struct Wake(Option<Waker>);

impl Drop for Wake {
    fn drop(&mut self) {
        wake(self.0.take());
    }
}

impl Outbox {
    /// Queues a group without waking the owner: that happens when the [`Wake`] is dropped, which is for callers that
    /// hold a lock of their own. `None`: it was volatile, and dropped.
    ///
    /// # Errors
    /// As the method that `offer` names.
    pub fn offer(&self, group: Group, offer: Offer) -> (Result<Option<Pushed>, PushError>, Wake) {
        let mut state = self.lock();
        let taken = match offer {
            Offer::Push => state.queue.push(group).map(|()| true),
            Offer::Try => state.queue.try_push(group).map(|()| true),
            Offer::Volatile => state.queue.push_volatile(group),
        };
        // Of an overflow that it has caused, only who pushes tells.
        let heard = offer == Offer::Push || taken != Err(PushError::Overflow);
        let waker = if heard { state.owner.told(taken) } else { None };
        let pushed = Pushed { over_soft: self.publish(&state) };
        drop(state);
        (taken.map(|taken| taken.then_some(pushed)), Wake(waker))
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
        task::Wake as _,
    };

    use super::*;
    use crate::{Frame, outbox::Bounds};

    #[derive(Default)]
    struct Counter(AtomicUsize);

    impl std::task::Wake for Counter {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn the_owner_is_woken_when_the_wake_is_dropped_and_only_for_what_was_queued() {
        let counter = Arc::new(Counter::default());
        let outbox = Outbox::new(Bounds { soft: 10, hard: 20 });
        outbox.register(&Waker::from(counter.clone()));
        let group = |text: &str| Group::one(Frame::text(text));

        let (dropped, wake) = outbox.offer(group("a"), Offer::Volatile);
        drop(wake);
        assert_eq!((dropped, counter.0.load(Ordering::Relaxed)), (Ok(None), 0));

        let (pushed, wake) = outbox.offer(group("123456789012"), Offer::Push);
        assert_eq!(pushed, Ok(Some(Pushed { over_soft: true })));
        assert_eq!(counter.0.load(Ordering::Relaxed), 0);
        drop(wake);
        assert_eq!(counter.0.load(Ordering::Relaxed), 1);

        assert_eq!(outbox.offer(group("a"), Offer::Try).0, Err(PushError::Full));
        outbox.running(true);
        assert!(!outbox.running(false));
        let (refused, wake) = outbox.offer(group(&"x".repeat(40)), Offer::Push);
        assert_eq!(refused, Err(PushError::Overflow));
        drop(wake);
        assert_eq!(counter.0.load(Ordering::Relaxed), 2, "the owner closes the session");
        counter.wake_by_ref();
    }
}
