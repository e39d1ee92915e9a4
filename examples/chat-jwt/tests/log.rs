//! What the log must never hold, at any level.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail by a panic")]

#[path = "chat/support/mod.rs"]
mod support;

use std::io::Write;
use std::sync::{Arc, Mutex};

use serde_json::json;
use support::{ask, heard, login, world};
use tracing_subscriber::fmt::MakeWriter;

/// The one test of this program, for it listens to all of it.
#[tokio::test(start_paused = true)]
async fn no_token_cookie_or_text_is_logged_even_at_trace() {
    let log = Log::default();
    tracing_subscriber::fmt()
        // The test's own clients frame their websockets with that library, and it tells all.
        .with_env_filter("trace,tungstenite=off,tokio_tungstenite=off")
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(log.clone())
        .init();

    let world = world();
    let (ada, bob) = (login(&world, "ada").await, login(&world, "bob").await);
    let tokens = [&ada, &bob].map(|visitor| visitor.cookie_value("token").unwrap());
    let alice = ada.clone().connect().await.unwrap();
    let robert = world.client("/").auth(json!({ "token": tokens[1] })).connect().await.unwrap();
    ask(&alice, "join-room", json!("r")).await;
    ask(&robert, "join-room", json!("r")).await;
    ask(&alice, "message", json!({ "room": "r", "message": "text-of-a-message" })).await;
    ask(&alice, "private-message", json!({ "to": "bob", "message": "text-of-a-private-one" })).await;
    ask(&alice, "message", json!({ "room": ["text-that-does-not-fit"], "message": 1 })).await;
    ask(&alice, "text-of-an-unknown-event", json!("text-of-its-argument")).await;
    heard(&robert, "receive-message").await;
    // Attempts that fail carry secrets as well.
    bob.post("/login", &json!({ "name": "ada", "password": "text-of-a-password" })).await;
    world.client("/").cookie("token", "text-in-a-cookie").get("/me?token=text-in-a-query").await;
    assert!(world.client("/").auth(json!({ "token": "text-in-auth" })).connect().await.is_err());
    ada.post("/logout", &()).await;
    alice.left().await;

    let log = log.text();
    for told in ["connected", "joined", "disconnected", "ada", "/login"] {
        assert!(log.contains(told), "{told:?} is missing in the log");
    }
    for secret in [&*tokens[0], &tokens[1], "token=", "text-", "sid="] {
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
