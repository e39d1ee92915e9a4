//! How the stream of an upgraded connection reaches the engine.

use std::{
    fmt,
    future::Future,
    io,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use futures_util::future::Either;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::{rt::TokioIo, server::conn::auto};
use tokio::net::TcpStream;

use crate::websocket::{Io, stream::Stream};

/// A request extension that gives the engine the stream under an upgraded connection.
///
/// The engine prefers it to hyper's own extension. Servers other than hyper put it into the request, and so do tests,
/// which have no connection at all.
///
/// ```
/// use sockeye_engine::websocket::Upgrade;
///
/// let (client, server) = tokio::io::duplex(1024);
/// let request = http::Request::builder()
///     .uri("/engine.io/?EIO=4&transport=websocket")
///     .extension(Upgrade::new(async move { Ok(server) }));
/// ```
#[derive(Clone)]
pub struct Upgrade {
    stream: Arc<Mutex<Option<StreamFuture>>>,
}

type StreamFuture = Pin<Box<dyn Future<Output = io::Result<Stream>> + Send>>;

impl Upgrade {
    /// The future should resolve when the 101 has been written.
    pub fn new<F, T>(stream: F) -> Self
    where
        F: Future<Output = io::Result<T>> + Send + 'static,
        T: Io,
    {
        let stream: StreamFuture = Box::pin(async move { stream.await.map(Stream::boxed) });
        Self { stream: Arc::new(Mutex::new(Some(stream))) }
    }

    fn take(&self) -> Option<StreamFuture> {
        self.stream.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl fmt::Debug for Upgrade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upgrade").finish_non_exhaustive()
    }
}

/// Finds the stream which the request's connection will become, with the bytes that were read too far.
pub(super) fn stream(
    extensions: &mut http::Extensions,
) -> Option<impl Future<Output = io::Result<(Stream, Bytes)>> + Send + 'static> {
    if let Some(given) = extensions.remove::<Upgrade>().and_then(|upgrade| upgrade.take()) {
        return Some(Either::Left(async move { Ok((given.await?, Bytes::new())) }));
    }
    let upgrade = extensions.remove::<OnUpgrade>()?;
    Some(Either::Right(async move {
        let upgraded = upgrade.await.map_err(io::Error::other)?;
        Ok(unwrap(upgraded))
    }))
}

/// Gets the TCP stream out of hyper's wrappers: those of its automatic server (axum's), those of a plain connection.
/// What is neither, as TLS, stays in its box.
fn unwrap(upgraded: Upgraded) -> (Stream, Bytes) {
    let upgraded = match auto::upgrade::downcast::<TokioIo<TcpStream>>(upgraded) {
        Ok(parts) => return (Stream::tcp(parts.io.into_inner()), parts.read_buf),
        Err(upgraded) => upgraded,
    };
    match upgraded.downcast::<TokioIo<TcpStream>>() {
        Ok(parts) => (Stream::tcp(parts.io.into_inner()), parts.read_buf),
        Err(upgraded) => (Stream::boxed(TokioIo::new(upgraded)), Bytes::new()),
    }
}
