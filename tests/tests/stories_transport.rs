//! Stories about what travels, and what need not: volatile events and compression.

#![forbid(unsafe_code)]

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use serde_json::{Value, json};
use sockeye::{Attachments, Builder, Data, Namespace, PermessageDeflate, Socket};
use tokio::sync::Mutex;
use tokio::time::sleep;
use whole_system::{App, Stage, Story};

/// The server's side of the clients so far.
type Sockets = Arc<Mutex<Vec<Socket>>>;

#[tokio::test(flavor = "multi_thread")]
async fn story_36_cursors_of_a_client_that_stops_reading() {
    async fn movement(stage: Arc<Stage>, value: Value) -> Value {
        for number in 0..value["times"].as_u64().unwrap_or_default() {
            stage.server.io().volatile().emit("cursor", format!("move {number}")).await.expect("local");
            sleep(Duration::from_millis(value["every"].as_u64().unwrap_or_default())).await;
        }
        Value::Null
    }
    /// Fifty megabytes of positions, and some plain events in between.
    async fn flood(stage: Arc<Stage>, sockets: Sockets) -> Value {
        let io = stage.server.io();
        let (position, sent) = ("x".repeat(50_000), 1_000);
        for number in 0..sent {
            io.volatile().emit("cursor", &position).await.expect("local");
            if number % 20 == 0 {
                io.emit("plain", number / 20).await.expect("local");
            }
            // Whatever can leave has left before the next.
            sleep(Duration::from_millis(1)).await;
        }
        let waiting = sockets.lock().await.last().map(|socket| socket.outbox().bytes());
        json!({ "waiting": waiting, "sent": sent })
    }
    let sockets = Sockets::default();
    let connected = sockets.clone();
    let serve = move |io: Builder<App>| {
        let connected = connected.clone();
        let remember = async move |socket: Socket| connected.lock().await.push(socket);
        io.namespace("/", Namespace::new().on_connect(remember))
    };
    let story = Story::new("stories/story_36.mjs", serve)
        .answer("move", movement)
        .answer("flood", move |stage, _| flood(stage, sockets.clone()))
        .answer("last", async |stage, _| {
            stage.server.io().emit("last", ()).await.expect("local");
            Value::Null
        });
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_37_compression_packet_by_packet() {
    async fn length(Data(text): Data<String>) -> Data<usize> {
        Data(text.len())
    }
    async fn size(Attachments(attachments): Attachments) -> Data<usize> {
        Data(attachments.iter().map(bytes::Bytes::len).sum())
    }
    async fn note(State(app): State<App>, Data(note): Data<String>) {
        app.notes.add(note);
    }
    let story = Story::new("stories/story_37.mjs", |io| {
        io.permessage_deflate(PermessageDeflate::default())
            .namespace("/", Namespace::new().on("length", length).on("size", size).on("note", note))
    });
    let story = story.answer("say", async |stage, value| {
        let compress = value["compress"].as_bool().unwrap_or_default();
        stage.server.io().compress(compress).emit("said", &value["text"]).await.expect("local");
        Value::Null
    });
    story.on_every_transport().await;
}
