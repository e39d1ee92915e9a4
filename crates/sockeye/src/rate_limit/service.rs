//! The service of [`RateLimitPerSocket`](super::RateLimitPerSocket).

use std::{
    fmt,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{
    TryFutureExt as _,
    future::{Either, MapOk, Ready, ready},
};
use serde_json::json;
use sockeye_core::{Event, IntoReply, Reply};
use tokio::time::Instant;
use tower_service::Service;

use super::Limit;

/// Lets events pass as far as the limit allows. Made by [`RateLimitPerSocket`](super::RateLimitPerSocket).
#[derive(Clone)]
pub struct RateLimited<I> {
    inner: I,
    limit: Arc<Limit>,
}

impl<I> RateLimited<I> {
    pub(super) fn new(inner: I, limit: Limit) -> Self {
        Self { inner, limit: Arc::new(limit) }
    }
}

impl<I> Service<Event> for RateLimited<I>
where
    I: Service<Event, Response: IntoReply>,
{
    type Response = Reply;
    type Error = I::Error;
    type Future = Either<Ready<Result<Reply, I::Error>>, MapOk<I::Future, fn(I::Response) -> Reply>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), I::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, event: Event) -> Self::Future {
        let now = Instant::now().into_std();
        match self.limit.take(event.socket(), event.name(), now) {
            Ok(()) => Either::Right(self.inner.call(event).map_ok(IntoReply::into_reply as _)),
            Err(wait) => Either::Left(ready(Ok(refused(wait)))),
        }
    }
}

fn refused(wait: Duration) -> Reply {
    let retry_after = u64::try_from(wait.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX);
    let message = "too many events, try again later";
    let error = json!({ "code": "rate_limited", "message": message, "retry_after": retry_after });
    Reply::json(&json!({ "error": error })).into_error()
}

impl<I> fmt::Debug for RateLimited<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimited").field("rates", &self.limit.rates).finish_non_exhaustive()
    }
}
