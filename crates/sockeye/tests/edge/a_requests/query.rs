//! What the query and the method of a request must say (lines 1 to 14, 20 to 22, 32).

use std::{collections::HashMap, time::Duration};

use axum::extract::Query;
use http::{HeaderName, HeaderValue};
use sockeye::{Data, Namespace, Socket, Sockeye};
use tower_http::cors::CorsLayer;

use crate::support::{BOTH, Peer, Request, Server, Via};

const METHODS: [&str; 5] = ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"];

fn quiet() -> Server {
    Server::new(Namespace::new())
}

/// A GET, or a request for a websocket.
fn ask(via: Via, query: &str) -> Request {
    match via {
        Via::Polling => Request::query("GET", query),
        Via::WebSocket => Request::websocket(query),
    }
}

async fn assert_refused(server: &Server, request: Request, code: u8, message: &str) {
    let answer = server.send(request).await;
    answer.assert_refused(code, message);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test(start_paused = true)]
async fn edge_001_no_transport() {
    let server = quiet();
    for via in BOTH {
        assert_refused(&server, ask(via, "EIO=4"), 0, "Transport unknown").await;
    }
    assert_refused(&server, Request::new("GET", "/socket.io/"), 0, "Transport unknown").await;
}

#[tokio::test(start_paused = true)]
async fn edge_002_an_invented_transport() {
    let server = quiet();
    for via in BOTH {
        assert_refused(&server, ask(via, "EIO=4&transport=tobi"), 0, "Transport unknown").await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_003_a_transport_named_like_a_property_of_an_object() {
    let server = quiet();
    for via in BOTH {
        for name in ["constructor", "__proto__", "toString"] {
            assert_refused(&server, ask(via, &format!("EIO=4&transport={name}")), 0, "Transport unknown")
                .await;
        }
    }
    assert_eq!(server.sessions(), 0);
}

#[tokio::test(start_paused = true)]
async fn edge_004_webtransport_over_plain_http() {
    let server = quiet();
    for via in BOTH {
        assert_refused(&server, ask(via, "EIO=4&transport=webtransport"), 0, "Transport unknown").await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_005_an_unknown_sid() {
    let server = quiet();
    for sid in ["nobody", "AAAAAAAAAAAAAAAAAAAA", "%00", "%F0%9F%90%9F"] {
        for method in ["GET", "POST"] {
            let request = Request::query(method, &format!("EIO=4&transport=polling&sid={sid}"));
            assert_refused(&server, request, 1, "Session ID unknown").await;
        }
        let request = ask(Via::WebSocket, &format!("EIO=4&transport=websocket&sid={sid}"));
        assert_refused(&server, request, 1, "Session ID unknown").await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_006_a_sid_named_like_a_property_of_an_object() {
    let server = quiet();
    for (via, transport) in [(Via::Polling, "polling"), (Via::WebSocket, "websocket")] {
        let request = ask(via, &format!("EIO=4&transport={transport}&sid=__proto__"));
        assert_refused(&server, request, 1, "Session ID unknown").await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_007_an_empty_sid_is_a_new_session() {
    let server = quiet();
    let one = Peer::open_with(&server, Via::Polling, "&sid=", &[]).await;
    let other = Peer::open_with(&server, Via::WebSocket, "&sid=", &[]).await;
    assert_ne!(one.sid, other.sid);
    assert_eq!(server.sessions(), 2);
}

#[tokio::test(start_paused = true)]
async fn edge_008_only_get_opens_a_session() {
    let server = quiet();
    for method in METHODS {
        let request = Request::query(method, "EIO=4&transport=polling");
        assert_refused(&server, request, 2, "Bad handshake method").await;
    }
    assert_eq!(server.sessions(), 0);
}

#[tokio::test(start_paused = true)]
async fn edge_009_head_opens_no_session() {
    let server = quiet();
    let mut connection = server.connect();
    let head = Request::query("HEAD", "EIO=4&transport=polling").header("connection", "close");
    connection.write(head.bytes()).await;
    let answer = String::from_utf8(connection.rest().await).unwrap();
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(answer.ends_with("\r\n\r\n"), "no body: {answer}");
    assert_eq!(server.sessions(), 0);
}

#[tokio::test(start_paused = true)]
async fn edge_010_a_websocket_without_its_upgrade_header() {
    let server = quiet();
    assert_refused(&server, Request::query("GET", "EIO=4&transport=websocket"), 3, "Bad request").await;
    let request = Request::websocket("EIO=4&transport=websocket").without("upgrade");
    assert_refused(&server, request, 3, "Bad request").await;
}

#[tokio::test(start_paused = true)]
async fn edge_011_a_session_under_another_transport() {
    let server = quiet();
    let polling = server.open().await;
    let request = Request::query("GET", &format!("EIO=4&transport=websocket&sid={polling}"));
    assert_refused(&server, request, 3, "Bad request").await;

    let (_websocket, sid) = server.open_websocket().await;
    for request in [Request::poll(&sid), Request::post(&sid, "3")] {
        assert_refused(&server, request, 3, "Bad request").await;
    }
    assert_eq!(server.sessions(), 2, "both live on");
}

#[tokio::test(start_paused = true)]
async fn edge_012_a_session_under_another_version() {
    let server = quiet();
    let sid = server.open().await;
    for version in ["EIO=3&", "EIO=5&", ""] {
        for method in ["GET", "POST"] {
            let request = Request::query(method, &format!("{version}transport=polling&sid={sid}"));
            assert_refused(&server, request, 3, "Bad request").await;
        }
        let request = ask(Via::WebSocket, &format!("{version}transport=websocket&sid={sid}"));
        assert_refused(&server, request, 3, "Bad request").await;
    }
    assert_eq!(server.sessions(), 1, "it lives on");
}

/// Header values are typed: the HTTP library refuses what is none, so sockeye never sees it (hostile clients 11), and
/// the body is that library's, which is empty.
#[tokio::test(start_paused = true)]
async fn edge_013_an_origin_with_an_illegal_character() {
    let server = quiet();
    for (via, transport) in [(Via::Polling, "polling"), (Via::WebSocket, "websocket")] {
        let request = ask(via, &format!("EIO=4&transport={transport}")).header("origin", "http://a\u{1}b");
        server.send(request).await.assert_empty(400);
    }
    assert_eq!(server.sessions(), 0);
}

#[tokio::test(start_paused = true)]
async fn edge_014_the_version_must_be_4() {
    let server = quiet();
    for version in ["", "EIO=3&", "EIO=5&", "EIO=four&", "EIO=&", "EIO=04&"] {
        for (via, transport) in [(Via::Polling, "polling"), (Via::WebSocket, "websocket")] {
            let request = ask(via, &format!("{version}transport={transport}"));
            assert_refused(&server, request, 5, "Unsupported protocol version").await;
        }
    }
    assert_eq!(server.sessions(), 0);
}

#[tokio::test(start_paused = true)]
async fn edge_020_of_two_values_the_last_one_counts() {
    let server = quiet();
    for via in BOTH {
        Peer::open_with(&server, via, "&EIO=3&EIO=4", &[]).await;
    }
    for (via, transport) in [(Via::Polling, "polling"), (Via::WebSocket, "websocket")] {
        let request = ask(via, &format!("EIO=4&EIO=3&transport={transport}"));
        assert_refused(&server, request, 5, "Unsupported protocol version").await;
        let request = ask(via, &format!("EIO=4&transport={transport}&transport=tobi"));
        assert_refused(&server, request, 0, "Transport unknown").await;
        let request = ask(via, &format!("EIO=4&transport={transport}&sid=&sid=nobody"));
        assert_refused(&server, request, 1, "Session ID unknown").await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_021_unknown_keys_stay_in_the_handshake() {
    let told = async |socket: Socket| {
        let query = socket.handshake().query().unwrap().to_owned();
        let _ = socket.emit("query", query).await;
    };
    let server = Server::new(Namespace::new().on_connect(told));
    for (via, transport) in [(Via::Polling, "polling"), (Via::WebSocket, "websocket")] {
        let mut peer = Peer::open_with(&server, via, "&token=a%20b&t=x1", &[]).await;
        peer.connect("40").await;
        let query = format!(r#"42["query","EIO=4&transport={transport}&token=a%20b&t=x1"]"#);
        assert_eq!(peer.packet().await, query);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_021_the_handshake_is_the_same_an_hour_later() {
    let told = async |socket: Socket, Query(query): Query<HashMap<String, String>>| {
        let handshake = socket.handshake();
        Data((
            handshake.uri().to_owned(),
            handshake.header("x-client").map(str::to_owned),
            query["token"].clone(),
            handshake.address(),
            handshake.time(),
        ))
    };
    let server = Server::new(Namespace::new().on("handshake", told));
    for via in BOTH {
        let mut peer = Peer::open_with(&server, via, "&token=a%20b", &[("x-client", "me")]).await;
        peer.connect("40").await;
        peer.send(r#"421["handshake"]"#).await;
        let first = peer.packet().await;
        assert!(first.contains(r#""me","a b","192.0.2.1""#), "{first}");
        // Pings are answered meanwhile.
        assert!(tokio::time::timeout(Duration::from_secs(3600), peer.next()).await.is_err());
        peer.send(r#"421["handshake"]"#).await;
        assert_eq!(peer.packet().await, first);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_022_refusals_carry_the_cors_headers() {
    let sockeye = Sockeye::builder().namespace("/", Namespace::new()).build();
    let cors = CorsLayer::new()
        .allow_origin(HeaderValue::from_static("https://a.example"))
        .expose_headers([HeaderName::from_static("x-exposed")])
        .allow_credentials(true);
    let server = Server::app(sockeye.io(), sockeye.router().layer(cors));
    for (via, query, code, message) in [
        (Via::Polling, "EIO=4&transport=tobi", 0, "Transport unknown"),
        (Via::Polling, "EIO=4&transport=polling&sid=nobody", 1, "Session ID unknown"),
        (Via::WebSocket, "EIO=3&transport=websocket", 5, "Unsupported protocol version"),
    ] {
        let answer = server.send(ask(via, query).header("origin", "https://a.example")).await;
        answer.assert_refused(code, message);
        assert_eq!(answer.header("access-control-allow-origin"), Some("https://a.example"));
        assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
        assert_eq!(answer.header("access-control-expose-headers"), Some("x-exposed"));
    }
}

/// The reference answers an empty 500. It is the client's mistake, so it is a 405 with `Allow`: layers that log
/// failures must not log it as the server's.
#[tokio::test(start_paused = true)]
async fn edge_032_methods_that_a_session_does_not_know() {
    let server = quiet();
    let sid = server.open().await;
    for method in ["PUT", "DELETE", "OPTIONS", "HEAD", "PATCH"] {
        let mut connection = server.connect();
        let request = Request::query(method, &format!("EIO=4&transport=polling&sid={sid}"));
        connection.write(request.header("connection", "close").bytes()).await;
        let answer = String::from_utf8(connection.rest().await).unwrap().to_ascii_lowercase();
        assert!(answer.starts_with("http/1.1 405 "), "{method}: {answer}");
        assert!(answer.contains("\r\nallow: get, post\r\n"), "{method}: {answer}");
        assert!(answer.ends_with("\r\n\r\n"), "{method}: no body: {answer}");
    }
    server.post(&sid, "40").await;
    assert!(server.fetch(&sid).await.starts_with(r#"40{"sid":"#));
}
