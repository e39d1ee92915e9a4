//! The end of a session as its handler sees it: told once, then left to finish.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Instant,
};

use futures_util::{FutureExt as _, future::BoxFuture};

use sockeye_proto::engine::CloseReason;

use crate::{SessionHandler, driver::guarded::Guarded, shutdown::Alive};

/// Tells the handler that the session is closed and drives what it has left to do.
///
/// Driven by the session's task; by a task of its own when that one was aborted. Dropped too early, which only happens
/// when the runtime ends, it still tells.
pub(super) struct Finish<S: SessionHandler> {
    handler: Guarded<S>,
    /// Until it was told.
    reason: Option<CloseReason>,
    deadline: Deadline,
    alive: Alive,
}

/// The end of the time that a shutdown has.
enum Deadline {
    /// Nobody had to wait for the handler yet.
    Unasked,
    Ahead(BoxFuture<'static, Instant>),
    Over,
}

impl<S: SessionHandler> Finish<S> {
    pub(super) const fn new(handler: Guarded<S>, reason: CloseReason, alive: Alive) -> Self {
        Self { handler, reason: Some(reason), deadline: Deadline::Unasked, alive }
    }

    /// One that panics has nothing left to do.
    fn poll_handler(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.handler.poll_finish(cx).unwrap_or(Poll::Ready(()))
    }

    fn tell(&mut self) {
        if let Some(reason) = self.reason.take() {
            // A handler that panics here has been told all the same.
            let _ = self.handler.closed(reason);
        }
    }
}

/// Nothing in it is pinned.
impl<S: SessionHandler> Unpin for Finish<S> {}

impl<S: SessionHandler> Future for Finish<S> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.tell();
        if self.poll_handler(cx).is_ready() {
            return Poll::Ready(());
        }
        if matches!(self.deadline, Deadline::Unasked) {
            self.deadline = Deadline::Ahead(self.alive.cut().boxed());
        }
        if let Deadline::Ahead(deadline) = &mut self.deadline
            && let Poll::Ready(until) = deadline.poll_unpin(cx)
        {
            self.deadline = Deadline::Over;
            let _ = self.handler.cut(until);
            return self.poll_handler(cx);
        }
        Poll::Pending
    }
}

impl<S: SessionHandler> Drop for Finish<S> {
    fn drop(&mut self) {
        self.tell();
    }
}
