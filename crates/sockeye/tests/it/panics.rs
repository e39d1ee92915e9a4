//! A panic in the application's code costs one reply and nothing else.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use http::request::Parts;
use sockeye::{Data, DisconnectReason, Event, IntoReply, Namespace, Reply, Socket};
use tower::{Layer, Service};

use crate::kit::{BOTH, Client, Log, Via, serve};

const INTERNAL: &str = r#"431[{"error":{"code":"internal","message":"internal error"}}]"#;

struct Panics;

impl<S: Sync> axum::extract::FromRequestParts<S> for Panics {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        panic!("in an extractor")
    }
}

struct PanicsAsReply;

impl IntoReply for PanicsAsReply {
    fn into_reply(self) -> Reply {
        panic!("in a reply")
    }
}

/// Panics where it is told to.
#[derive(Clone)]
struct Broken<V>(V, &'static str);

impl<V> Layer<V> for Broken<()> {
    type Service = Broken<V>;

    fn layer(&self, inner: V) -> Broken<V> {
        Broken(inner, self.1)
    }
}

impl<V: Service<Event>> Service<Event> for Broken<V> {
    type Response = V::Response;
    type Error = V::Error;
    type Future = V::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), V::Error>> {
        assert_ne!(self.1, "ready");
        self.0.poll_ready(cx)
    }

    fn call(&mut self, event: Event) -> V::Future {
        assert_ne!(self.1, "call");
        self.0.call(event)
    }
}

/// The same, for a future that never yields.
struct Bomb;

impl Future for Bomb {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        panic!("in a future")
    }
}

fn broken(log: &Log) -> Namespace {
    let (comes, goes) = (log.clone(), log.clone());
    Namespace::new()
        .on("handler", async || -> Data<u8> { panic!("in a handler") })
        .on("later", async || -> Data<u8> {
            tokio::task::yield_now().await;
            panic!("after a while")
        })
        .on("future", || Bomb)
        .on("build", || -> std::future::Ready<()> { panic!("while the future is made") })
        .on("extractor", async |_: Panics| {})
        .on("reply", async || PanicsAsReply)
        .on("ready", sockeye::Handler::layer(async || {}, Broken((), "ready")))
        .on("call", sockeye::Handler::layer(async || {}, Broken((), "call")))
        .on("fine", async || Data("fine"))
        .on_connect(async move || comes.write("connect"))
        .on_disconnect(async move |reason: DisconnectReason| goes.write(reason.as_str()))
}

#[tokio::test(start_paused = true)]
async fn a_panic_answers_internal_and_the_session_lives() {
    for via in BOTH {
        let log = Log::default();
        let app = serve(broken(&log));
        let (mut client, _) = Client::join(&app, via).await;
        for event in ["handler", "later", "future", "build", "extractor", "reply", "ready", "call"] {
            client.send(&format!(r#"421["{event}"]"#)).await;
            assert_eq!(client.packet().await, INTERNAL, "{event}");
            // Without an ack nothing is said.
            client.send(&format!(r#"42["{event}"]"#)).await;
        }
        client.send(r#"421["fine"]"#).await;
        assert_eq!(client.packet().await, r#"431["fine"]"#);
        client.send("41").await;
        assert_eq!(log.wait(2).await, ["connect", "client namespace disconnect"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_behind_a_layer_of_the_namespace_is_the_same() {
    for place in ["ready", "call"] {
        let app = serve(Namespace::new().on("event", async || {}).layer(Broken((), place)));
        let (mut client, _) = Client::join(&app, Via::WebSocket).await;
        client.send(r#"421["event"]"#).await;
        assert_eq!(client.packet().await, INTERNAL);
    }
}

#[tokio::test(start_paused = true)]
async fn panics_in_connect_and_disconnect_handlers_change_nothing() {
    for via in BOTH {
        let log = Log::default();
        let (comes, goes) = (log.clone(), log.clone());
        let app = serve(
            Namespace::new()
                .on_connect(async move || -> Data<u8> {
                    comes.write("connect");
                    panic!("in a connect handler")
                })
                .on("fine", async || Data("fine"))
                .on_disconnect(async move || -> Data<u8> {
                    goes.write("disconnect");
                    panic!("in a disconnect handler")
                }),
        );
        let (mut client, _) = Client::join(&app, via).await;
        client.send(r#"421["fine"]"#).await;
        assert_eq!(client.packet().await, r#"431["fine"]"#);
        client.send("41").await;
        assert_eq!(log.wait(2).await, ["connect", "disconnect"]);
        client.connect("40").await;
    }
}

#[tokio::test(start_paused = true)]
async fn values_that_panic_when_they_are_dropped_take_nobody_along() {
    #[derive(Clone)]
    struct Explosive;
    impl Drop for Explosive {
        fn drop(&mut self) {
            if !std::thread::panicking() {
                panic!("in a destructor")
            }
        }
    }
    let log = Log::default();
    let goes = log.clone();
    let app = serve(
        Namespace::new()
            .on_connect(async |socket: Socket| {
                socket.extensions().insert(Explosive);
            })
            .on("parked", async || {
                let _bomb = Explosive;
                std::future::pending::<()>().await;
            })
            .on("fine", async || Data("fine"))
            .on_disconnect(async move || goes.write("disconnect")),
    );
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    client.send_all(&[r#"42["parked"]"#, "41"]).await;
    assert_eq!(log.wait(1).await, ["disconnect"]);
    // The parked handler is dropped after its grace, on the task of a session that is still in use.
    tokio::time::sleep(std::time::Duration::from_secs(31)).await;
    client.connect("40").await;
    client.send(r#"421["fine"]"#).await;
    loop {
        let packet = client.packet().await;
        if packet == r#"431["fine"]"# {
            break;
        }
    }
}
