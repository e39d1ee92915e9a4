//! Layers in front of the server stand for the reference's engine middlewares (lines 23 to 26).

use axum::{
    Router,
    error_handling::HandleErrorLayer,
    extract::Request as HttpRequest,
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode};
use sockeye::{Namespace, Sockeye};
use tower::{BoxError, ServiceBuilder, filter::FilterLayer};

use crate::support::{Answer, BOTH, Log, Request, Server, Via};

fn layered(change: impl FnOnce(Router) -> Router) -> Server {
    let sockeye = Sockeye::builder().namespace("/", Namespace::new()).build();
    Server::app(sockeye.io(), change(sockeye.router()))
}

async fn handshake(server: &Server, via: Via) -> Answer {
    match via {
        Via::Polling => server.send(Request::open()).await,
        Via::WebSocket => server.send(Request::websocket("EIO=4&transport=websocket")).await,
    }
}

/// Layers are tower's: what becomes of an error of theirs is said by the application (`HandleErrorLayer`), on both
/// transports and before the 101, and nothing of the error is shown but what it says.
#[tokio::test(start_paused = true)]
async fn edge_023_a_layer_that_fails() {
    let fails = ServiceBuilder::new()
        .layer(HandleErrorLayer::new(async |error: BoxError| {
            assert_eq!(error.to_string(), "not today");
            (StatusCode::BAD_REQUEST, "refused")
        }))
        .layer(FilterLayer::new(|_: HttpRequest| Err::<HttpRequest, _>(BoxError::from("not today"))));
    let server = layered(|router| router.layer(fails));
    for via in BOTH {
        let answer = handshake(&server, via).await;
        assert_eq!((answer.status, answer.text()), (400, "refused"));
    }
    assert_eq!(server.sessions(), 0);
}

/// On a websocket as by polling: the reference drops the connection there, but the answer of a layer is an answer
/// (a client and its proxies learn the status).
#[tokio::test(start_paused = true)]
async fn edge_024_a_layer_that_answers_itself() {
    async fn teapot(_: HttpRequest, _: Next) -> Response {
        (StatusCode::IM_A_TEAPOT, "short and stout").into_response()
    }
    let server = layered(|router| router.layer(from_fn(teapot)));
    for via in BOTH {
        let answer = handshake(&server, via).await;
        assert_eq!((answer.status, answer.text()), (418, "short and stout"));
    }
    assert_eq!(server.sessions(), 0);
}

#[tokio::test(start_paused = true)]
async fn edge_025_layers_run_in_order() {
    for via in BOTH {
        let log = Log::default();
        let step = |name: &'static str| {
            let log = log.clone();
            from_fn(move |request: HttpRequest, next: Next| {
                log.write(name);
                next.run(request)
            })
        };
        // `ServiceBuilder` lists them from the outside in.
        let layers = ServiceBuilder::new().layer(step("first")).layer(step("second")).layer(step("third"));
        let server = layered(|router| router.layer(layers));
        let answer = handshake(&server, via).await;
        assert_eq!(answer.status, if via == Via::Polling { 200 } else { 101 });
        log.expect(&["first", "second", "third"]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_026_headers_of_a_layer_are_on_every_answer() {
    async fn cookie(request: HttpRequest, next: Next) -> Response {
        let mut response = next.run(request).await;
        let headers = response.headers_mut();
        headers.insert("set-cookie", HeaderValue::from_static("session=1; HttpOnly"));
        headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
        response
    }
    let server = layered(|router| router.layer(from_fn(cookie)));
    let assert_has_them = |answer: &Answer, status: u16| {
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("set-cookie"), Some("session=1; HttpOnly"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    };
    assert_has_them(&handshake(&server, Via::Polling).await, 200);
    assert_has_them(&handshake(&server, Via::WebSocket).await, 101);

    let sid = server.open().await;
    assert_has_them(&server.send(Request::post(&sid, "40")).await, 200);
    assert_has_them(&server.send(Request::poll(&sid)).await, 200);
    let (answer, _) =
        server.ask_websocket(Request::websocket(&format!("EIO=4&transport=websocket&sid={sid}"))).await;
    assert_has_them(&answer, 101);
}
