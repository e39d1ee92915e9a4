//! User code behind a wall: a panic ends one session.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    task::{Context, Poll},
    time::Instant,
};

use http::request::Parts;
use sockeye_proto::engine::{CloseReason, MessageRef};

use crate::{Flow, Next, SessionHandler};

/// A session's handler. Calling and dropping it never unwinds.
pub(super) struct Guarded<S> {
    /// `None` when it was taken, and while it is dropped.
    handler: Option<S>,
}

/// The handler panicked.
#[derive(Debug)]
pub(super) struct Panicked;

impl<S: SessionHandler> Guarded<S> {
    pub(super) const fn new(handler: S) -> Self {
        Self { handler: Some(handler) }
    }

    /// Moves the handler out; what is left behind calls nothing.
    pub(super) const fn take(&mut self) -> Self {
        Self { handler: self.handler.take() }
    }

    pub(super) fn message(
        &mut self,
        cx: &mut Context<'_>,
        message: MessageRef<'_>,
        request: Option<&Parts>,
    ) -> Result<Flow, Panicked> {
        self.call(|handler| handler.message(cx, message, request))
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Result<Next, Panicked> {
        self.call(|handler| handler.poll(cx))
    }

    pub(super) fn upgraded(&mut self) -> Result<(), Panicked> {
        self.call(S::upgraded)
    }

    pub(super) fn stalled(&mut self) -> Result<(), Panicked> {
        self.call(S::stalled)
    }

    pub(super) fn closed(&mut self, reason: CloseReason) -> Result<(), Panicked> {
        self.call(|handler| handler.closed(reason))
    }

    pub(super) fn cut(&mut self, until: Instant) -> Result<(), Panicked> {
        self.call(|handler| handler.cut(until))
    }

    pub(super) fn poll_finish(&mut self, cx: &mut Context<'_>) -> Result<Poll<()>, Panicked> {
        self.call(|handler| handler.poll_finish(cx))
    }

    /// What a panic leaves behind is seen by the handler alone, which is told `closed` and dropped soon after.
    fn call<T>(&mut self, call: impl FnOnce(&mut S) -> T) -> Result<T, Panicked> {
        let handler = self.handler.as_mut().ok_or(Panicked)?;
        catch_unwind(AssertUnwindSafe(|| call(handler))).map_err(|_| Panicked)
    }
}

impl<S> Drop for Guarded<S> {
    fn drop(&mut self) {
        let handler = self.handler.take();
        let _ = catch_unwind(AssertUnwindSafe(|| drop(handler)));
    }
}
