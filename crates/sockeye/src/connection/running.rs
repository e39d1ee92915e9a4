//! The handlers of one socket that are under way.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use futures_util::{StreamExt as _, future::BoxFuture, stream::FuturesUnordered};
use smol_str::SmolStr;
use sockeye_core::Reply;

use crate::catch::{Caught, Panicked};

/// One event's handler, with what is needed to answer it.
pub(super) struct Running {
    future: Caught<BoxFuture<'static, Reply>>,
    event: Started,
}

/// An event whose handler has been called.
#[derive(Clone, Debug)]
pub(super) struct Started {
    pub(super) name: SmolStr,
    /// Its number among the events of its socket.
    pub(super) seq: u64,
    pub(super) ack: Option<u64>,
    /// What it takes of the inbound budget until it has ended.
    pub(super) cost: usize,
}

/// An event whose handler has ended.
pub(super) struct Ended {
    pub(super) event: Started,
    pub(super) reply: Result<Reply, Panicked>,
}

impl Running {
    pub(super) const fn new(future: Caught<BoxFuture<'static, Reply>>, event: Started) -> Self {
        Self { future, event }
    }
}

impl Future for Running {
    type Output = Ended;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Ended> {
        let reply = std::task::ready!(Pin::new(&mut self.future).poll(cx));
        Poll::Ready(Ended { event: self.event.clone(), reply })
    }
}

/// The handlers that did not end when they were first polled. Costs a pointer while there are none.
#[derive(Default)]
pub(super) struct Parked(Option<Box<FuturesUnordered<Running>>>);

impl Parked {
    pub(super) fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |set| set.len())
    }

    pub(super) fn push(&mut self, running: Running) {
        self.0.get_or_insert_default().push(running);
    }

    /// The next handler that has ended, if one has.
    pub(super) fn poll_ended(&mut self, cx: &mut Context<'_>) -> Option<Ended> {
        let set = self.0.as_mut()?;
        match set.poll_next_unpin(cx) {
            Poll::Ready(Some(ended)) => Some(ended),
            Poll::Ready(None) => {
                self.0 = None;
                None
            }
            Poll::Pending => None,
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Drops them all, and says which events they were to answer.
    pub(super) fn cut(&mut self) -> Vec<Started> {
        self.0.take().map_or_else(Vec::new, |set| set.iter().map(|running| running.event.clone()).collect())
    }
}
