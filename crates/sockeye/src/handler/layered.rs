//! A handler behind a layer of its own.

use std::{fmt, marker::PhantomData};

use sockeye_core::{Event, IntoReply};
use tower::BoxError;
use tower_layer::Layer;
use tower_service::Service;

use super::Handler;
use crate::route::{Assembly, Route};

/// A handler wrapped by [`Handler::layer`]; itself a handler.
pub struct Layered<L, H, T, S> {
    layer: L,
    handler: H,
    types: PhantomData<fn() -> (T, S)>,
}

impl<L, H, T, S> Layered<L, H, T, S> {
    pub(super) const fn new(layer: L, handler: H) -> Self {
        Self { layer, handler, types: PhantomData }
    }
}

// Not derived: the derive would ask `T` and `S` to be `Clone` and `Debug` too.
impl<L: Clone, H: Clone, T, S> Clone for Layered<L, H, T, S> {
    fn clone(&self) -> Self {
        Self::new(self.layer.clone(), self.handler.clone())
    }
}

impl<L, H, T, S> fmt::Debug for Layered<L, H, T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Layered").finish_non_exhaustive()
    }
}

#[diagnostic::do_not_recommend]
impl<L, H, T, S> Handler<T, S> for Layered<L, H, T, S>
where
    L: Layer<Route> + Clone + Send + Sync + 'static,
    L::Service: Service<Event, Response: IntoReply, Error: Into<BoxError>, Future: Send + 'static>
        + Clone
        + Send
        + Sync
        + 'static,
    H: Handler<T, S>,
    T: 'static,
    S: 'static,
{
    type Last = H::Last;
    type Returned = H::Returned;

    fn into_route(self, assembly: &Assembly<S>) -> Route {
        self.handler.into_route(assembly).layer(&self.layer, assembly.on_error())
    }
}
