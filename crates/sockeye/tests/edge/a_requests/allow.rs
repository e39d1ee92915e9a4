//! Who may open a session, asked of the application (lines 15 to 17).

use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    extract::{ConnectInfo, Query, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode};
use sockeye::{Builder, Namespace, Refusal, Sockeye};
use tokio::time::Instant;

use crate::support::{Answer, BOTH, Peer, Request, Server, Via};

fn built(settings: impl FnOnce(Builder) -> Builder) -> Server {
    Server::built(settings(Sockeye::builder().namespace("/", Namespace::new())))
}

async fn handshake(server: &Server, via: Via) -> Answer {
    match via {
        Via::Polling => server.send(Request::open()).await,
        Via::WebSocket => server.send(Request::websocket("EIO=4&transport=websocket")).await,
    }
}

#[track_caller]
fn assert_forbidden(answer: &Answer, message: &str) {
    let json = serde_json::json!({ "code": 4, "message": message }).to_string();
    assert_eq!((answer.status, answer.text()), (403, &*json));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

/// With the same words and status on a websocket, before the 101: the reference answers 400 there (line 16).
#[tokio::test(start_paused = true)]
async fn edge_015_016_the_application_says_no() {
    let own = built(|it| it.allow_request(async || Err::<(), _>(Refusal::new("not \"today\""))));
    let status = built(|it| it.allow_request(async || StatusCode::UNAUTHORIZED));
    let text = built(|it| it.allow_request(async || (StatusCode::IM_A_TEAPOT, "short and stout")));
    let bare = built(|it| it.allow_request(async || StatusCode::FORBIDDEN));
    for via in BOTH {
        assert_forbidden(&handshake(&own, via).await, "not \"today\"");
        assert_forbidden(&handshake(&status, via).await, "Unauthorized");
        assert_forbidden(&handshake(&text, via).await, "short and stout");
        assert_forbidden(&handshake(&bare, via).await, "Forbidden");
    }
    for server in [own, status, text, bare] {
        assert_eq!(server.sessions(), 0);
    }
}

/// Who gives no answer refuses, and its panic is its own.
#[tokio::test(start_paused = true)]
async fn edge_015_who_panics_or_takes_too_long_refuses() {
    async fn panics() -> Response {
        assert!(Instant::now().elapsed() > Duration::MAX, "out of its mind");
        ().into_response()
    }
    let panicking = built(|it| it.allow_request(panics));
    let silent = built(|it| it.allow_request(pending::<()>).handshake_timeout(Duration::from_secs(3)));
    for via in BOTH {
        assert_forbidden(&handshake(&panicking, via).await, "Forbidden");
        let since = Instant::now();
        assert_forbidden(&handshake(&silent, via).await, "Forbidden");
        assert_eq!(since.elapsed().as_secs(), 3);
    }
    assert_eq!((panicking.sessions(), silent.sessions()), (0, 0));
    let in_time = async || tokio::time::sleep(Duration::from_millis(2_999)).await;
    let slow = built(|it| it.allow_request(in_time).handshake_timeout(Duration::from_secs(3)));
    assert_eq!(handshake(&slow, Via::Polling).await.status, 200);
}

/// It is an axum handler: it may use what extractors give, and the application's state.
#[tokio::test(start_paused = true)]
async fn edge_015_it_sees_the_head_of_the_handshake() {
    #[derive(serde::Deserialize)]
    struct Asked {
        token: String,
    }
    async fn allow(
        State(secret): State<&'static str>,
        ConnectInfo(peer): ConnectInfo<std::net::SocketAddr>,
        Query(asked): Query<Asked>,
        headers: HeaderMap,
    ) -> Result<(), Refusal> {
        assert_eq!((peer.to_string().as_str(), headers["x-key"].as_bytes()), ("192.0.2.1:4711", &b"k"[..]));
        if asked.token == secret { Ok(()) } else { Err(Refusal::new("wrong token")) }
    }
    let builder = Sockeye::builder().namespace("/", Namespace::new()).allow_request(allow);
    let sockeye = builder.build_with_state("letmein");
    let server = Server::app(sockeye.io(), sockeye.router());
    for via in BOTH {
        Peer::open_with(&server, via, "&token=letmein", &[("x-key", "k")]).await.connect("40").await;
        let request = match via {
            Via::Polling => Request::query("GET", "EIO=4&transport=polling&token=x"),
            Via::WebSocket => Request::websocket("EIO=4&transport=websocket&token=x"),
        };
        assert_forbidden(&server.send(request.header("x-key", "k")).await, "wrong token");
    }
}

#[tokio::test(start_paused = true)]
async fn edge_017_it_is_asked_once_for_each_session() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let server = built(|it| {
        it.allow_request(async move || {
            counter.fetch_add(1, Ordering::Relaxed);
        })
    });
    let mut peer = Peer::join(&server, Via::Polling).await;
    peer.send("42[\"e\"]").await;
    let mut websocket = server.upgrade(&peer.sid).await;
    websocket.send("2probe").await;
    assert_eq!(websocket.text().await, "3probe");
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    Peer::join(&server, Via::WebSocket).await;
    assert_eq!(asked.load(Ordering::Relaxed), 2);
    // What is no handshake of the protocol is not asked about.
    server.send(Request::query("GET", "EIO=3&transport=polling")).await;
    server.send(Request::query("POST", "EIO=4&transport=polling")).await;
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

/// A client that goes away meanwhile leaves nothing behind: its place is free for the next.
#[tokio::test(start_paused = true)]
async fn edge_017_a_client_that_gives_up_is_forgotten() {
    async fn never_for_some(headers: HeaderMap) {
        if headers.contains_key("x-wait") {
            pending::<()>().await;
        }
    }
    let server = built(|it| it.allow_request(never_for_some).max_unclaimed(1));
    let waiting = server.start(Request::open().header("x-wait", "1"));
    crate::support::settle().await;
    assert_eq!(server.send(Request::open()).await.status, 503, "it has the only place");
    waiting.abort().await;
    assert_eq!(server.send(Request::open()).await.status, 200);
}
