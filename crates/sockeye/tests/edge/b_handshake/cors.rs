//! Requests of pages from elsewhere (lines 60 to 66). The headers are tower-http's business, so its statuses count.

use std::time::Duration;

use http::{HeaderName, HeaderValue, Method};
use sockeye::{Namespace, Sockeye};
use tower_http::cors::{AllowHeaders, AllowMethods, AllowOrigin, CorsLayer};

use crate::support::{Answer, Request, Server};

const PAGE: &str = "https://page.example";
const FOREIGN: &str = "https://foreign.example";

fn with(cors: CorsLayer) -> Server {
    let sockeye = Sockeye::builder().namespace("/", Namespace::new()).build();
    Server::app(sockeye.io(), sockeye.router().layer(cors))
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

#[tokio::test(start_paused = true)]
async fn edge_062_a_foreign_origin_with_a_list() {
    let list = [HeaderValue::from_static(PAGE), HeaderValue::from_static("https://other.example")];
    let server = with(CorsLayer::new().allow_origin(list));
    let answer = server.send(Request::open().header("origin", FOREIGN)).await;
    assert!(
        answer.packets().starts_with("0{"),
        "a browser that asks without cookies is refused by its own rules"
    );
    assert_eq!(allowed(&answer), [None; 4]);
    let answer = server.send(Request::open().header("origin", PAGE)).await;
    assert_eq!(allowed(&answer), [Some(PAGE), None, None, None]);
}

#[tokio::test(start_paused = true)]
async fn edge_063_a_foreign_origin_with_one_value() {
    let server = with(CorsLayer::new().allow_origin(HeaderValue::from_static(PAGE)));
    for origin in [FOREIGN, PAGE] {
        let answer = server.send(Request::open().header("origin", origin)).await;
        assert!(answer.packets().starts_with("0{"));
        assert_eq!(allowed(&answer), [Some(PAGE), None, None, None]);
    }
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
