//! HTTP layers of an application around sockeye, with the stock client passing through each.

#![forbid(unsafe_code)]

use std::time::Duration;

use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use serde_json::Value;
use sockeye::{Admitted, Data, Io, Namespace};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::cors::CorsLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, RequestId, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;
use whole_system::{App, Story};

fn chat() -> Namespace<App> {
    Namespace::new()
        .on("echo", async |Data(value): Data<Value>| Data(value))
        .on("tell", async |io: Io, Data(value): Data<Value>| io.emit("news", &value).await.expect("local"))
}

/// A script through an application of which only the layers are of interest.
fn through(script: &'static str, layers: fn(Router<App>) -> Router<App>) -> Story {
    Story::among(script, |io| io.namespace("/", chat()), layers)
}

async fn passes(layers: fn(Router<App>) -> Router<App>) {
    through("composition/chat.mjs", layers).on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cors_layer_answers_preflights_and_marks_good_and_bad_answers() {
    async fn forbid(request: Request, next: Next) -> Response {
        if request.headers().contains_key("x-forbidden") {
            return StatusCode::FORBIDDEN.into_response();
        }
        next.run(request).await
    }
    let cors = |router: Router<App>| {
        let layer = CorsLayer::new()
            .allow_origin([HeaderValue::from_static("http://localhost:5173")])
            .allow_methods([Method::GET, Method::POST])
            .allow_headers([header::CONTENT_TYPE])
            .allow_credentials(true);
        router.layer(middleware::from_fn(forbid)).layer(layer)
    };
    through("composition/cors.mjs", cors).on(whole_system::Transport::Polling).await;
    passes(cors).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trace_layer_lets_every_transport_pass() {
    passes(|router| router.layer(TraceLayer::new_for_http())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn request_ids_of_the_handshake_reach_admission_and_events() {
    async fn admit(Extension(id): Extension<RequestId>) -> Extension<RequestId> {
        Extension(id)
    }
    async fn both(
        Admitted(admitted): Admitted<RequestId>,
        Extension(event): Extension<RequestId>,
    ) -> Data<[String; 2]> {
        let text = |id: RequestId| String::from_utf8_lossy(id.header_value().as_bytes()).into_owned();
        Data([text(admitted), text(event)])
    }
    let layers = |router: Router<App>| {
        router
            .layer(PropagateRequestIdLayer::x_request_id())
            .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
    };
    let story = Story::among(
        "composition/request_id.mjs",
        |io| io.namespace("/", chat().admit(admit).on("request-id", both)),
        layers,
    );
    story.on_every_transport().await;
    passes(layers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn compression_layer_compresses_an_answer_once() {
    let compressed = |router: Router<App>| router.layer(CompressionLayer::new());
    through("composition/compression.mjs", compressed).on(whole_system::Transport::Polling).await;
    passes(compressed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn request_body_limit_refuses_the_large_body_alone() {
    let limited = |router: Router<App>| router.layer(RequestBodyLimitLayer::new(64 * 1024));
    through("composition/body_limit.mjs", limited).on(whole_system::Transport::Polling).await;
    passes(limited).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn timeout_layer_and_poll_wait_let_polling_live() {
    let story = Story::among(
        "composition/chat.mjs",
        // Shorter than the layer's two seconds, so that a waiting GET is answered before the layer gives up on it.
        |io| io.poll_wait(Duration::from_secs(1)).namespace("/", chat()),
        |router| {
            router.layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(2)))
        },
    );
    story.env("IDLE", "5000").on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn catch_panic_layer_and_panicking_handlers_leave_the_rest_alone() {
    let story = Story::among(
        "composition/catch_panic.mjs",
        |io| {
            io.namespace(
                "/",
                chat().on("panic", async || -> () { panic!("of an event handler, as the test wants") }),
            )
        },
        |router| {
            let route = async || -> () { panic!("of a route, as the test wants") };
            router.route("/panic", get(route)).layer(CatchPanicLayer::new())
        },
    );
    story.on_every_transport().await;
}
