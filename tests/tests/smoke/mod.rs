//! The server of the smoke test: a little of everything that clients rely on.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sockeye::{Args, Builder, Data, DisconnectReason, Namespace, Refusal, Socket};
use whole_system::{App, Stage};

/// What both sides send where the test wants a value with some depth.
#[derive(Deserialize, Serialize)]
struct Item {
    name: String,
    bytes: Bytes,
}

#[derive(Deserialize)]
struct Auth {
    token: Option<String>,
}

/// `/` with everything in it, `/chat` beside it, and `/admin` for those who know the token.
pub(crate) fn namespaces(io: Builder<App>) -> Builder<App> {
    let main = Namespace::new()
        .on_connect(welcome)
        .on("several", several)
        .on("add", add)
        .on("ask-me", ask_me)
        .on("bytes", bytes)
        .on("echo-bytes", echo_bytes)
        .on("ask-me-for-bytes", ask_me_for_bytes)
        .on("join", join)
        .on("leave", leave)
        .on("tell-room", tell_room)
        .on("where", place)
        .on("hang-up", hang_up)
        .on_disconnect(left);
    io.ping_interval(Duration::from_millis(1000))
        .ping_timeout(Duration::from_millis(500))
        .namespace("/", main)
        .namespace("/chat", Namespace::new().on("where", place).on("hang-up", hang_up).on_disconnect(left))
        .namespace("/admin", Namespace::new().admit(admit).on("where", place))
}

/// Answers the script's `stop`.
pub(crate) async fn stop(stage: Arc<Stage>, _: Value) -> Value {
    stage.server.stop().await;
    Value::Null
}

async fn welcome(socket: Socket) {
    let greeting = ("Hey!", json!({ "nested": ["ünï", null, 1.5] }), 42, true);
    socket.emit("welcome", greeting).await.expect("it has just joined");
}

async fn several(
    socket: Socket,
    Args((text, number, object, none)): Args<(String, i64, Value, Option<bool>)>,
) {
    socket.emit("several-back", (text, number, object, &none)).await.expect("it is connected");
}

async fn add(Args((one, other)): Args<(i64, i64)>) -> Args<(i64, &'static str)> {
    Args((one + other, "added"))
}

async fn ask_me(socket: Socket) -> Data<String> {
    let asked = socket.timeout(Duration::from_secs(5)).emit_with_ack::<Args<(i64, String)>>("add", (20, 22));
    let Args((sum, word)) = asked.await.expect("the client answers");
    Data(format!("{word} {sum}"))
}

async fn bytes(socket: Socket, Args((name, first, item)): Args<(String, Bytes, Item)>) {
    socket.emit("bytes-back", (name, first, json!({ "plain": true }), &item)).await.expect("it is connected");
}

async fn echo_bytes(Data(item): Data<Item>) -> Data<Item> {
    Data(item)
}

async fn ask_me_for_bytes(socket: Socket) -> Data<Vec<u8>> {
    let asked = socket.timeout(Duration::from_secs(5)).emit_with_ack::<Item>("give-bytes", "please");
    Data(asked.await.expect("the client answers").bytes.to_vec())
}

async fn join(socket: Socket, Data(room): Data<String>) -> Data<bool> {
    Data(socket.join(room).await.is_ok())
}

async fn leave(socket: Socket, Data(room): Data<String>) -> Data<bool> {
    Data(socket.leave(room).await.is_ok())
}

async fn tell_room(socket: Socket, Args((room, text)): Args<(String, String)>) {
    let told = (text, Bytes::from_static(&[1, 2, 3]));
    socket.to(room).emit("told", told).await.expect("local");
}

async fn place(socket: Socket) -> Data<String> {
    Data(socket.namespace_name().to_owned())
}

async fn hang_up(socket: Socket) {
    let _ = socket.disconnect().await;
}

async fn left(State(app): State<App>, socket: Socket, reason: DisconnectReason) {
    app.notes.add(format!("{} {}", socket.id(), reason.as_str()));
}

async fn admit(Json(auth): Json<Auth>) -> Result<(), Refusal> {
    match auth.token.as_deref() {
        Some("abcd") => Ok(()),
        _ => Err(Refusal::new("Not for you").data(json!({ "code": "token_missing", "tries": [1, 2] }))),
    }
}
