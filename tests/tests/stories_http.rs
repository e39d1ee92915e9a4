//! Stories about the application around sockeye, told by the stock client.

#![forbid(unsafe_code)]

use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::routing::{any, get, post};
use serde_json::json;
use sockeye::{Args, Data, Io, Namespace, Socket};
use tower_http::services::ServeDir;
use whole_system::{App, Story, Transport};

#[tokio::test(flavor = "multi_thread")]
async fn story_38_an_http_route_emits() {
    async fn create(State(app): State<App>) -> StatusCode {
        app.io.emit("posts", json!({ "action": "create" })).await.expect("local");
        StatusCode::CREATED
    }
    let story = Story::among(
        "stories/story_38.mjs",
        |io| io.namespace("/", Namespace::new()),
        |router| router.route("/posts", post(create)),
    );
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_39_http_is_left_alone() {
    async fn echo(upgrade: WebSocketUpgrade) -> axum::response::Response {
        upgrade.on_upgrade(async |mut socket: WebSocket| {
            while let Some(Ok(message)) = socket.recv().await {
                let _ = socket.send(message).await;
            }
        })
    }
    let story = Story::among(
        "stories/story_39.mjs",
        |io| io.namespace("/", Namespace::new().on("alive", async || Data(true))),
        |router| {
            router
                .route("/", get("home"))
                .route("/login", get("please log in"))
                .route("/ws", any(echo))
                .nest_service("/static", ServeDir::new(concat!(env!("CARGO_MANIFEST_DIR"), "/node/static")))
                .fallback(async || (StatusCode::NOT_FOUND, "our own 404"))
        },
    );
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_40_a_network_that_blocks_websocket() {
    async fn count(State(app): State<App>, socket: Socket, Args((network, number)): Args<(String, u32)>) {
        let counted = socket.extensions().get::<Vec<u32>>().unwrap_or_default();
        let counted: Vec<u32> = counted.into_iter().chain([number]).collect();
        let list: Vec<String> = counted.iter().map(ToString::to_string).collect();
        app.notes.add(format!("{network} {}", list.join(" ")));
        socket.extensions().insert(counted);
    }
    async fn count_down(socket: Socket, Data(count): Data<u32>) -> Data<bool> {
        for number in 0..count {
            socket.emit("news", number).await.expect("it is connected");
            if number % 10 == 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        Data(true)
    }
    let story = Story::new("stories/story_40.mjs", |io| {
        io.namespace("/", Namespace::new().on("count", count).on("count-down", count_down).sequential())
    });
    // The client has its default options, so there is one way to tell it; it ends up on polling.
    story.on(Transport::Polling).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_44_old_and_new_clients() {
    async fn echo(Data(value): Data<Echo>) -> Data<Echo> {
        Data(value)
    }
    #[derive(serde::Deserialize, serde::Serialize)]
    struct Echo {
        bytes: bytes::Bytes,
    }
    for client in ["socket.io-client-4.6.1", "socket.io-client-4.7.2", "socket.io-client"] {
        let story = Story::new("stories/story_44.mjs", |io| {
            let tell = async |io: Io| io.emit("news", "to all").await.expect("local");
            io.namespace("/", Namespace::new().on("echo", echo).on("tell", tell))
        });
        story.env("CLIENT", client).on_every_transport().await;
    }
}
