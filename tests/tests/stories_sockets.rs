//! Stories about what is known of sockets and rooms, told by the stock client.

#![forbid(unsafe_code)]

use std::time::Duration;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sockeye::{Data, Io, Namespace, Room, Socket, SocketExt};
use whole_system::{App, Story};

async fn join(socket: Socket, Data(room): Data<String>) {
    socket.join(room).await.expect("it is connected");
}

async fn leave(socket: Socket, Data(room): Data<String>) {
    socket.leave(room).await.expect("it is connected");
}

#[tokio::test(flavor = "multi_thread")]
async fn story_14_who_is_in_the_room() {
    async fn who(io: Io) -> Option<Value> {
        let sockets = io.of("/").to("room123").sockets().await.ok()?;
        let mut ids: Vec<_> = sockets.iter().map(|socket| socket.id().to_string()).collect();
        ids.sort();
        Some(json!(ids))
    }
    async fn rooms(io: Io) -> Option<Value> {
        let rooms = io.of("/").rooms().await.ok()?;
        let (own, named): (Vec<_>, Vec<_>) = rooms.iter().partition(|room| room.is_own());
        let named: Vec<_> = named.iter().map(|room| json!([room.room(), room.len()])).collect();
        Some(json!({ "named": named, "own": own.len() }))
    }
    let story = Story::new("stories/story_14.mjs", |io| {
        io.namespace("/", Namespace::new().on("join", join).on("leave", leave))
    });
    let story = story.answer("who", async |stage, _| who(stage.server.io()).await.unwrap_or_default());
    let story = story.answer("rooms", async |stage, _| rooms(stage.server.io()).await.unwrap_or_default());
    story.on_every_transport().await;
}

#[derive(Default, Deserialize, Serialize)]
struct Visitor {
    name: String,
    visits: u32,
}

#[tokio::test(flavor = "multi_thread")]
async fn story_32_what_a_socket_knows() {
    async fn connected(socket: Socket) {
        let name = socket.handshake().query_param("name").unwrap_or_default().into_owned();
        socket.data().set(&Visitor { name, visits: 1 }).expect("it is an object");
    }
    async fn about(socket: Socket) -> Data<Value> {
        let visitor = socket.data().get::<Visitor>().ok().flatten().unwrap_or_default();
        let rooms: Vec<String> = socket.rooms().iter().map(ToString::to_string).collect();
        Data(json!({
            "id": socket.id(),
            "namespace": socket.namespace().name(),
            "rooms": rooms,
            "name": visitor.name,
            "connected": socket.connected(),
            "disconnected": socket.disconnected(),
            "transport": socket.transport().name(),
        }))
    }
    async fn again(socket: Socket) -> Data<Option<u32>> {
        socket.data().update(|visitor: &mut Visitor| visitor.visits += 1).expect("it is an object");
        Data(socket.data().field("visits").expect("it is a number"))
    }
    /// All of the socket's namespace, itself included, and nobody else.
    async fn everybody(socket: Socket) {
        socket.namespace().emit("everybody", "of the namespace").await.expect("local");
    }
    async fn elsewhere(socket: Socket) {
        socket.io().of("/").emit("elsewhere", "by the server's handle").await.expect("local");
    }
    async fn left(State(app): State<App>, socket: Socket) {
        app.notes.add(format!("disconnected {}", socket.disconnected()));
    }
    let story = Story::new("stories/story_32.mjs", |io| {
        let admin = Namespace::new()
            .data::<Visitor>()
            .on_connect(connected)
            .on("about", about)
            .on("again", again)
            .on("everybody", everybody)
            .on("elsewhere", elsewhere)
            .on_disconnect(left);
        io.namespace("/", Namespace::new()).namespace("/admin", admin)
    });
    let story = story.answer("visitors", async |stage, _| {
        let sockets = stage.server.io().of("/admin").sockets().await.unwrap_or_default();
        let about = |socket: &sockeye::SocketInfo| {
            let visitor = socket.data::<Visitor>().ok().flatten()?;
            Some(json!([socket.id(), visitor.name, visitor.visits]))
        };
        json!(sockets.iter().filter_map(about).collect::<Vec<_>>())
    });
    story.on_every_transport().await;
}

/// Node's utility methods, `RemoteSocket` and the events of its adapter.
#[tokio::test(flavor = "multi_thread")]
async fn listed_sockets_act_and_rooms_are_told_of() {
    let story = Story::new("stories/listed_sockets.mjs", |io| {
        let join_told = async |State(app): State<App>, room: Room| app.notes.add(format!("joined {room}"));
        let namespace = Namespace::new()
            .on_join(join_told)
            .on_leave(async |State(app): State<App>, room: Room| app.notes.add(format!("left {room}")))
            .on_upgrade(async |State(app): State<App>, socket: Socket| {
                app.notes.add(format!("upgraded {}", socket.id()));
            });
        io.namespace("/", namespace)
    });
    let story = story.answer("ask each", async |stage, _| {
        let mut answers = Vec::new();
        for socket in stage.server.io().of("/").sockets().await.unwrap_or_default() {
            let socket = socket.timeout(Duration::from_secs(10));
            let answer: Option<String> = socket.emit_with_ack("who", ()).await.ok();
            let _ = socket.emit("thanks", &answer).await;
            answers.push(json!([socket.id(), answer]));
        }
        json!(answers)
    });
    let story = story.answer("ask all", async |stage, _| {
        let all = stage.server.io().of("/").timeout(Duration::from_millis(500));
        let Ok(acks) = all.emit_with_ack::<String>("who", ()).await else { return Value::Null };
        let collected = acks.collected().await;
        json!({ "answers": collected.answers.len(), "missing": collected.missing.len() })
    });
    let story = story.answer("move", async |stage, id| {
        let io = stage.server.io();
        let id = id.as_str().unwrap_or_default().to_owned();
        let moved = io.of("/").to(&*id).join(["queue", "hall"]).await.is_ok();
        let left = io.of("/").to("queue").leave("hall").await.is_ok();
        let gone = io.of("/").to("queue").disconnect().await.is_ok();
        json!([moved, left, gone])
    });
    story.on_every_transport().await;
}
