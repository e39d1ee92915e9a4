//! The rest of an event's way.

use std::fmt;

use futures_util::{FutureExt as _, future::BoxFuture};
use sockeye_core::{Event, IntoReply, Reply};
use tower::BoxError;
use tower_service::Service;

use crate::error::OnError;

/// The rest of an event's way: further layers, then its handler.
#[must_use = "without `run` the event reaches no handler"]
pub struct Next(Box<dyn FnOnce(Event) -> BoxFuture<'static, Reply> + Send>);

impl Next {
    /// `inner` is ready.
    pub(super) fn new<I>(mut inner: I) -> Self
    where
        I: Service<Event, Response: IntoReply, Error: Into<BoxError>, Future: Send + 'static>
            + Send
            + 'static,
    {
        Self(Box::new(move |event| {
            let called = inner.call(event);
            async move {
                // Kept until the end: a limit counts who holds its service.
                let _inner = inner;
                match called.await {
                    Ok(reply) => reply.into_reply(),
                    Err(error) => OnError::DEFAULT.reply(error.into()),
                }
            }
            .boxed()
        }))
    }

    /// Goes on with this event, and gives the reply: what the handler has returned, or what went wrong before it.
    ///
    /// When a layer further in fails it is the reply that says so; of layers in the same `ServiceBuilder` the default one
    /// (`timeout`, `overloaded`, `internal`), of layers added by themselves what
    /// [`on_error`](crate::Namespace::on_error) makes of it.
    pub async fn run(self, event: Event) -> Reply {
        (self.0)(event).await
    }
}

impl fmt::Debug for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Next").finish_non_exhaustive()
    }
}
