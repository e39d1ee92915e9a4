//! Stories about rooms and broadcasts, told by the stock client.

#![forbid(unsafe_code)]

use axum::extract::{Path, State};
use axum::routing::post;
use serde::Deserialize;
use serde_json::{Value, json};
use sockeye::{Args, Data, Io, Namespace, Socket};
use whole_system::{App, Story};

async fn join(socket: Socket, Data(room): Data<String>) {
    socket.join(room).await.expect("it is connected");
}

async fn leave(socket: Socket, Data(room): Data<String>) {
    socket.leave(room).await.expect("it is connected");
}

async fn rooms(socket: Socket) -> Data<Vec<String>> {
    Data(socket.rooms().iter().map(ToString::to_string).collect())
}

fn rooms_to_join() -> Namespace<App> {
    Namespace::new().on("join", join).on("leave", leave).on("rooms", rooms)
}

#[tokio::test(flavor = "multi_thread")]
async fn story_03_everybody_and_everybody_but_me() {
    let story = Story::new("stories/story_03.mjs", |io| {
        let namespace = Namespace::new()
            .on("everybody", async |io: Io| io.emit("everybody", ()).await.expect("local"))
            .on("others", async |socket: Socket| socket.broadcast().emit("others", ()).await.expect("local"))
            .on("me", async |socket: Socket| socket.emit("me", ()).await.expect("it is connected"));
        io.namespace("/", namespace)
    });
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_09_join_to_except_leave() {
    let story = Story::new("stories/story_09.mjs", |io| io.namespace("/", rooms_to_join()))
        .answer("to", async |stage, room| {
            let room = room.as_str().unwrap_or_default().to_owned();
            json!(stage.server.io().of("/").to(room).emit("news", ()).await.is_ok())
        })
        .answer("except", async |stage, room| {
            let room = room.as_str().unwrap_or_default().to_owned();
            json!(stage.server.io().of("/").except(room).emit("news", ()).await.is_ok())
        });
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_10_my_id_is_a_room() {
    async fn whisper(io: Io, Args((to, text)): Args<(String, String)>) {
        io.of("/").to(to).emit("private", &text).await.expect("local");
    }
    async fn me(socket: Socket, Data(text): Data<String>) {
        socket.emit("private", &text).await.expect("it is connected");
    }
    async fn route(State(app): State<App>, Path(to): Path<String>, text: String) {
        app.io.of("/").to(to).emit("private", &text).await.expect("local");
    }
    let story = Story::among(
        "stories/story_10.mjs",
        |io| io.namespace("/", rooms_to_join().on("whisper", whisper).on("me", me)),
        |router| router.route("/whisper/{to}", post(route)),
    );
    let story = story.answer("except", async |stage, id| {
        let id = id.as_str().unwrap_or_default().to_owned();
        json!(stage.server.io().of("/").except(id).emit("private", "to the others").await.is_ok())
    });
    story.on_every_transport().await;
}

#[derive(Deserialize)]
struct RoomMessage {
    room: String,
    message: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn story_11_rooms_of_a_chat() {
    async fn join_room(socket: Socket, Data(room): Data<String>) {
        socket.join(&*room).await.expect("it is connected");
        socket.to(room).emit("user-joined", &socket.id()).await.expect("local");
    }
    async fn leave_room(socket: Socket, Data(room): Data<String>) {
        socket.leave(&*room).await.expect("it is connected");
        socket.to(room).emit("user-left", &socket.id()).await.expect("local");
    }
    async fn say(io: Io, socket: Socket, Data(said): Data<RoomMessage>) {
        let message = json!({ "sender": socket.id(), "message": said.message });
        io.of("/").to(said.room).emit("receive-room-message", &message).await.expect("local");
    }
    let story = Story::new("stories/story_11.mjs", |io| {
        let namespace = Namespace::new().on("join-room", join_room).on("leave-room", leave_room);
        io.namespace("/", namespace.on("send-room-message", say))
    });
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_12_a_room_message_without_the_sender() {
    async fn message(socket: Socket, Data(said): Data<RoomMessage>) {
        let about = json!({ "room": said.room, "from": socket.id() });
        socket.to(said.room).emit("receive-message", (&said.message, about)).await.expect("local");
    }
    let story = Story::new("stories/story_12.mjs", |io| {
        io.namespace("/", rooms_to_join().on("join-room", join).on("message", message))
    });
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_13_two_rooms_once_each() {
    async fn to_both(socket: Socket) {
        socket.to("a").to("b").emit("news", ()).await.expect("local");
    }
    async fn io_to_a(io: Io) {
        io.of("/").to("a").emit("news", ()).await.expect("local");
    }
    let story = Story::new("stories/story_13.mjs", |io| {
        io.namespace("/", rooms_to_join().on("to-both", to_both).on("io-to-a", io_to_a))
    });
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_15_rooms_are_left_at_disconnect() {
    async fn left(State(app): State<App>, socket: Socket) {
        let mut rooms: Vec<String> = socket.rooms().iter().map(ToString::to_string).collect();
        rooms.sort();
        app.notes.add(format!("left {}", rooms.join(" ")));
    }
    let story =
        Story::new("stories/story_15.mjs", |io| io.namespace("/", rooms_to_join().on_disconnect(left)))
            .answer("members", async |stage, room| {
                let room = room.as_str().unwrap_or_default().to_owned();
                let members = stage.server.io().of("/").to(room).sockets().await;
                members.map_or(Value::Null, |members| json!(members.len()))
            });
    story.on_every_transport().await;
}
