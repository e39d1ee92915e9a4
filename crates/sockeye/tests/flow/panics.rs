//! Wherever the application panics: who was greeted is taken leave of, once, and nobody else notices.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use http::{StatusCode, request::Parts};
use sockeye::{EventParts, FromEventParts, Id, IntoReply, Namespace, Reply, Socket, Sockeye};
use tokio::time::sleep;
use tower::{Layer, Service};

use crate::support::{BOTH, Got, Peer, Server, Via};

/// Where the application panics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    AdmitReady,
    AdmitCall,
    AdmitExtractor,
    AdmitPoll,
    AdmitLater,
    AdmitBody,
    ConnectBuild,
    ConnectExtractor,
    ConnectPoll,
    ConnectLater,
    ConnectReply,
    LayerReady,
    LayerCall,
    EventBuild,
    EventExtractor,
    EventPoll,
    EventLater,
    EventReply,
    EventDrop,
    ExtensionDrop,
    DisconnectBuild,
    DisconnectExtractor,
    DisconnectPoll,
    DisconnectLater,
    DisconnectReply,
    Nowhere,
}

use Fault::{
    AdmitBody, AdmitCall, AdmitExtractor, AdmitLater, AdmitPoll, AdmitReady, ConnectBuild, ConnectExtractor,
    ConnectLater, ConnectPoll, ConnectReply, DisconnectBuild, DisconnectExtractor, DisconnectLater,
    DisconnectPoll, DisconnectReply, EventBuild, EventDrop, EventExtractor, EventLater, EventPoll,
    EventReply, ExtensionDrop, LayerCall, LayerReady, Nowhere,
};

/// What keeps clients out.
const ADMISSION: [Fault; 6] = [AdmitReady, AdmitCall, AdmitExtractor, AdmitPoll, AdmitLater, AdmitBody];

/// What happens to those who are in.
const INSIDE: [Fault; 20] = [
    ConnectBuild,
    ConnectExtractor,
    ConnectPoll,
    ConnectLater,
    ConnectReply,
    LayerReady,
    LayerCall,
    EventBuild,
    EventExtractor,
    EventPoll,
    EventLater,
    EventReply,
    EventDrop,
    ExtensionDrop,
    DisconnectBuild,
    DisconnectExtractor,
    DisconnectPoll,
    DisconnectLater,
    DisconnectReply,
    Nowhere,
];

/// The one fault of a server.
#[derive(Clone, Copy, Debug)]
struct Trap(Fault);

impl Trap {
    fn step(self, here: Fault) {
        assert!(self.0 != here, "as asked for");
    }
}

/// How often each socket was greeted, and how often it was taken leave of.
type Ledger = Arc<Mutex<BTreeMap<Id, (usize, usize)>>>;

/// What the handlers of a server share.
#[derive(Clone, Debug)]
struct World {
    trap: Trap,
    ledger: Ledger,
}

/// Extractors, which count before they panic: the first of a connect handler, and the first of a disconnect handler.
struct Greeted;
struct Left;
/// An extractor of events that panics, and one of admissions.
struct Trapped;
struct Asked;

impl FromEventParts<World> for Greeted {
    type Rejection = Infallible;

    async fn from_event_parts(parts: &mut EventParts, world: &World) -> Result<Self, Infallible> {
        world.ledger.lock().unwrap().entry(parts.socket().id()).or_default().0 += 1;
        world.trap.step(ConnectExtractor);
        Ok(Self)
    }
}

impl FromEventParts<World> for Left {
    type Rejection = Infallible;

    async fn from_event_parts(parts: &mut EventParts, world: &World) -> Result<Self, Infallible> {
        world.ledger.lock().unwrap().entry(parts.socket().id()).or_default().1 += 1;
        world.trap.step(DisconnectExtractor);
        Ok(Self)
    }
}

impl FromEventParts<World> for Trapped {
    type Rejection = Infallible;

    async fn from_event_parts(_: &mut EventParts, world: &World) -> Result<Self, Infallible> {
        world.trap.step(EventExtractor);
        Ok(Self)
    }
}

impl FromRequestParts<World> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, world: &World) -> Result<Self, Infallible> {
        world.trap.step(AdmitExtractor);
        Ok(Self)
    }
}

/// A reply that panics when it is made.
struct Answer(Trap, Fault);

impl IntoReply for Answer {
    fn into_reply(self) -> Reply {
        self.0.step(self.1);
        Reply::empty()
    }
}

/// A value that panics when it is dropped, in vain if there is a panic already.
#[derive(Clone)]
struct Fragile(Trap, Fault);

impl Drop for Fragile {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.0.step(self.1);
        }
    }
}

/// A body that panics when it is read.
struct Page(Trap);

impl http_body::Body for Page {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        self.0.step(AdmitBody);
        Poll::Ready(None)
    }
}

/// A layer that panics where it is told to.
#[derive(Clone)]
struct Trapdoor<V> {
    inner: V,
    trap: Trap,
    ready: Fault,
    call: Fault,
}

impl<V> Layer<V> for Trapdoor<()> {
    type Service = Trapdoor<V>;

    fn layer(&self, inner: V) -> Trapdoor<V> {
        Trapdoor { inner, trap: self.trap, ready: self.ready, call: self.call }
    }
}

impl<R, V: Service<R>> Service<R> for Trapdoor<V> {
    type Response = V::Response;
    type Error = V::Error;
    type Future = V::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), V::Error>> {
        self.trap.step(self.ready);
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> V::Future {
        self.trap.step(self.call);
        self.inner.call(request)
    }
}

fn namespace(trap: Trap) -> Namespace<World> {
    Namespace::new()
        .admit(async move |_: Asked| -> Response {
            trap.step(AdmitPoll);
            tokio::task::yield_now().await;
            trap.step(AdmitLater);
            match trap.0 {
                AdmitBody => (StatusCode::FORBIDDEN, Body::new(Page(trap))).into_response(),
                _ => StatusCode::OK.into_response(),
            }
        })
        .admit_layer(Trapdoor { inner: (), trap, ready: AdmitReady, call: AdmitCall })
        .on_connect(move |_: Greeted, socket: Socket| {
            trap.step(ConnectBuild);
            async move {
                trap.step(ConnectPoll);
                socket.extensions().insert(Fragile(trap, ExtensionDrop));
                tokio::task::yield_now().await;
                trap.step(ConnectLater);
                Answer(trap, ConnectReply)
            }
        })
        .on("event", move |_: Trapped| {
            trap.step(EventBuild);
            async move {
                let _fragile = Fragile(trap, EventDrop);
                trap.step(EventPoll);
                tokio::task::yield_now().await;
                trap.step(EventLater);
                Answer(trap, EventReply)
            }
        })
        .on("disconnect me", async |socket: Socket| socket.disconnect().await)
        .on("close me", async |socket: Socket| socket.close().await)
        .layer(Trapdoor { inner: (), trap, ready: LayerReady, call: LayerCall })
        .on_disconnect(move |_: Left| {
            trap.step(DisconnectBuild);
            async move {
                trap.step(DisconnectPoll);
                tokio::task::yield_now().await;
                trap.step(DisconnectLater);
                Answer(trap, DisconnectReply)
            }
        })
}

fn serve(fault: Fault) -> (Server, Ledger) {
    let world = World { trap: Trap(fault), ledger: Ledger::default() };
    let ledger = world.ledger.clone();
    let sockeye = Sockeye::builder().namespace("/", namespace(world.trap)).build_with_state(world);
    (Server::app(sockeye.io(), sockeye.router()), ledger)
}

fn greeted_and_left(ledger: &Ledger) -> Vec<(usize, usize)> {
    ledger.lock().unwrap().values().copied().collect()
}

/// The first packet that comes, pings aside; nothing when the session ends.
async fn answer(peer: &mut Peer) -> Option<String> {
    match peer.next().await {
        Got::Packet(packet) => Some(packet),
        _ => None,
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_the_admission_lets_nobody_in() {
    for via in BOTH {
        for fault in ADMISSION {
            let (server, ledger) = serve(fault);
            let mut peer = Peer::open(&server, via).await;
            for _ in 0..2 {
                peer.ask("40", r#"44{"message":"internal error"}"#).await;
            }
            assert!(greeted_and_left(&ledger).is_empty(), "{fault:?}");
            assert_eq!(server.sessions(), 1);
        }
    }
}

/// How the client, or the server, ends it.
const ENDS: [&str; 7] =
    ["41", "4x", "1", "vanish", r#"42["disconnect me"]"#, r#"42["close me"]"#, "shut down"];

#[tokio::test(start_paused = true)]
async fn who_was_greeted_is_taken_leave_of_once_whatever_panics() {
    for via in BOTH {
        for fault in INSIDE {
            for end in ENDS {
                let (server, ledger) = serve(fault);
                let mut peer = Peer::join(&server, via).await;
                peer.send(r#"421["event"]"#).await;
                let said = answer(&mut peer).await.unwrap();
                assert!(said.starts_with("431["), "{said}");
                // A second one is under way, or has panicked, when it ends.
                peer.send(r#"42["event"]"#).await;
                match end {
                    "vanish" => peer.vanish().await,
                    "shut down" => {
                        let io = server.io().clone();
                        tokio::spawn(async move { io.shutdown().await });
                        while answer(&mut peer).await.is_some() {}
                    }
                    end => peer.send(end).await,
                }
                sleep(Duration::from_secs(100)).await;
                assert_eq!(greeted_and_left(&ledger), [(1, 1)], "{fault:?} {end} by {via:?}");
                if end != "shut down" {
                    // The fault of one session is none of another's.
                    let _other = Peer::join(&server, Via::WebSocket).await;
                    sleep(Duration::from_secs(1)).await;
                    assert_eq!(greeted_and_left(&ledger).len(), 2, "{fault:?} {end} by {via:?}");
                }
            }
        }
    }
}
