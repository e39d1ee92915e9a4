//! A server behind pipes, and peers that write what they like.

use std::{future::Future, io, net::SocketAddr, time::Duration};

use axum::{Router, body::Bytes, routing::get};
use sockeye::serve::{Listener, ServeConfig};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream},
    sync::mpsc,
    task::JoinHandle,
    time::{Instant, sleep},
};

/// A whole request for the route that answers `hello`.
pub(crate) const HELLO: &str = "GET / HTTP/1.1\r\nhost: a.example\r\n\r\n";

/// A listener that is given its connections.
pub(crate) struct Pipes(mpsc::UnboundedReceiver<(DuplexStream, SocketAddr)>);

impl Listener for Pipes {
    type Io = DuplexStream;

    async fn accept(&mut self) -> io::Result<(DuplexStream, SocketAddr)> {
        match self.0.recv().await {
            Some(pipe) => Ok(pipe),
            None => std::future::pending().await,
        }
    }
}

/// A server that runs.
pub(crate) struct Server {
    pipes: mpsc::UnboundedSender<(DuplexStream, SocketAddr)>,
    pub(crate) task: JoinHandle<io::Result<()>>,
}

impl Server {
    pub(crate) fn new(app: Router, config: ServeConfig) -> Self {
        Self::until(app, config, std::future::pending())
    }

    pub(crate) fn until(
        app: Router,
        config: ServeConfig,
        signal: impl Future<Output = ()> + Send + 'static,
    ) -> Self {
        let (pipes, connections) = mpsc::unbounded_channel();
        let served = sockeye::serve(Pipes(connections), app).config(config).with_graceful_shutdown(signal);
        Self { pipes, task: tokio::spawn(served.into_future()) }
    }

    /// A server of the routes `/` (`hello`), `/length` (of a POST's body) and `/slow` (answers after 60 s).
    pub(crate) fn of_routes(config: ServeConfig) -> Self {
        Self::new(routes(), config)
    }

    /// A connection from a peer.
    pub(crate) fn connect(&self) -> Peer {
        self.connect_from("192.0.2.1", 64 * 1024)
    }

    pub(crate) fn connect_from(&self, address: &str, buffer: usize) -> Peer {
        let (client, server) = tokio::io::duplex(buffer);
        // A server that has ended accepts nothing; the peer sees its pipe break.
        let _ = self.pipes.send((server, SocketAddr::new(address.parse().unwrap(), 4711)));
        Peer { stream: client, read: Vec::new(), opened: Instant::now() }
    }
}

pub(crate) fn routes() -> Router {
    Router::new()
        .route("/", get(async || "hello"))
        .route("/length", axum::routing::post(async |body: Bytes| body.len().to_string()))
        .route("/slow", get(async || sleep(Duration::from_secs(60)).await))
        .route("/large", get(async || vec![b'x'; 1_000_000]))
}

/// The other end of a connection.
pub(crate) struct Peer {
    stream: DuplexStream,
    read: Vec<u8>,
    opened: Instant,
}

impl Peer {
    /// Writes; whoever writes to a server that has hung up notices when it reads.
    pub(crate) async fn write(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.stream.write_all(bytes.as_ref()).await;
    }

    /// Status and body of the next answer, if one comes.
    pub(crate) async fn answer(&mut self) -> Option<(u16, String)> {
        let head = self.take_until(b"\r\n\r\n").await?;
        let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length = length.map_or(0, |length| length.parse().unwrap());
        Some((status, String::from_utf8(self.take(length).await).unwrap()))
    }

    pub(crate) async fn ask(&mut self, request: impl AsRef<[u8]>) -> Option<(u16, String)> {
        self.write(request).await;
        self.answer().await
    }

    /// So many bytes, or what came before the end.
    pub(crate) async fn take(&mut self, bytes: usize) -> Vec<u8> {
        while self.read.len() < bytes && self.more().await {}
        let bytes = bytes.min(self.read.len());
        self.read.drain(..bytes).collect()
    }

    async fn take_until(&mut self, end: &[u8]) -> Option<Vec<u8>> {
        loop {
            if let Some(at) = self.read.windows(end.len()).position(|window| window == end) {
                return Some(self.read.drain(..at + end.len()).collect());
            }
            if !self.more().await {
                return None;
            }
        }
    }

    /// What comes until the server hangs up, and how many seconds after the connection was opened that is.
    pub(crate) async fn rest(&mut self) -> (Vec<u8>, f64) {
        while self.more().await {}
        (std::mem::take(&mut self.read), self.age())
    }

    pub(crate) fn age(&self) -> f64 {
        self.opened.elapsed().as_secs_f64()
    }

    /// Whether the server has hung up by now.
    pub(crate) async fn is_closed(&mut self) -> bool {
        settle().await;
        let mut byte = [0];
        matches!(futures_util::FutureExt::now_or_never(self.stream.read(&mut byte)), Some(Ok(0) | Err(_)))
    }

    async fn more(&mut self) -> bool {
        self.stream.read_buf(&mut self.read).await.is_ok_and(|read| read > 0)
    }
}

/// Lets everything run that can; the clock moves by a millisecond.
pub(crate) async fn settle() {
    sleep(Duration::from_millis(1)).await;
}

pub(crate) async fn pass(seconds: f64) {
    sleep(Duration::from_secs_f64(seconds)).await;
}

/// Not before this many seconds, and not much later.
#[track_caller]
pub(crate) fn assert_about(seconds: f64, expected: f64) {
    assert!((expected..expected + 0.1).contains(&seconds), "{seconds} s instead of {expected} s");
}
