//! The moment at which an event has entered its handler.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use pin_project_lite::pin_project;

use crate::Entry;

pin_project! {
    /// Runs the body of a handler, and tells the socket once the body has been polled for the first time.
    ///
    /// Until then the next event of that socket is held back, so that a slow extractor lets nothing overtake. Told after
    /// that first poll and not before it: behind a layer that runs handlers on another task, "before" would let the next
    /// event race with the first lines of this one.
    pub(super) struct Entering<F> {
        #[pin]
        body: F,
        entry: Option<Entry>,
    }
}

impl<F> Entering<F> {
    pub(super) const fn new(body: F, entry: Entry) -> Self {
        Self { body, entry: Some(entry) }
    }
}

impl<F: Future> Future for Entering<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let polled = this.body.poll(cx);
        if let Some(entry) = this.entry.take() {
            entry.enter();
        }
        polled
    }
}
