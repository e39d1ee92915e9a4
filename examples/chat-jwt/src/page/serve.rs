//! The built files over HTTP: the index asked for anew each time, what carries a hash in its name kept for ever.

use axum::Router;
use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use tower_http::services::ServeDir;

use super::Page;
use crate::state::App;

/// `/` and `/assets`.
pub(crate) fn routes(page: &Page) -> Router<App> {
    let router = Router::new().route("/", get(async |State(app): State<App>| index(&app.config.page).await));
    let Page::Built(dist) = page else {
        return router;
    };
    let assets = Router::new()
        .fallback_service(ServeDir::new(dist.join("assets")).append_index_html_on_directories(false))
        .layer(axum::middleware::map_response(keep_for_ever));
    router.nest("/assets", assets)
}

/// The page itself, or the sentence in its place.
pub(crate) async fn index(page: &Page) -> Response {
    match page {
        Page::Built(dist) => match tokio::fs::read(dist.join("index.html")).await {
            Ok(html) => ([(CONTENT_TYPE, "text/html; charset=utf-8")], PAGE_HEADERS, html).into_response(),
            Err(_) => instead("The built page is gone. Start the server again, and it is built anew."),
        },
        Page::Missing(sentence) => instead(sentence),
    }
}

fn instead(sentence: &str) -> Response {
    let sentence = sentence.replace('&', "&amp;").replace('<', "&lt;");
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>sockeye chat</title><body style=\"font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem\">\
         <h1>There is no page yet</h1><p>{sentence}</p></body></html>"
    );
    (StatusCode::SERVICE_UNAVAILABLE, PAGE_HEADERS, Html(html)).into_response()
}

async fn keep_for_ever(mut response: Response) -> Response {
    if response.status().is_success() {
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    }
    response
}

const PAGE_HEADERS: [(axum::http::HeaderName, &str); 4] = [
    (CACHE_CONTROL, "no-cache"),
    // MUI writes its styles into the document; the icon is inline data. Nothing else comes from elsewhere.
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'",
    ),
    (REFERRER_POLICY, "same-origin"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
];
