//! The routes, and the layers around them and around the sockets.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, Request};
use axum::response::Response;
use axum::routing::{get, post};
use tower_http::trace::{DefaultOnFailure, TraceLayer};
use tracing::{Level, Span};

use crate::config::Config;
use crate::login;
use crate::page;
use crate::state::App;

/// What the browser asks over HTTP, without the sockets.
pub(crate) fn routes(config: &Config) -> Router<App> {
    Router::new()
        .route("/login", get(login::login_page).post(login::login))
        .route("/logout", post(login::logout))
        .route("/me", get(login::me))
        .route("/session", get(login::session))
        .layer(DefaultBodyLimit::max(MOST_LOGIN_BYTES))
        .layer(axum::middleware::map_response(never_stored))
        .merge(page::routes(&config.page))
}

/// Requests in the log, at DEBUG. The span names method and path only: a query carries the session's secret id, and
/// headers carry the token.
pub(crate) fn traced(router: Router) -> Router {
    router.layer(
        TraceLayer::new_for_http()
            .make_span_with(|request: &Request<axum::body::Body>| -> Span {
                tracing::debug_span!("request", method = %request.method(), path = request.uri().path())
            })
            // A visitor can cause these, so they are no news for the operator.
            .on_failure(DefaultOnFailure::new().level(Level::DEBUG)),
    )
}

async fn never_stored(mut response: Response) -> Response {
    // The page sets its own, which allows a check instead of a copy.
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Generous for a name and a password.
const MOST_LOGIN_BYTES: usize = 4096;
