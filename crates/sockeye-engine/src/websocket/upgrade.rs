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

    /// Takes out of a request's extensions all by which its connection could become something else: this, and hyper's
    /// own.
    pub fn forget(extensions: &mut http::Extensions) {
        extensions.remove::<Self>();
        extensions.remove::<OnUpgrade>();
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

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, net::SocketAddr};

    use http::{Response, StatusCode};
    use http_body_util::Empty;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
        sync::mpsc,
    };

    use super::*;

    /// Asks for an upgrade, with two bytes too many.
    async fn ask(address: SocketAddr) -> TcpStream {
        let mut client = TcpStream::connect(address).await.unwrap();
        let request = b"GET / HTTP/1.1\r\nhost: a\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\nhi";
        client.write_all(request).await.unwrap();
        let mut answer = [0; 12];
        client.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 101");
        client
    }

    /// Answers 101 and hands out what the connection becomes.
    fn accept<B>(
        mut request: http::Request<B>,
        streams: mpsc::UnboundedSender<(Stream, Bytes)>,
    ) -> Response<Empty<Bytes>> {
        let stream = stream(request.extensions_mut()).unwrap();
        tokio::spawn(async move { streams.send(stream.await.unwrap()).ok() });
        let mut response = Response::new(Empty::new());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        response.headers_mut().insert("connection", http::HeaderValue::from_static("upgrade"));
        response.headers_mut().insert("upgrade", http::HeaderValue::from_static("websocket"));
        response
    }

    fn assert_is_tcp(stream: &Stream) {
        let Stream::Tcp(stream) = stream else { panic!("the TCP stream was not reached") };
        assert!(stream.nodelay().unwrap());
    }

    #[tokio::test]
    async fn the_tcp_stream_is_reached_under_axum() {
        let (streams, mut opened) = mpsc::unbounded_channel();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = axum::Router::new()
            .fallback(async move |request: axum::extract::Request| accept(request, streams));
        tokio::spawn(async move { axum::serve(listener, app).await });
        let _client = ask(address).await;
        let (stream, read) = opened.recv().await.unwrap();
        assert_is_tcp(&stream);
        assert_eq!(read, "hi");
    }

    #[tokio::test]
    async fn the_tcp_stream_is_reached_under_plain_hyper() {
        let (streams, mut opened) = mpsc::unbounded_channel();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let service = hyper::service::service_fn(move |request| {
                let response = accept::<hyper::body::Incoming>(request, streams.clone());
                std::future::ready(Ok::<_, Infallible>(response))
            });
            let http = hyper::server::conn::http1::Builder::new();
            http.serve_connection(TokioIo::new(stream), service).with_upgrades().await.unwrap();
        });
        let _client = ask(address).await;
        let (stream, read) = opened.recv().await.unwrap();
        assert_is_tcp(&stream);
        assert_eq!(read, "hi");
    }
}
