//! Raw clients of a server in memory: requests go into the router, websockets run over a pipe, the clock is paused.

mod polling;
mod websocket;

use std::{
    fmt,
    future::Future,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::Router;
use sockeye::{Namespace, Sockeye};

use self::{polling::Polling, websocket::WebSocket};

/// Both transports, for tests that hold on either.
pub(crate) const BOTH: [Via; 2] = [Via::Polling, Via::WebSocket];

/// How a client reaches the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Via {
    Polling,
    WebSocket,
}

/// What a client gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Got {
    /// A Socket.IO packet.
    Packet(String),
    Attachment(Vec<u8>),
    /// The end of the transport.
    Closed,
}

/// A client that speaks the protocol by hand.
pub(crate) enum Client {
    Polling(Polling),
    WebSocket(Box<WebSocket>),
}

/// A server with one namespace `/`.
pub(crate) fn serve(namespace: Namespace) -> Router {
    Sockeye::builder().namespace("/", namespace).build().router()
}

impl Client {
    /// Opens a session.
    pub(crate) async fn open(app: &Router, via: Via) -> Self {
        Self::open_with(app, via, &[]).await
    }

    /// Opens a session with a handshake that has these headers.
    pub(crate) async fn open_with(app: &Router, via: Via, headers: &[(&str, &str)]) -> Self {
        match via {
            Via::Polling => Self::Polling(Polling::open(app, headers).await),
            Via::WebSocket => Self::WebSocket(Box::new(WebSocket::open(app, headers).await)),
        }
    }

    /// Opens a session and joins the namespace `/`.
    pub(crate) async fn join(app: &Router, via: Via) -> (Self, String) {
        let mut client = Self::open(app, via).await;
        let id = client.connect("40").await;
        (client, id)
    }

    /// Sends a CONNECT packet, expects to be let in, and gives the socket's id.
    pub(crate) async fn connect(&mut self, packet: &str) -> String {
        self.send(packet).await;
        let answer = self.packet().await;
        let (_, json) = answer.split_once('{').unwrap_or_else(|| panic!("no CONNECT: {answer}"));
        let json: serde_json::Value = serde_json::from_str(&format!("{{{json}")).unwrap();
        assert!(answer.starts_with("40"), "{answer}");
        json["sid"].as_str().unwrap().to_owned()
    }

    /// Sends one packet, written as it stands in a payload: with the `4` of the engine, as in `42["event"]`.
    pub(crate) async fn send(&mut self, packet: &str) {
        self.send_all(&[packet]).await;
    }

    /// Sends several packets in one burst: one POST, or frames in one write.
    pub(crate) async fn send_all(&mut self, packets: &[&str]) {
        match self {
            Self::Polling(polling) => polling.post(packets.join("\x1e")).await,
            Self::WebSocket(websocket) => websocket.send(packets).await,
        }
    }

    /// Sends a packet and its attachments.
    pub(crate) async fn send_binary(&mut self, packet: &str, attachments: &[&[u8]]) {
        match self {
            Self::Polling(polling) => polling.post_binary(packet, attachments).await,
            Self::WebSocket(websocket) => websocket.send_binary(packet, attachments).await,
        }
    }

    /// What comes next. Pings are answered, noops skipped.
    pub(crate) async fn next(&mut self) -> Got {
        match self {
            Self::Polling(polling) => polling.next().await,
            Self::WebSocket(websocket) => websocket.next().await,
        }
    }

    /// The next packet, with the engine's `4`.
    pub(crate) async fn packet(&mut self) -> String {
        match self.next().await {
            Got::Packet(packet) => packet,
            other => panic!("no packet: {other:?}"),
        }
    }

    /// Nothing comes for a while.
    pub(crate) async fn assert_silent(&mut self) {
        if let Ok(got) = tokio::time::timeout(Duration::from_millis(500), self.next()).await {
            panic!("not silent: {got:?}");
        }
    }

    /// The session ends.
    pub(crate) async fn assert_closed(&mut self) {
        loop {
            match self.next().await {
                Got::Closed => return,
                Got::Packet(packet) if packet.starts_with("41") => {}
                other => panic!("not closed: {other:?}"),
            }
        }
    }

    /// Vanishes without a word.
    pub(crate) async fn vanish(self) {
        match self {
            Self::Polling(polling) => polling.vanish().await,
            Self::WebSocket(websocket) => drop(websocket),
        }
    }
}

/// What handlers wrote down, in order.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub(crate) fn write(&self, line: impl Into<String>) {
        self.0.lock().unwrap().push(line.into());
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    /// Waits until so many lines are there, and gives them.
    pub(crate) async fn wait(&self, lines: usize) -> Vec<String> {
        let enough = eventually(|| self.lines().len() >= lines).await;
        assert!(enough, "fewer than {lines} lines: {:?}", self.lines());
        self.lines()
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines().fmt(f)
    }
}

/// Whether `condition` comes true within two minutes of the paused clock.
pub(crate) async fn eventually(condition: impl Fn() -> bool) -> bool {
    for _ in 0..1200 {
        if condition() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    condition()
}

/// Lets everything run that can, without the clock moving by more than a moment.
pub(crate) async fn settle() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

/// A gate that handlers wait at.
#[derive(Clone, Debug)]
pub(crate) struct Gate(Arc<tokio::sync::Semaphore>);

impl Gate {
    pub(crate) fn closed() -> Self {
        Self(Arc::new(tokio::sync::Semaphore::new(0)))
    }

    pub(crate) fn pass(&self) -> impl Future<Output = ()> + Send + 'static + use<> {
        let gate = self.0.clone();
        async move { gate.acquire().await.unwrap().forget() }
    }

    pub(crate) fn let_pass(&self, handlers: usize) {
        self.0.add_permits(handlers);
    }
}
