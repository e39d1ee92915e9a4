//! A server for the application, with the bounds that an open port needs.

use std::{
    convert::Infallible,
    fmt,
    future::{Future, IntoFuture, Pending, pending},
    io,
    pin::Pin,
    sync::Arc,
};

use axum::{extract::Request, response::Response};
use sockeye_engine::Places;
use tokio::{sync::watch, time::timeout};
use tower_service::Service;

mod activity;
mod alone;
mod body;
mod config;
mod connection;
mod listener;
mod request;
mod stream;

pub use self::{
    alone::{Alone, Bound},
    config::{ConfigError, ServeConfig},
    listener::Listener,
};

use self::connection::Connection;

/// Serves an application, as `axum::serve` does, and bounds what a peer may do before and around its requests.
///
/// | | `axum::serve` | here |
/// |---|---|---|
/// | a request's head that does not come | is waited for without end | [`header_timeout`](ServeConfig::header_timeout) |
/// | a request's body that trickles | is waited for without end | [`body_timeout`](ServeConfig::body_timeout) |
/// | an answer that is not read | is kept without end | [`write_timeout`](ServeConfig::write_timeout) |
/// | connections | as many as come | [`max_connections`](ServeConfig::max_connections), and per address |
/// | `TCP_NODELAY` | off | on |
/// | `ConnectInfo<SocketAddr>` | by `into_make_service_with_connect_info` | always |
/// | a graceful shutdown | as long as the slowest peer | [`shutdown_timeout`](ServeConfig::shutdown_timeout) |
///
/// HTTP/1.1 and HTTP/2 (with prior knowledge) are served, websockets as well. Dropping the future closes every
/// connection that has not become a websocket.
///
/// ```
/// use axum::Router;
/// use sockeye::{Namespace, Sockeye};
///
/// # async fn example(asked_to_end: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
/// let sockeye = Sockeye::builder().namespace("/", Namespace::new()).build();
/// let app = Router::new().merge(sockeye.router());
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
/// sockeye::serve(listener, app).with_graceful_shutdown(sockeye.io().shutdown_on(asked_to_end)).await
/// # }
/// ```
pub fn serve<L, S>(listener: L, app: S) -> Serve<L, S>
where
    L: Listener,
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    Serve { listener, app, config: ServeConfig::default(), signal: pending() }
}

/// A server that is about to run: await it.
#[must_use = "a server does nothing until it is awaited"]
pub struct Serve<L, S, F = Pending<()>> {
    listener: L,
    app: S,
    config: ServeConfig,
    signal: F,
}

impl<L, S, F> Serve<L, S, F> {
    /// Sets the bounds.
    ///
    /// # Panics
    /// When one of them makes no sense.
    #[track_caller]
    #[expect(clippy::panic, reason = "a mistake in the program, found at its start")]
    pub fn config(mut self, config: ServeConfig) -> Self {
        if let Err(error) = config.validate() {
            panic!("the application cannot be served: {error}");
        }
        self.config = config;
        self
    }

    /// Ends when `signal` does: no connection is accepted any more, requests under way are answered, and what is not
    /// done after [`shutdown_timeout`](ServeConfig::shutdown_timeout) is cut. Websockets are not waited for;
    /// [`Io::shutdown_on`](crate::Io::shutdown_on) closes them before it ends.
    pub fn with_graceful_shutdown<G>(self, signal: G) -> Serve<L, S, G>
    where
        G: Future<Output = ()> + Send + 'static,
    {
        let Self { listener, app, config, .. } = self;
        Serve { listener, app, config, signal }
    }
}

/// What the connections are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Serving,
    /// Finish what is under way.
    Draining,
}

impl<L, S, F> Serve<L, S, F>
where
    L: Listener,
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    F: Future<Output = ()>,
{
    async fn run(self) {
        let Self { mut listener, app, config, signal } = self;
        let shutdown_timeout = config.shutdown_timeout;
        let config = Arc::new(config);
        let places = Arc::new(Places::new(config.max_connections, config.max_connections_per_address));
        // The sender's end is the word to stop at once, so that nothing outlives this future.
        let (stage, stages) = watch::channel(Stage::Serving);
        let accepting = async move {
            let mut backoff = listener::Backoff::default();
            loop {
                let (io, peer) = listener::accept(&mut listener, &mut backoff).await;
                // Proxies bring the connections of many.
                let address = Some(peer.ip()).filter(|address| !config.trusted_proxies.contains(*address));
                let Some(place) = places.place(address) else {
                    tracing::debug!(target: "sockeye::serve", "a connection was refused: too many are open");
                    continue;
                };
                let connection =
                    Connection { io, peer, place, app: app.clone(), config: Arc::clone(&config) };
                tokio::spawn(connection.serve(stages.clone()));
            }
        };
        // Both are dropped behind this, and the listener with them.
        tokio::select! {
            () = signal => {}
            () = accepting => {}
        }
        stage.send_replace(Stage::Draining);
        // Nothing a peer withholds keeps the process from ending.
        let _ = timeout(shutdown_timeout, stage.closed()).await;
    }
}

impl<L, S, F> IntoFuture for Serve<L, S, F>
where
    L: Listener,
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    F: Future<Output = ()> + Send + 'static,
{
    type Output = io::Result<()>;
    type IntoFuture = ServeFuture;

    fn into_future(self) -> ServeFuture {
        ServeFuture(Box::pin(async move {
            self.run().await;
            Ok(())
        }))
    }
}

impl<L, S, F> fmt::Debug for Serve<L, S, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serve").field("config", &self.config).finish_non_exhaustive()
    }
}

/// The server while it runs. Without a graceful shutdown it never ends; errors of single connections do not end it.
#[must_use = "a server does nothing until it is awaited"]
pub struct ServeFuture(Pin<Box<dyn Future<Output = io::Result<()>> + Send>>);

impl Future for ServeFuture {
    type Output = io::Result<()>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut std::task::Context<'_>) -> std::task::Poll<io::Result<()>> {
        self.0.as_mut().poll(cx)
    }
}

impl fmt::Debug for ServeFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServeFuture").finish_non_exhaustive()
    }
}
