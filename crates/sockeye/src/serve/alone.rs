//! A server that stands alone, on an address of its own.

use std::{
    convert::Infallible,
    fmt,
    future::{Future, IntoFuture, pending},
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{Router, extract::Request, response::IntoResponse, routing::Route};
use futures_util::future::BoxFuture;
use tokio::net::{TcpListener, ToSocketAddrs};
use tower_layer::Layer;
use tower_service::Service;

use super::{ServeConfig, ServeFuture, serve};
use crate::{Io, Sockeye};

impl Sockeye {
    /// Serves this server and nothing else on an address, with the bounds of [`serve()`](crate::serve()): await it, or
    /// [`bind`](Alone::bind) first to learn which port it got. Requests beside its [`path`](crate::Builder::path) are
    /// answered 404.
    ///
    /// ```no_run
    /// use sockeye::{Data, Namespace, Sockeye};
    ///
    /// # async fn example() -> std::io::Result<()> {
    /// let echo = Namespace::new().on("echo", async |Data(text): Data<String>| Data(text));
    /// Sockeye::builder().namespace("/", echo).build().serve("0.0.0.0:3000").await
    /// # }
    /// ```
    pub fn serve<A>(&self, address: A) -> Alone<A>
    where
        A: ToSocketAddrs,
    {
        Alone {
            address,
            app: self.router(),
            io: self.io().clone(),
            config: ServeConfig::default(),
            signal: Box::pin(pending()),
        }
    }
}

/// A server on an address of its own, that is about to run. Made by [`Sockeye::serve`].
#[must_use = "a server does nothing until it is awaited"]
pub struct Alone<A> {
    address: A,
    app: Router,
    io: Io,
    config: ServeConfig,
    signal: BoxFuture<'static, ()>,
}

impl<A> Alone<A> {
    /// Wraps everything that is answered, the 404 too, in an HTTP layer: axum's, tower-http's, or your own. The last one
    /// added is the outermost.
    ///
    /// ```no_run
    /// use sockeye::{Namespace, Origins, Sockeye};
    /// use tower_http::cors::CorsLayer;
    ///
    /// # async fn example() -> std::io::Result<()> {
    /// let sockeye = Sockeye::builder().origins(Origins::any()).namespace("/", Namespace::new()).build();
    /// sockeye.serve("0.0.0.0:3000").http_layer(CorsLayer::permissive()).await
    /// # }
    /// ```
    pub fn http_layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        self.app = self.app.layer(layer);
        self
    }

    /// Sets the bounds of the connections.
    ///
    /// # Panics
    /// When one of them makes no sense.
    #[track_caller]
    #[expect(clippy::panic, reason = "a mistake in the program, found at its start")]
    pub fn config(mut self, config: ServeConfig) -> Self {
        if let Err(error) = config.validate() {
            panic!("the server cannot be served: {error}");
        }
        self.config = config;
        self
    }

    /// Ends when `signal` does: sessions are closed as by [`Io::shutdown`], and then the connections.
    pub fn with_graceful_shutdown<F>(mut self, signal: F) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.signal = Box::pin(self.io.shutdown_on(signal));
        self
    }

    /// Opens the port. From then on clients may connect; they are answered once the result is awaited.
    ///
    /// # Errors
    /// When the address cannot be had.
    pub async fn bind(self) -> io::Result<Bound>
    where
        A: ToSocketAddrs,
    {
        let Self { address, app, io: _, config, signal } = self;
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let server = serve(listener, app).config(config).with_graceful_shutdown(signal).into_future();
        Ok(Bound { address, server })
    }
}

impl<A: ToSocketAddrs + Send + 'static> IntoFuture for Alone<A> {
    type Output = io::Result<()>;
    type IntoFuture = ServeFuture;

    fn into_future(self) -> ServeFuture {
        ServeFuture(Box::pin(async move { self.bind().await?.await }))
    }
}

impl<A> fmt::Debug for Alone<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Alone").field("config", &self.config).finish_non_exhaustive()
    }
}

/// A server whose port is open. Await it to serve.
#[derive(Debug)]
#[must_use = "a server does nothing until it is awaited"]
pub struct Bound {
    address: SocketAddr,
    server: ServeFuture,
}

impl Bound {
    /// Where it listens; after port 0 the port that the system gave it.
    pub const fn local_addr(&self) -> SocketAddr {
        self.address
    }
}

impl Future for Bound {
    type Output = io::Result<()>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.server).poll(cx)
    }
}
