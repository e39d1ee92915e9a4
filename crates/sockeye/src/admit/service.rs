//! The admit handler and its layers, as one service.

use std::{
    convert::Infallible,
    fmt,
    future::ready,
    task::{Context, Poll},
};

use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use futures_util::future::BoxFuture;
use tower::{ServiceExt as _, util::BoxCloneSyncService};
use tower_service::Service;

/// What the layers given to [`Namespace::admit_layer`](crate::Namespace::admit_layer) wrap: an HTTP service that
/// cannot fail.
#[derive(Clone)]
pub struct AdmitService(BoxCloneSyncService<Request, Response, Infallible>);

impl AdmitService {
    pub(crate) fn new<V>(service: V) -> Self
    where
        V: Service<Request, Response: IntoResponse, Error = Infallible, Future: Send + 'static>
            + Clone
            + Send
            + Sync
            + 'static,
    {
        Self(BoxCloneSyncService::new(service.map_response(IntoResponse::into_response)))
    }

    /// Admits whoever comes: what layers wrap when there is no admit handler.
    pub(crate) fn everybody() -> Self {
        Self::new(tower::service_fn(|_: Request| ready(Ok::<_, Infallible>(()))))
    }
}

impl Service<Request> for AdmitService {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        self.0.call(request)
    }
}

impl fmt::Debug for AdmitService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AdmitService").finish_non_exhaustive()
    }
}
