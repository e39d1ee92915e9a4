//! `axum::serve` behind pipes.

use std::{io, net::SocketAddr};

use axum::{
    Router,
    serve::{Listener, ListenerExt},
};
use http::StatusCode;
use sockeye::{Builder, Io, Namespace, Sockeye};
use tokio::{io::DuplexStream, sync::mpsc};

use super::Connection;

/// Where clients seem to be.
const CLIENT: ([u8; 4], u16) = ([192, 0, 2, 1], 4711);

/// A server that runs, cheap to clone. It lives as long as the test's runtime.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pipes: mpsc::UnboundedSender<DuplexStream>,
    io: Io,
}

impl Server {
    /// A server with one namespace `/` and default settings.
    pub(crate) fn new(namespace: Namespace) -> Self {
        Self::built(Sockeye::builder().namespace("/", namespace))
    }

    /// A server by its settings, the only thing in its application.
    pub(crate) fn built(builder: Builder) -> Self {
        let sockeye = builder.build();
        let rest = async || (StatusCode::NOT_FOUND, "the app");
        Self::app(sockeye.io(), sockeye.router().fallback(rest))
    }

    /// A whole application, which has this server somewhere inside.
    pub(crate) fn app(io: &Io, app: Router) -> Self {
        let (pipes, clients) = mpsc::unbounded_channel();
        let app = app.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(Pipes(clients).tap_io(|_| {}), app).await });
        Self { pipes, io: io.clone() }
    }

    /// No server at all: each connection, with its number, is served by `serve`.
    pub(crate) fn by_hand<F>(serve: impl Fn(usize, DuplexStream) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (pipes, mut clients) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            for number in 0.. {
                let Some(pipe) = clients.recv().await else { return };
                tokio::spawn(serve(number, pipe));
            }
        });
        Self { pipes, io: Io::new() }
    }

    /// A new connection.
    pub(crate) fn connect(&self) -> Connection {
        let (client, server) = tokio::io::duplex(1 << 20);
        self.pipes.send(server).expect("the server accepts for as long as the test runs");
        Connection::new(client)
    }

    /// How many sessions are open.
    pub(crate) fn sessions(&self) -> usize {
        self.io.sessions()
    }

    /// The handle of the server.
    pub(crate) const fn io(&self) -> &Io {
        &self.io
    }
}

struct Pipes(mpsc::UnboundedReceiver<DuplexStream>);

impl Listener for Pipes {
    type Io = DuplexStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (DuplexStream, SocketAddr) {
        match self.0.recv().await {
            Some(pipe) => (pipe, CLIENT.into()),
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(([127, 0, 0, 1], 80).into())
    }
}
