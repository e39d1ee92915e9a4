//! Requests of pages from elsewhere (lines 60 to 66). The headers are tower-http's business, so its statuses count.

use std::time::Duration;

use http::{HeaderName, HeaderValue, Method};
use sockeye::{Namespace, Origins, Sockeye};
use tower_http::cors::{AllowHeaders, AllowMethods, AllowOrigin, CorsLayer};

use crate::support::{Answer, Request, Server, settle};

const PAGE: &str = "https://page.example";
const FOREIGN: &str = "https://foreign.example";

fn with(cors: CorsLayer) -> Server {
    let sockeye = Sockeye::builder().namespace("/", Namespace::new()).build();
    Server::app(sockeye.io(), sockeye.router().layer(cors))
}

/// The same origins for the server and for the layer.
fn with_origins(origins: Origins, allowed: impl Into<AllowOrigin>) -> Server {
    let sockeye = Sockeye::builder().origins(origins).namespace("/", Namespace::new()).build();
    Server::app(sockeye.io(), sockeye.router().layer(CorsLayer::new().allow_origin(allowed)))
}

fn handshakes() -> [Request; 2] {
    [Request::open(), Request::websocket("EIO=4&transport=websocket")]
}

#[track_caller]
fn assert_forbidden(answer: &Answer) {
    assert_eq!((answer.status, answer.header("content-type")), (403, Some("application/json")));
    assert_eq!(answer.text(), r#"{"code":4,"message":"Origin not allowed"}"#);
}

/// What the reference's `cors: { origin, credentials: true }` means.
fn permissive() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::mirror_request())
        .allow_methods(AllowMethods::mirror_request())
        .allow_headers(AllowHeaders::mirror_request())
        .allow_credentials(true)
}

/// A preflight of a page for a POST with a header of its own.
fn preflight(target: &str) -> Request {
    Request::new("OPTIONS", target)
        .header("origin", PAGE)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "x-token")
}

fn allowed(answer: &Answer) -> [Option<&str>; 4] {
    ["origin", "credentials", "methods", "headers"]
        .map(|name| answer.header(&format!("access-control-allow-{name}")))
}

/// tower-http answers 200 where the reference has 204; browsers take either.
#[tokio::test(start_paused = true)]
async fn edge_060_a_preflight_is_answered() {
    let server = with(permissive());
    let answer = server.send(preflight("/socket.io/?EIO=4&transport=polling")).await;
    assert_eq!((answer.status, answer.text()), (200, ""));
    assert_eq!(allowed(&answer), [Some(PAGE), Some("true"), Some("POST"), Some("x-token")]);
    assert_eq!(server.sessions(), 0);
}

#[tokio::test(start_paused = true)]
async fn edge_061_the_request_itself_has_the_headers() {
    let server = with(permissive());
    let sid = server.open().await;
    let requests = [Request::open(), Request::post(&sid, "40"), Request::poll(&sid)];
    for request in requests {
        let answer = server.send(request.header("origin", PAGE)).await;
        assert_eq!(answer.status, 200);
        assert_eq!(allowed(&answer), [Some(PAGE), Some("true"), None, None]);
        let vary = answer.header("vary").unwrap().to_ascii_lowercase();
        assert!(vary.split(',').any(|name| name.trim() == "origin"), "{vary}");
    }
}

/// The reference serves it all the same and leaves the refusal to the browser, which does not judge websockets at all. A
/// list of origins is meant, so others are refused on both transports (hostile clients 10). A list for the layer alone
/// says no more than its headers.
#[tokio::test(start_paused = true)]
async fn edge_062_a_foreign_origin_with_a_list() {
    const OTHER: &str = "https://other.example";
    let server = with_origins(Origins::list([PAGE, OTHER]), [PAGE, OTHER].map(HeaderValue::from_static));
    for request in handshakes() {
        let answer = server.send(request.clone().header("origin", FOREIGN)).await;
        assert_forbidden(&answer);
        assert_eq!(allowed(&answer), [None; 4]);
        let answer = server.send(request.header("origin", OTHER)).await;
        assert!([200, 101].contains(&answer.status), "{answer:?}");
        assert_eq!(allowed(&answer), [Some(OTHER), None, None, None]);
    }

    let server = with(CorsLayer::new().allow_origin([PAGE, OTHER].map(HeaderValue::from_static)));
    let answer = server.send(Request::open().header("origin", FOREIGN)).await;
    assert!(answer.packets().starts_with("0{"));
    assert_eq!(allowed(&answer), [None; 4]);
}

/// As line 62; the header names the one origin that is meant.
#[tokio::test(start_paused = true)]
async fn edge_063_a_foreign_origin_with_one_value() {
    let server = with_origins(Origins::list([PAGE]), HeaderValue::from_static(PAGE));
    for request in handshakes() {
        let answer = server.send(request.clone().header("origin", FOREIGN)).await;
        assert_forbidden(&answer);
        assert_eq!(allowed(&answer), [Some(PAGE), None, None, None]);
        let answer = server.send(request.header("origin", PAGE)).await;
        assert!([200, 101].contains(&answer.status), "{answer:?}");
        assert_eq!(allowed(&answer), [Some(PAGE), None, None, None]);
    }
    settle().await;
    assert_eq!(server.sessions(), 1, "the one by polling; the websocket is gone");

    let server = with(CorsLayer::new().allow_origin(HeaderValue::from_static(PAGE)));
    let answer = server.send(Request::open().header("origin", FOREIGN)).await;
    assert!(answer.packets().starts_with("0{"));
    assert_eq!(allowed(&answer), [Some(PAGE), None, None, None]);
}

/// There is no object to hand on: the layer is the application's, with everything it can be told.
#[tokio::test(start_paused = true)]
async fn edge_064_all_settings_of_the_layer_take_effect() {
    let server = with(
        CorsLayer::new()
            .allow_origin(HeaderValue::from_static(PAGE))
            .allow_methods([Method::GET, Method::POST])
            .allow_headers([HeaderName::from_static("x-token")])
            .expose_headers([HeaderName::from_static("x-exposed")])
            .max_age(Duration::from_secs(123)),
    );
    let answer = server.send(preflight("/socket.io/?EIO=4&transport=polling")).await;
    assert_eq!(allowed(&answer), [Some(PAGE), None, Some("GET,POST"), Some("x-token")]);
    assert_eq!(answer.header("access-control-max-age"), Some("123"));
    let answer = server.send(Request::open().header("origin", PAGE)).await;
    assert_eq!(answer.header("access-control-expose-headers"), Some("x-exposed"));
}

/// tower-http's 200 instead of 204.
#[tokio::test(start_paused = true)]
async fn edge_065_a_bare_preflight_is_answered() {
    let server = with(permissive());
    for request in [preflight("/socket.io/"), Request::new("OPTIONS", "/socket.io/")] {
        let answer = server.send(request).await;
        assert_eq!((answer.status, answer.text()), (200, ""));
    }
}

#[tokio::test(start_paused = true)]
async fn edge_066_without_the_layer_it_is_an_ordinary_request() {
    let server = Server::new(Namespace::new());
    server.send(preflight("/socket.io/")).await.assert_refused(0, "Transport unknown");
    let answer = server.send(preflight("/socket.io/?EIO=4&transport=polling")).await;
    answer.assert_refused(2, "Bad handshake method");
    assert_eq!(allowed(&answer), [None; 4]);
}
