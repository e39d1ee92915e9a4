//! Where an event ends up: a handler and the layers around it, with their types erased.

use std::{
    convert::Infallible,
    fmt,
    sync::Arc,
    task::{Context, Poll},
};

use futures_util::{
    FutureExt as _,
    future::{BoxFuture, Map},
};
use sockeye_core::{Event, IntoReply, Reply};
use tower::{BoxError, ServiceExt as _};
use tower_layer::Layer;
use tower_service::Service;

use crate::error::OnError;

/// A handler with its state and layers; the service that event layers wrap.
///
/// Cloning is a reference count. A route without layers allocates its handler's future and nothing else.
#[derive(Clone)]
pub struct Route(Arc<dyn Endpoint>);

pub(crate) trait Endpoint: Send + Sync {
    fn call(&self, event: Event) -> BoxFuture<'static, Reply>;
}

impl Route {
    pub(crate) fn new(endpoint: impl Endpoint + 'static) -> Self {
        Self(Arc::new(endpoint))
    }

    pub(crate) fn handler<H, X>(
        handler: H,
        state: X,
        call: fn(H, Event, X) -> BoxFuture<'static, Reply>,
    ) -> Self
    where
        H: Clone + Send + Sync + 'static,
        X: Clone + Send + Sync + 'static,
    {
        Self::new(WithState { handler, state, call })
    }

    pub(crate) fn layer<L>(self, layer: &L, on_error: &OnError) -> Self
    where
        L: Layer<Self>,
        L::Service: Service<Event, Response: IntoReply, Error: Into<BoxError>, Future: Send + 'static>
            + Clone
            + Send
            + Sync
            + 'static,
    {
        Self::new(WithLayer { service: layer.layer(self), on_error: on_error.clone() })
    }

    pub(crate) fn answer(&self, event: Event) -> BoxFuture<'static, Reply> {
        self.0.call(event)
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Route").finish_non_exhaustive()
    }
}

impl Service<Event> for Route {
    type Response = Reply;
    type Error = Infallible;
    type Future = Map<BoxFuture<'static, Reply>, fn(Reply) -> Result<Reply, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, event: Event) -> Self::Future {
        self.answer(event).map(Ok as _)
    }
}

/// What handlers are joined with when a namespace is built.
#[doc(hidden)]
#[derive(Debug)]
pub struct Assembly<S> {
    state: S,
    on_error: OnError,
}

impl<S> Assembly<S> {
    pub(crate) const fn new(state: S, on_error: OnError) -> Self {
        Self { state, on_error }
    }

    pub(crate) const fn state(&self) -> &S {
        &self.state
    }

    pub(crate) const fn on_error(&self) -> &OnError {
        &self.on_error
    }
}

struct WithState<H, X> {
    handler: H,
    state: X,
    // A function pointer keeps the types of the handler's arguments out of this one.
    call: fn(H, Event, X) -> BoxFuture<'static, Reply>,
}

impl<H, X> Endpoint for WithState<H, X>
where
    H: Clone + Send + Sync,
    X: Clone + Send + Sync,
{
    fn call(&self, event: Event) -> BoxFuture<'static, Reply> {
        (self.call)(self.handler.clone(), event, self.state.clone())
    }
}

struct WithLayer<V> {
    service: V,
    on_error: OnError,
}

impl<V> Endpoint for WithLayer<V>
where
    V: Service<Event, Response: IntoReply, Error: Into<BoxError>, Future: Send + 'static>
        + Clone
        + Send
        + Sync
        + 'static,
{
    // The service was made once, so its clones share one limit. Readiness is awaited here, inside the call, so that a
    // layer which fails in `poll_ready` (load shedding, a closed buffer) still answers the event it was asked about.
    fn call(&self, event: Event) -> BoxFuture<'static, Reply> {
        let service = self.service.clone();
        let on_error = self.on_error.clone();
        Box::pin(async move {
            match service.oneshot(event).await {
                Ok(reply) => reply.into_reply(),
                Err(error) => on_error.reply(error.into()),
            }
        })
    }
}
