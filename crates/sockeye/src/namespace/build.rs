//! Parts of a namespace that still wait for the application's state.

use sockeye_core::{Event, IntoReply};
use tower::BoxError;
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    Handler,
    admit::AdmitService,
    error::OnError,
    route::{Assembly, Route},
};

/// A route that still waits for its state.
pub(super) struct PendingRoute<S>(Build<S>);

type Build<S> = Box<dyn FnOnce(&Assembly<S>) -> Route + Send + Sync>;

/// A layer around the whole namespace.
pub(super) type Wrap = Box<dyn FnOnce(Route, &OnError) -> Route + Send + Sync>;

/// A layer around the admission.
pub(super) type WrapAdmission = Box<dyn FnOnce(AdmitService) -> AdmitService + Send + Sync>;

impl<S: 'static> PendingRoute<S> {
    pub(super) fn new<H, T>(handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        Self(Box::new(|assembly| handler.into_route(assembly)))
    }

    pub(super) fn layer<L>(self, layer: L) -> Self
    where
        L: Layer<Route> + Send + Sync + 'static,
        L::Service: Service<Event, Response: IntoReply, Error: Into<BoxError>, Future: Send + 'static>
            + Clone
            + Send
            + Sync
            + 'static,
    {
        Self(Box::new(move |assembly| (self.0)(assembly).layer(&layer, assembly.on_error())))
    }

    pub(super) fn with_state<S2>(self, state: S) -> PendingRoute<S2>
    where
        S: Send + Sync,
    {
        PendingRoute(Box::new(move |assembly| (self.0)(&Assembly::new(state, assembly.on_error().clone()))))
    }

    pub(super) fn build(self, assembly: &Assembly<S>) -> Route {
        (self.0)(assembly)
    }
}

/// An admit handler that still waits for its state.
pub(super) struct Admission<S>(Box<dyn FnOnce(S) -> AdmitService + Send + Sync>);

impl<S: 'static> Admission<S> {
    pub(super) fn new<H, T>(handler: H) -> Self
    where
        H: axum::handler::Handler<T, S>,
        T: 'static,
        S: Clone + Send + Sync,
    {
        Self(Box::new(|state| AdmitService::new(handler.with_state(state))))
    }

    pub(super) fn with_state<S2>(self, state: S) -> Admission<S2>
    where
        S: Send + Sync,
    {
        Admission(Box::new(move |_| (self.0)(state)))
    }

    pub(super) fn build(self, state: S) -> AdmitService {
        (self.0)(state)
    }
}
