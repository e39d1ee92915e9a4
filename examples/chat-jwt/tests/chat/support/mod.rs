//! What the tests share: the application without a port, requests to it, and a client on polling.

#![allow(dead_code, reason = "each test program uses its part of it")]

pub(crate) mod client;

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use chat_jwt::Config;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("the answer is JSON")
    }

    pub(crate) fn cookie(&self) -> &str {
        self.headers.get(SET_COOKIE).expect("a cookie is set").to_str().unwrap()
    }
}

/// The key that all tests sign with, so that a token can be forged for one of them.
pub(crate) const SECRET: &[u8] = b"the tests' key, which has to be thirty-two bytes or longer";

pub(crate) fn config() -> Config {
    let mut config = Config::new().unwrap();
    config.secret = SECRET.to_vec();
    config
}

pub(crate) fn router() -> Router {
    chat_jwt::app(config()).router
}

pub(crate) async fn ask(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.expect("a router never fails");
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("the body is read").to_bytes();
    Answer { status: parts.status, headers: parts.headers, body: String::from_utf8(body.to_vec()).unwrap() }
}

pub(crate) fn request(
    method: Method,
    uri: &str,
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> Request<Body> {
    let builder = Request::builder().method(method).uri(uri);
    let builder = headers.iter().fold(builder, |builder, (name, value)| builder.header(*name, *value));
    builder.body(body.into()).unwrap()
}

pub(crate) async fn fetch(router: &Router, uri: &str, cookie: &str) -> Answer {
    ask(router, request(Method::GET, uri, &[(COOKIE.as_str(), cookie)], "")).await
}

pub(crate) async fn post_login(router: &Router, body: Value) -> Answer {
    ask(
        router,
        request(Method::POST, "/login", &[(CONTENT_TYPE.as_str(), "application/json")], body.to_string()),
    )
    .await
}

/// Logs in a demo account; what comes back is sent as `cookie` later.
pub(crate) async fn login(router: &Router, name: &str) -> String {
    let answer = post_login(router, json!({ "name": name, "password": name })).await;
    assert_eq!(answer.status, StatusCode::OK);
    answer.cookie().split(';').next().unwrap().to_owned()
}

/// The token in such a cookie.
pub(crate) fn token(cookie: &str) -> &str {
    cookie.strip_prefix("token=").unwrap()
}
