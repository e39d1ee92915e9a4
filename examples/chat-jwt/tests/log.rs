//! What the log must never hold, at any level.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail by a panic")]

#[path = "chat/support/mod.rs"]
mod support;

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::http::Method;
use axum::http::header::COOKIE;
use serde_json::json;
use support::client::Client;
use support::{ask, fetch, login, post_login, request, router, token};
use tracing_subscriber::fmt::MakeWriter;

/// The one test of this program, for it listens to all of it.
#[tokio::test]
async fn no_token_cookie_or_text_is_logged_even_at_trace() {
    let log = Log::default();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(log.clone())
        .init();

    let router = router();
    let (ada, bob) = (login(&router, "ada").await, login(&router, "bob").await);
    let mut alice = Client::connect(&router, &ada).await.unwrap();
    let mut robert = Client::connect_with(&router, "", &json!({ "token": token(&bob) })).await.unwrap();
    alice.ask("join-room", json!("r")).await;
    robert.ask("join-room", json!("r")).await;
    alice.ask("message", json!({ "room": "r", "message": "text-of-a-message" })).await;
    alice.ask("private-message", json!({ "to": "bob", "message": "text-of-a-private-one" })).await;
    alice.ask("message", json!({ "room": ["text-that-does-not-fit"], "message": 1 })).await;
    alice.ask("text-of-an-unknown-event", json!("text-of-its-argument")).await;
    robert.event("receive-message").await;
    // Attempts that fail carry secrets as well.
    post_login(&router, json!({ "name": "ada", "password": "text-of-a-password" })).await;
    fetch(&router, "/me?token=text-in-a-query", "token=text-in-a-cookie").await;
    assert!(Client::connect_with(&router, "", &json!({ "token": "text-in-auth" })).await.is_err());
    ask(&router, request(Method::POST, "/logout", &[(COOKIE.as_str(), &ada)], "")).await;
    alice.sent_away().await;

    let log = log.text();
    for told in ["connected", "joined", "disconnected", "ada", "/login"] {
        assert!(log.contains(told), "{told:?} is missing in the log");
    }
    for secret in [token(&ada), token(&bob), "token=", "text-", "sid="] {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "the log holds {secret:?}");
    }
}

/// Everything that is written, to be looked at afterwards.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
