//! The outcome of a broadcast or a query.

use std::{
    fmt,
    future::{Ready, ready},
    pin::Pin,
    task::{Context, Poll},
};

use futures_util::future::BoxFuture;

use crate::{AdapterError, BroadcastError, EmitError};

/// What the adapter answers. The sockets of this process have been served when it is made.
#[must_use = "the outcome says whether the broadcast went out, and awaiting it reaches other nodes"]
pub struct BroadcastFuture<T = ()>(State<T>);

enum State<T> {
    Done(Ready<Result<T, BroadcastError>>),
    Asked(BoxFuture<'static, Result<T, AdapterError>>),
    Boxed(BoxFuture<'static, Result<T, BroadcastError>>),
}

impl<T> BroadcastFuture<T> {
    pub(super) fn new(asked: BoxFuture<'static, Result<T, AdapterError>>) -> Self {
        Self(State::Asked(asked))
    }

    pub(crate) const fn boxed(future: BoxFuture<'static, Result<T, BroadcastError>>) -> Self {
        Self(State::Boxed(future))
    }

    pub(super) fn done(value: T) -> Self {
        Self(State::Done(ready(Ok(value))))
    }

    pub(crate) fn failed(error: EmitError) -> Self {
        Self(State::Done(ready(Err(error.into()))))
    }
}

impl<T> Future for BroadcastFuture<T> {
    type Output = Result<T, BroadcastError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            State::Done(outcome) => Pin::new(outcome).poll(cx),
            State::Asked(asked) => asked.as_mut().poll(cx).map_err(Into::into),
            State::Boxed(future) => future.as_mut().poll(cx),
        }
    }
}

impl<T> fmt::Debug for BroadcastFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let done = matches!(self.0, State::Done(_));
        f.debug_struct("BroadcastFuture").field("done", &done).finish()
    }
}
