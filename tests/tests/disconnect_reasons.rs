//! Each reason that a disconnect handler can be given, produced by the stock client.

#![forbid(unsafe_code)]

use std::time::Duration;

use axum::extract::State;
use serde_json::Value;
use sockeye::{DisconnectReason, Namespace, Socket};
use whole_system::{App, Story};

#[tokio::test(flavor = "multi_thread")]
async fn every_disconnect_reason_is_produced_by_a_stock_client() {
    async fn left(State(app): State<App>, socket: Socket, reason: DisconnectReason) {
        app.notes.add(format!("{} {}", socket.id(), reason.as_str()));
    }
    let story = Story::new("disconnect_reasons.mjs", |io| {
        let namespace = Namespace::new().on("hang-up", async |socket: Socket| socket.disconnect().await);
        io.ping_interval(Duration::from_millis(1000))
            .ping_timeout(Duration::from_millis(500))
            .namespace("/", namespace.on_disconnect(left))
    });
    let story = story.answer("stop", async |stage, _| {
        stage.server.stop().await;
        Value::Null
    });
    story.on_every_transport().await;
}
