//! A server in memory: requests go into the service, websockets run over a duplex pipe, the clock is paused.

use std::{
    sync::{Arc, Mutex},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use http::{Method, Request, StatusCode, request::Parts};
use http_body_util::{BodyExt, Full};
use sockeye_engine::{
    CloseReason, Engine, EngineBuilder, Flow, Handler, Handshake, Message, MessageRef, Next, Sender,
    SessionHandler, websocket::Upgrade,
};
use tokio::{io::DuplexStream, sync::mpsc, task::JoinHandle};
use tokio_tungstenite::{WebSocketStream, tungstenite};
use tower::ServiceExt;

/// What the handlers were told, in order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Told {
    Message(Message),
    /// The value of the header `x-tag` of the POST that carried the message before.
    Tag(String),
    Upgraded,
    Stalled,
    Closed(CloseReason),
    Finished,
}

/// How all sessions of a server behave, changed at any time.
#[derive(Debug, Default)]
pub(crate) struct Behaviour {
    pub(crate) echo: bool,
    /// Pause after this many messages, until it is `None` again.
    pub(crate) pause_after: Option<usize>,
    pub(crate) flow: Option<Flow>,
    pub(crate) panic_at: Option<&'static str>,
    /// `poll_finish` waits as long as this is set.
    pub(crate) never_finish: bool,
}

pub(crate) struct Recorder {
    told: mpsc::UnboundedSender<Told>,
    opened: mpsc::UnboundedSender<(Sender, Handshake)>,
    behaviour: Arc<Mutex<Behaviour>>,
}

pub(crate) struct Session {
    sender: Sender,
    told: mpsc::UnboundedSender<Told>,
    behaviour: Arc<Mutex<Behaviour>>,
    messages: usize,
}

impl Handler for Recorder {
    type Session = Session;

    fn open(&self, handshake: Handshake, sender: Sender) -> Session {
        let session = Session {
            sender: sender.clone(),
            told: self.told.clone(),
            behaviour: Arc::clone(&self.behaviour),
            messages: 0,
        };
        session.trap("open");
        let _ = self.opened.send((sender, handshake));
        session
    }
}

impl Session {
    fn trap(&self, place: &str) {
        let at = self.behaviour.lock().unwrap().panic_at;
        if at == Some(place) {
            std::panic::resume_unwind(Box::new(()));
        }
    }

    fn flow(&self) -> Flow {
        let pause = self.behaviour.lock().unwrap().pause_after.is_some_and(|bound| self.messages >= bound);
        if pause { Flow::Pause } else { Flow::Continue }
    }
}

impl SessionHandler for Session {
    fn message(&mut self, _: &mut Context<'_>, message: MessageRef<'_>, request: Option<&Parts>) -> Flow {
        self.trap("message");
        self.messages += 1;
        let _ = self.told.send(Told::Message(message.into()));
        if let Some(tag) = request.and_then(|parts| parts.headers.get("x-tag")) {
            let _ = self.told.send(Told::Tag(tag.to_str().unwrap().to_owned()));
        }
        if self.behaviour.lock().unwrap().echo {
            let _ = self.sender.send(message);
        }
        let flow = self.behaviour.lock().unwrap().flow.take();
        flow.unwrap_or_else(|| self.flow())
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Next {
        self.trap("poll");
        Next { flow: self.flow(), ..Next::idle() }
    }

    fn upgraded(&mut self) {
        self.trap("upgraded");
        let _ = self.told.send(Told::Upgraded);
    }

    fn stalled(&mut self) {
        let _ = self.told.send(Told::Stalled);
    }

    fn closed(&mut self, reason: CloseReason) {
        let _ = self.told.send(Told::Closed(reason));
        self.trap("closed");
    }

    fn poll_finish(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.behaviour.lock().unwrap().never_finish {
            return Poll::Pending;
        }
        // One turn later, so that the task is seen to live on.
        if self.messages != usize::MAX {
            self.messages = usize::MAX;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let _ = self.told.send(Told::Finished);
        Poll::Ready(())
    }
}

/// A server, and what its handlers were told.
pub(crate) struct World {
    pub(crate) engine: Engine<Recorder>,
    pub(crate) told: mpsc::UnboundedReceiver<Told>,
    pub(crate) opened: mpsc::UnboundedReceiver<(Sender, Handshake)>,
    pub(crate) behaviour: Arc<Mutex<Behaviour>>,
}

pub(crate) type Response = http::Response<sockeye_engine::Body>;

/// The body of a request: whatever a test needs.
pub(crate) type RequestBody = http_body_util::combinators::UnsyncBoxBody<Bytes, std::io::Error>;

pub(crate) fn body(bytes: impl Into<Bytes>) -> RequestBody {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed_unsync()
}

/// A body that arrives piece by piece, and breaks when an error is sent.
pub(crate) fn slow_body() -> (mpsc::UnboundedSender<std::io::Result<&'static str>>, RequestBody) {
    let (sender, receiver) = mpsc::unbounded_channel::<std::io::Result<&'static str>>();
    let pieces = futures_util::stream::unfold(receiver, |mut receiver| async move {
        let piece = receiver.recv().await?;
        Some((piece.map(|text| http_body::Frame::data(Bytes::from_static(text.as_bytes()))), receiver))
    });
    (sender, BodyExt::boxed_unsync(http_body_util::StreamBody::new(pieces)))
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(|builder| builder)
    }

    pub(crate) fn with(settings: impl FnOnce(EngineBuilder) -> EngineBuilder) -> Self {
        let (told, told_out) = mpsc::unbounded_channel();
        let (opened, opened_out) = mpsc::unbounded_channel();
        let behaviour = Arc::<Mutex<Behaviour>>::default();
        let recorder = Recorder { told, opened, behaviour: Arc::clone(&behaviour) };
        let engine = settings(Engine::builder()).build(recorder);
        Self { engine, told: told_out, opened: opened_out, behaviour }
    }

    pub(crate) fn echoing() -> Self {
        let world = Self::new();
        world.behave(|behaviour| behaviour.echo = true);
        world
    }

    pub(crate) fn behave(&self, change: impl FnOnce(&mut Behaviour)) {
        change(&mut self.behaviour.lock().unwrap());
    }

    /// Any request. The future runs at once, in a task of its own.
    pub(crate) fn send(&self, request: Request<RequestBody>) -> JoinHandle<Response> {
        let service = self.engine.service();
        tokio::spawn(async move { service.oneshot(request).await.unwrap() })
    }

    pub(crate) fn get(&self, sid: &str) -> JoinHandle<Response> {
        self.send(request(Method::GET, &format!("EIO=4&transport=polling&sid={sid}")).body(body("")).unwrap())
    }

    pub(crate) fn post(&self, sid: &str, text: impl Into<Bytes>) -> JoinHandle<Response> {
        self.post_body(sid, body(text))
    }

    pub(crate) fn post_body(&self, sid: &str, body: RequestBody) -> JoinHandle<Response> {
        self.send(request(Method::POST, &format!("EIO=4&transport=polling&sid={sid}")).body(body).unwrap())
    }

    /// Opens a session by polling: its sid and its handle.
    pub(crate) async fn open(&mut self) -> (String, Sender) {
        let response =
            self.send(request(Method::GET, "EIO=4&transport=polling").body(body("")).unwrap()).await.unwrap();
        let text = text(response).await;
        let (sender, _) = self.opened.recv().await.unwrap();
        assert!(text.starts_with(&format!(r#"0{{"sid":"{}""#, sender.sid())), "{text}");
        (sender.sid().to_string(), sender)
    }

    /// Asks for a websocket: the response, and the client's end of the pipe.
    pub(crate) async fn ask_websocket(&self, query: &str) -> (Response, DuplexStream) {
        let (client, server) = tokio::io::duplex(64 * 1024);
        let request =
            websocket_request(query).extension(Upgrade::new(async { Ok(server) })).body(body("")).unwrap();
        (self.send(request).await.unwrap(), client)
    }

    /// A websocket for a session that exists, or for a new one when `sid` is empty.
    pub(crate) async fn websocket(&self, sid: &str) -> Client {
        let (response, stream) = self.ask_websocket(&format!("EIO=4&transport=websocket&sid={sid}")).await;
        assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
        Client::new(stream).await
    }

    /// Opens a session as a websocket, its open packet read.
    pub(crate) async fn open_websocket(&mut self) -> (Client, Sender) {
        let mut client = self.websocket("").await;
        let open = client.text().await;
        let (sender, _) = self.opened.recv().await.unwrap();
        assert!(open.starts_with(&format!(r#"0{{"sid":"{}""#, sender.sid())), "{open}");
        (client, sender)
    }

    pub(crate) async fn told(&mut self) -> Told {
        self.told.recv().await.unwrap()
    }

    pub(crate) async fn expect_messages(&mut self, messages: &[&str]) {
        for message in messages {
            assert_eq!(self.told().await, Told::Message((*message).into()));
        }
    }

    /// The session ends for this reason, and its handler finishes.
    pub(crate) async fn expect_closed(&mut self, reason: CloseReason) {
        assert_eq!(self.told().await, Told::Closed(reason));
        assert_eq!(self.told().await, Told::Finished);
        assert_eq!(self.engine.sessions(), 0);
        self.expect_nothing().await;
    }

    pub(crate) async fn expect_nothing(&mut self) {
        settle().await;
        assert!(self.told.try_recv().is_err());
    }
}

pub(crate) fn request(method: Method, query: &str) -> http::request::Builder {
    Request::builder().method(method).uri(format!("/engine.io/?{query}"))
}

pub(crate) fn websocket_request(query: &str) -> http::request::Builder {
    request(Method::GET, query)
        .header("connection", "Upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
}

pub(crate) async fn text(response: Response) -> String {
    assert_eq!(response.status(), StatusCode::OK);
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().into()).unwrap()
}

/// Status and whole body, whatever it is.
pub(crate) async fn refused(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    (status, String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().into()).unwrap())
}

pub(crate) const SID_UNKNOWN: &str = r#"{"code":1,"message":"Session ID unknown"}"#;
pub(crate) const BAD_REQUEST: &str = r#"{"code":3,"message":"Bad request"}"#;

/// Lets every task run until all of them wait.
pub(crate) async fn settle() {
    for _ in 0..64 {
        tokio::task::yield_now().await;
    }
}

/// Time passes, and every timer on the way fires when it is due.
pub(crate) async fn pass(seconds: f64) {
    tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
    settle().await;
}

/// A foreign websocket client.
pub(crate) struct Client(pub(crate) WebSocketStream<DuplexStream>);

impl Client {
    pub(crate) async fn new(stream: DuplexStream) -> Self {
        Self(WebSocketStream::from_raw_socket(stream, tungstenite::protocol::Role::Client, None).await)
    }

    pub(crate) async fn send(&mut self, text: &str) {
        self.0.send(tungstenite::Message::text(text)).await.unwrap();
    }

    pub(crate) async fn send_binary(&mut self, bytes: &'static [u8]) {
        self.0.send(tungstenite::Message::binary(bytes)).await.unwrap();
    }

    pub(crate) async fn next(&mut self) -> Option<tungstenite::Message> {
        self.0.next().await.and_then(Result::ok)
    }

    pub(crate) async fn text(&mut self) -> String {
        self.next().await.unwrap().into_text().unwrap().as_str().to_owned()
    }

    pub(crate) async fn binary(&mut self) -> Bytes {
        self.next().await.unwrap().into_data()
    }

    /// The server closes: the code of its close frame, then the end of the stream.
    pub(crate) async fn closed(&mut self) -> Option<u16> {
        let message = self.next().await;
        let Some(tungstenite::Message::Close(frame)) = message else {
            panic!("no close frame but {message:?}")
        };
        assert!(self.next().await.is_none());
        frame.map(|frame| frame.code.into())
    }
}
