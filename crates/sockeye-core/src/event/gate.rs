//! Several handlers of one event, which start one after the other.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    task::Waker,
};

use futures_util::task::AtomicWaker;

/// Which of the handlers that share an event have entered their bodies: [`Event::shared`](crate::Event::shared).
///
/// They start in order, so one number says it. Whoever polls them registers its waker, for a layer may run a handler on
/// another task.
#[derive(Debug, Default)]
pub struct Gate {
    entered: AtomicUsize,
    waker: AtomicWaker,
}

impl Gate {
    /// How many have entered.
    pub fn entered(&self) -> usize {
        self.entered.load(Ordering::Acquire)
    }

    /// Who is woken when one more enters. Register before asking.
    pub fn register(&self, waker: &Waker) {
        self.waker.register(waker);
    }

    /// The one with this place, counted from 1, has entered.
    pub(super) fn enter(&self, place: usize) {
        self.entered.fetch_max(place, Ordering::AcqRel);
        self.waker.wake();
    }
}
