//! Stories about connecting, leaving and coming back, told by the stock client.

#![forbid(unsafe_code)]

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use axum::extract::{ConnectInfo, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};
use sockeye::{Data, DisconnectReason, Namespace, Socket};
use whole_system::{App, Stage, Story};

async fn whoami(socket: Socket) -> Data<String> {
    Data(socket.id().to_string())
}

async fn note_reason(State(app): State<App>, reason: DisconnectReason) {
    app.notes.add(reason.as_str());
}

/// How many sockets are in `/`.
async fn connected(stage: Arc<Stage>, _: Value) -> Value {
    stage.server.io().of("/").sockets().await.map_or(Value::Null, |sockets| json!(sockets.len()))
}

#[tokio::test(flavor = "multi_thread")]
async fn story_16_ids() {
    let story = Story::new("stories/story_16.mjs", |io| {
        let namespace = || Namespace::new().on("whoami", whoami);
        io.namespace("/", namespace()).namespace("/chat", namespace())
    });
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_17_manual_connect_and_disconnect() {
    async fn left(State(app): State<App>, socket: Socket, reason: DisconnectReason) {
        app.notes.add(format!("{}, connected {}", reason.as_str(), socket.connected()));
    }
    let story = Story::new("stories/story_17.mjs", |io| {
        let namespace = Namespace::new().on("connected", async |socket: Socket| Data(socket.connected()));
        io.namespace("/", namespace.on_disconnect(left))
    });
    story.answer("connected", connected).on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_18_a_reason_of_ones_own() {
    async fn custom(State(app): State<App>, Data(text): Data<String>) {
        app.notes.add(text);
    }
    let story = Story::new("stories/story_18.mjs", |io| {
        io.namespace("/", Namespace::new().on("custom-disconnect", custom).on_disconnect(note_reason))
    });
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_19_the_server_hangs_up() {
    let story = Story::new("stories/story_19.mjs", |io| {
        let main = Namespace::new().on("alive", async || Data(true));
        let chat = Namespace::new()
            .on("hang-up", async |socket: Socket| socket.disconnect().await)
            .on("hang-up-all", async |socket: Socket| socket.close().await);
        io.namespace("/", main).namespace("/chat", chat)
    });
    story.answer("connected", connected).on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_20_the_server_restarts() {
    let story = Story::new("stories/story_20.mjs", |io| io.namespace("/", Namespace::new()))
        .answer("stop", async |stage, _| {
            stage.server.stop().await;
            // Emitted while nobody can hear it, and kept for nobody.
            let _ = stage.server.io().of("/").emit("news", "of the gap").await;
            Value::Null
        })
        .answer("start", async |stage, _| {
            stage.server.start_again().await;
            json!(stage.server.io().of("/").emit("news", "of the gap").await.is_ok())
        })
        .answer("news", async |stage, _| json!(stage.server.io().of("/").emit("news", "now").await.is_ok()));
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_24_each_side_notices_silence() {
    let story = Story::new("stories/story_24.mjs", |io| {
        io.ping_interval(Duration::from_millis(300))
            .ping_timeout(Duration::from_millis(200))
            .namespace("/", Namespace::new().on_disconnect(note_reason))
    });
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_31_the_handshake() {
    /// Everything that is known of the request which opened the session, as axum and as sockeye tell it.
    async fn handshake(
        socket: Socket,
        Query(query): Query<HashMap<String, String>>,
        ConnectInfo(peer): ConnectInfo<SocketAddr>,
    ) -> Data<Value> {
        #[derive(Deserialize)]
        struct Auth {
            token: String,
            deep: Option<Deep>,
        }
        #[derive(Deserialize)]
        struct Deep {
            n: u8,
        }
        let handshake = socket.handshake();
        let auth: Auth = serde_json::from_slice(socket.auth().as_slice()).expect("it was sent");
        let address = handshake.address().expect("the connection has one");
        assert_eq!(address, peer.ip());
        let time = handshake.time().duration_since(UNIX_EPOCH).expect("it is later");
        assert_eq!(time.as_millis(), u128::from(handshake.issued()));
        Data(json!({
            "agent": handshake.header("User-Agent"),
            "client": handshake.header("x-client"),
            "missing": handshake.header("x-nothing"),
            "room": query["room"],
            "again": handshake.query_param("room"),
            "secure": handshake.is_secure(),
            "xdomain": handshake.is_xdomain(),
            "key": query["x-y"],
            "address": address.to_string(),
            "token": auth.token,
            "deep": auth.deep.map(|deep| deep.n),
            "transport": handshake.transport().name(),
            "time": time.as_millis(),
            "url": handshake.uri(),
        }))
    }
    let story = Story::new("stories/story_31.mjs", |io| {
        let namespace = || {
            let tell = async |socket: Socket, query: Query<_>, peer: ConnectInfo<_>| {
                let Data(told) = handshake(socket.clone(), query, peer).await;
                socket.emit("handshake", told).await.expect("it is connected");
            };
            Namespace::new().on_connect(tell).on("handshake", handshake)
        };
        io.namespace("/", namespace()).namespace("/other", namespace())
    });
    story.on_every_transport().await;
}
