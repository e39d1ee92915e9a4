//! The service of [`Dedup`](super::Dedup).

use std::{
    fmt, mem,
    sync::Arc,
    task::{Context, Poll},
};

use futures_util::future::BoxFuture;
use sockeye_core::{Event, IntoReply, Reply};
use tower_service::Service;

use super::{
    Key,
    memory::{Found, Memory},
};

/// Handles an event once for each key. Made by [`Dedup`](super::Dedup).
#[derive(Clone)]
pub struct Deduped<I> {
    inner: I,
    key: Arc<Key>,
    memory: Arc<Memory>,
}

impl<I> Deduped<I> {
    pub(super) fn new(inner: I, key: Arc<Key>, memory: Arc<Memory>) -> Self {
        Self { inner, key, memory }
    }
}

impl<I> Service<Event> for Deduped<I>
where
    I: Service<Event, Response: IntoReply, Error: Send, Future: Send + 'static> + Clone + Send + 'static,
{
    type Response = Reply;
    type Error = I::Error;
    type Future = BoxFuture<'static, Result<Reply, I::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), I::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, event: Event) -> Self::Future {
        let clone = self.inner.clone();
        // The one that is ready.
        let mut inner = mem::replace(&mut self.inner, clone);
        let key: Option<Arc<str>> = (self.key)(&event).map(Into::into);
        let memory = self.memory.clone();
        Box::pin(async move {
            let Some(key) = key else { return inner.call(event).await.map(IntoReply::into_reply) };
            loop {
                match memory.find(&key) {
                    Found::Answer(reply) => return Ok(reply),
                    Found::Wait(answered) => {
                        if let Ok(reply) = answered.await {
                            return Ok(reply);
                        }
                    }
                    Found::First(first) => {
                        let reply = inner.call(event).await?.into_reply();
                        first.answer(&reply);
                        return Ok(reply);
                    }
                }
            }
        })
    }
}

impl<I> fmt::Debug for Deduped<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deduped").finish_non_exhaustive()
    }
}
