//! Where a client runs: its cookies, its address, its network. What it sends goes into the application's service.

use std::{convert::Infallible, fmt, net::SocketAddr, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use http_body::Body as _;
use http_body_util::BodyExt as _;
use sockeye_engine::websocket::Upgrade;
use tokio::io::DuplexStream;
use tokio_tungstenite::{WebSocketStream, tungstenite::protocol::Role};
use tower_service::Service as _;

use crate::{answer::Answer, jar::Jar, network::Network};

/// One client's machine. Clones are the same machine.
#[derive(Clone)]
pub(crate) struct Device {
    pub(crate) app: Router,
    /// Where the server answers, such as `/socket.io/`.
    pub(crate) path: String,
    pub(crate) network: Network,
    pub(crate) jar: Jar,
    pub(crate) headers: HeaderMap,
    pub(crate) address: Option<SocketAddr>,
    /// How long anything is awaited before the test fails.
    pub(crate) patience: Duration,
}

/// A connection that ended before its answer was whole.
#[derive(Debug)]
pub(crate) struct Lost;

impl Device {
    pub(crate) fn new(app: Router, path: String, patience: Duration) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("sockeye.test"));
        let (network, jar) = (Network::new(), Jar::default());
        Self { app, path, network, jar, headers, address: None, patience }
    }

    /// Sends a request and reads the answer to its end.
    pub(crate) async fn send(&self, request: Request<Body>) -> Result<Answer, Lost> {
        let request = self.prepared(request);
        let path = request.uri().path().to_owned();
        self.network.travel().await;
        let (parts, body) = self.call(request).await.into_parts();
        // Whether it arrives is the network's affair; the server has written it.
        let body = body.collect().await.map_err(|_| Lost)?.to_bytes();
        self.network.travel().await;
        self.jar.store(&parts.headers, &path);
        Ok(Answer::new(parts.status, parts.headers, body))
    }

    /// Opens a websocket; the answer in its place is the error.
    pub(crate) async fn open_websocket(&self, uri: &str) -> Result<WebSocketStream<DuplexStream>, Answer> {
        let (client, server) = tokio::io::duplex(PIPE);
        let mut request = Request::new(Body::empty());
        match uri.parse() {
            Ok(uri) => *request.uri_mut() = uri,
            Err(_) => return Err(Answer::new(StatusCode::BAD_REQUEST, HeaderMap::new(), Bytes::new())),
        }
        for (name, value) in [
            (header::CONNECTION, "Upgrade"),
            (header::UPGRADE, "websocket"),
            (header::SEC_WEBSOCKET_VERSION, "13"),
            (header::SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ=="),
        ] {
            request.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        request.extensions_mut().insert(Upgrade::new(async move { Ok(server) }));
        let request = self.prepared(request);
        let path = request.uri().path().to_owned();
        self.network.travel().await;
        let (parts, body) = self.call(request).await.into_parts();
        if parts.status != StatusCode::SWITCHING_PROTOCOLS {
            let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
            self.network.travel().await;
            return Err(Answer::new(parts.status, parts.headers, body));
        }
        self.network.travel().await;
        self.jar.store(&parts.headers, &path);
        Ok(WebSocketStream::from_raw_socket(client, Role::Client, None).await)
    }

    async fn call(&self, request: Request<Body>) -> http::Response<Body> {
        let answered: Result<_, Infallible> = self.app.clone().call(request).await;
        let Ok(response) = answered;
        response
    }

    /// Adds what every request of this machine has, without touching what was given.
    fn prepared(&self, mut request: Request<Body>) -> Request<Body> {
        let path = request.uri().path().to_owned();
        let length = request.body().size_hint().exact();
        let headers = request.headers_mut();
        for name in self.headers.keys() {
            if !headers.contains_key(name) {
                for value in self.headers.get_all(name) {
                    headers.append(name.clone(), value.clone());
                }
            }
        }
        if let Some(cookies) = self.jar.header(&path)
            && !headers.contains_key(header::COOKIE)
        {
            headers.insert(header::COOKIE, cookies);
        }
        if let Some(length) = length.filter(|length| *length > 0) {
            headers.entry(header::CONTENT_LENGTH).or_insert(length.into());
        }
        if let Some(address) = self.address {
            request.extensions_mut().insert(ConnectInfo(address));
        }
        request
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Device")
            .field("path", &self.path)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// Bytes on their way, in each direction: what a connection of the kernel would hold.
const PIPE: usize = 64 * 1024;
