//! The engine as a layer in front of another service.

use std::{
    convert::Infallible,
    error::Error,
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Frame, SizeHint};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::{Body, EngineService, Handler, ResponseFuture};

/// Puts the engine in front of another service. Made by [`Engine::layer`](crate::Engine::layer).
///
/// Requests below the engine's path are its own, compared by segment: `/engine.io/` takes `/engine.io/x` and leaves
/// `/engine.iox` and `/engine.io` alone.
pub struct EngineLayer<H> {
    service: EngineService<H>,
}

impl<H: Handler> EngineLayer<H> {
    pub(crate) const fn new(service: EngineService<H>) -> Self {
        Self { service }
    }
}

impl<H, S> Layer<S> for EngineLayer<H> {
    type Service = Layered<H, S>;

    fn layer(&self, next: S) -> Layered<H, S> {
        Layered { service: self.service.clone(), next }
    }
}

impl<H> Clone for EngineLayer<H> {
    fn clone(&self) -> Self {
        Self { service: self.service.clone() }
    }
}

impl<H> fmt::Debug for EngineLayer<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EngineLayer").finish_non_exhaustive()
    }
}

/// The engine and the service behind it.
pub struct Layered<H, S> {
    service: EngineService<H>,
    next: S,
}

impl<H, S, B, R> Service<Request<B>> for Layered<H, S>
where
    H: Handler,
    S: Service<Request<B>, Response = Response<R>>,
    B: http_body::Body,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Response = Response<LayerBody<R>>;
    type Error = S::Error;
    type Future = LayerFuture<B, S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.next.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        if belongs(request.uri().path(), self.service.path()) {
            LayerFuture { from: From::Engine { own: self.service.call(request) } }
        } else {
            LayerFuture { from: From::Next { next: self.next.call(request) } }
        }
    }
}

impl<H, S: Clone> Clone for Layered<H, S> {
    fn clone(&self) -> Self {
        Self { service: self.service.clone(), next: self.next.clone() }
    }
}

impl<H, S> fmt::Debug for Layered<H, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Layered").finish_non_exhaustive()
    }
}

pin_project! {
    /// The answer of the engine, or of the service behind it.
    #[must_use = "futures do nothing unless polled"]
    pub struct LayerFuture<B, F> {
        #[pin]
        from: From<ResponseFuture<B>, F>,
    }
}

pin_project! {
    /// The body of the engine's answer, or of the service's behind it.
    #[derive(Debug)]
    pub struct LayerBody<R> {
        #[pin]
        from: From<Body, R>,
    }
}

pin_project! {
    #[derive(Debug)]
    #[project = FromProjection]
    enum From<E, N> {
        Engine { own: E },
        Next { #[pin] next: N },
    }
}

impl<B, F, R, E> Future for LayerFuture<B, F>
where
    B: http_body::Body,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
    F: Future<Output = Result<Response<R>, E>>,
{
    type Output = Result<Response<LayerBody<R>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let response = match self.project().from.project() {
            FromProjection::Engine { own } => match ready!(Pin::new(own).poll(cx)) {
                Ok(response) => response.map(|own| LayerBody { from: From::Engine { own } }),
                Err(never) => match never {},
            },
            FromProjection::Next { next } => {
                ready!(next.poll(cx))?.map(|next| LayerBody { from: From::Next { next } })
            }
        };
        Poll::Ready(Ok(response))
    }
}

impl<B, F> fmt::Debug for LayerFuture<B, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LayerFuture").finish_non_exhaustive()
    }
}

impl<R: http_body::Body<Data = Bytes>> http_body::Body for LayerBody<R> {
    type Data = Bytes;
    type Error = R::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, R::Error>>> {
        match self.project().from.project() {
            FromProjection::Engine { own } => {
                Pin::new(own).poll_frame(cx).map_err(|never: Infallible| match never {})
            }
            FromProjection::Next { next } => next.poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.from {
            From::Engine { own } => own.is_end_stream(),
            From::Next { next } => next.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.from {
            From::Engine { own } => own.size_hint(),
            From::Next { next } => next.size_hint(),
        }
    }
}

/// Whether a request's path is the engine's.
fn belongs(path: &str, mount: &str) -> bool {
    match (mount.strip_suffix('/'), path.strip_prefix(mount.strip_suffix('/').unwrap_or(mount))) {
        (_, None) => false,
        (Some(_), Some(rest)) => rest.starts_with('/'),
        (None, Some(rest)) => rest.is_empty() || rest.starts_with('/'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_compared_by_segment() {
        for path in ["/engine.io/", "/engine.io/a", "/engine.io/a/b/"] {
            assert!(belongs(path, "/engine.io/"), "{path}");
        }
        for path in
            ["/", "/engine.io", "/engine.iox", "/engine.iox/", "/Engine.IO/", "//engine.io/", "/a/engine.io/"]
        {
            assert!(!belongs(path, "/engine.io/"), "{path}");
        }
        assert!(belongs("/engine.io", "/engine.io"));
        assert!(belongs("/engine.io/", "/engine.io"));
        assert!(!belongs("/engine.iox", "/engine.io"));
        assert!(belongs("/", "/"));
        assert!(belongs("/x", "/"));
    }
}
