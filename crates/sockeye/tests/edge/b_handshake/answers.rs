//! What stands on the answers: cookies, headers of the application, the first packet (lines 48, 52 to 55, 58).

use std::time::Duration;

use http::{HeaderMap, HeaderValue, request::Parts};
use sockeye::{Builder, Namespace, SameSite, SessionCookie, Sockeye};

use crate::support::{Answer, Log, Peer, Request, Server, Via, WebSocket};

fn built(settings: impl FnOnce(Builder) -> Builder) -> Server {
    Server::built(settings(Sockeye::builder().namespace("/", Namespace::new())))
}

/// A session by polling: the answers to its handshake, a POST, a GET, and the 101 of its upgrade.
async fn answers(server: &Server) -> [Answer; 4] {
    let open = server.send(Request::open()).await;
    let sid = sid(&open);
    let post = server.send(Request::post(&sid, "40")).await;
    let get = server.send(Request::poll(&sid)).await;
    let upgrade = Request::websocket(&format!("EIO=4&transport=websocket&sid={sid}"));
    let (upgraded, _) = server.ask_websocket(upgrade).await;
    assert_eq!((post.status, get.status, upgraded.status), (200, 200, 101));
    [open, post, get, upgraded]
}

fn sid(open: &Answer) -> String {
    let open: serde_json::Value = serde_json::from_str(&open.packets()[1..]).unwrap();
    open["sid"].as_str().unwrap().to_owned()
}

/// On a websocket the first two frames; by polling the same body.
#[tokio::test(start_paused = true)]
async fn edge_048_the_first_packet_comes_with_the_open_packet() {
    let server = built(|it| it.initial_packet("hello"));
    let open = server.send(Request::open()).await;
    let (first, second) = open.packets().split_once('\x1e').unwrap();
    assert!(first.starts_with("0{"));
    assert_eq!(second, "4hello");
    let (mut websocket, _) = server.open_websocket().await;
    assert_eq!(websocket.text().await, "4hello");

    // Larger than what an outbox holds, and the session lives on.
    let server = built(|it| it.initial_packet(vec![7; 900_000]).outbox_hard(300_000));
    let open = server.send(Request::open()).await;
    let (_, packet) = open.packets().split_once('\x1e').unwrap();
    assert_eq!(packet.len(), 1 + 900_000_usize.div_ceil(3) * 4);
    let mut peer = Peer::open(&server, Via::WebSocket).await;
    assert_eq!(peer.attachment().await, [7; 900_000]);
    peer.connect("40").await;
}

#[tokio::test(start_paused = true)]
async fn edge_052_the_cookie_of_the_reference() {
    let server = built(|it| it.cookie(SessionCookie::new()));
    let open = server.send(Request::open()).await;
    let expected = format!("io={}; HttpOnly; SameSite=Lax; Path=/", sid(&open));
    assert_eq!(open.header("set-cookie"), Some(&*expected));
}

#[tokio::test(start_paused = true)]
async fn edge_053_every_attribute_can_be_chosen() {
    let cookie = SessionCookie::new()
        .name("chat")
        .path("/socket.io/")
        .domain("a.example")
        .max_age(Duration::from_secs(3600))
        .same_site(SameSite::None)
        .secure(true)
        .partitioned(true)
        .http_only(false);
    let server = built(|it| it.cookie(cookie));
    let open = server.send(Request::open()).await;
    let attributes = "SameSite=None; Partitioned; Secure; Path=/socket.io/; Domain=a.example; Max-Age=3600";
    assert_eq!(open.header("set-cookie"), Some(&*format!("chat={}; {attributes}", sid(&open))));

    // Without a path it is still kept from scripts.
    let server = built(|it| it.cookie(SessionCookie::new().without_path().same_site(None)));
    let open = server.send(Request::open()).await;
    assert_eq!(open.header("set-cookie"), Some(&*format!("io={}; HttpOnly", sid(&open))));
}

#[tokio::test(start_paused = true)]
async fn edge_054_no_cookie_by_default() {
    let server = built(|it| it);
    for answer in answers(&server).await {
        assert_eq!(answer.header("set-cookie"), None);
    }
}

/// Nor on later answers of the session, nor on the upgrade, nor on what is refused.
#[tokio::test(start_paused = true)]
async fn edge_055_the_cookie_belongs_to_the_polling_handshake() {
    let server = built(|it| it.cookie(SessionCookie::new()));
    let [open, rest @ ..] = answers(&server).await;
    assert!(open.header("set-cookie").is_some());
    let direct = server.ask_websocket(Request::websocket("EIO=4&transport=websocket")).await.0;
    assert_eq!(direct.status, 101);
    let refused = server.send(Request::query("GET", "EIO=3&transport=polling")).await;
    for answer in rest.iter().chain([&direct, &refused]) {
        assert_eq!(answer.header("set-cookie"), None);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_058_headers_of_the_first_answer_and_of_all() {
    let log = Log::default();
    let (first, all) = (log.clone(), log.clone());
    let initial = move |headers: &mut HeaderMap, head: &Parts| {
        first.write(format!("first: {}", head.method));
        headers.insert("x-first", HeaderValue::from_static("1"));
        headers.append("set-cookie", HeaderValue::from_static("own=1"));
    };
    let each = move |headers: &mut HeaderMap, head: &Parts| {
        all.write(head.method.to_string());
        headers.insert("x-each", HeaderValue::from_static("1"));
    };
    let server = built(|it| it.initial_headers(initial).headers(each));

    let [open, rest @ ..] = answers(&server).await;
    assert_eq!((open.header("x-first"), open.header("set-cookie")), (Some("1"), Some("own=1")));
    assert_eq!(open.header("x-each"), Some("1"));
    for answer in rest {
        assert_eq!((answer.header("x-first"), answer.header("x-each")), (None, Some("1")));
    }
    log.expect(&["first: GET", "GET", "POST", "GET", "GET"]).await;

    log.clear();
    let (direct, connection) = server.ask_websocket(Request::websocket("EIO=4&transport=websocket")).await;
    assert_eq!(
        (direct.status, direct.header("x-first"), direct.header("x-each")),
        (101, Some("1"), Some("1"))
    );
    assert!(WebSocket::new(connection).text().await.starts_with("0{"));
    log.expect(&["first: GET", "GET"]).await;

    // A refusal is no answer of a session.
    log.clear();
    let refused = server.send(Request::query("GET", "EIO=4&transport=tobi")).await;
    assert_eq!((refused.status, refused.header("x-each")), (400, None));
    log.expect(&[]).await;
}

/// It is answered as if the hook had done nothing more.
#[tokio::test(start_paused = true)]
async fn edge_058_a_hook_that_panics() {
    let server = built(|it| {
        it.headers(|headers, _| {
            headers.insert("x-before", HeaderValue::from_static("1"));
            panic!("out of ink");
        })
    });
    for answer in answers(&server).await {
        assert_eq!(answer.header("x-before"), Some("1"));
    }
}
