//! Handlers behind their layers, without a session.

use std::time::Duration;

use axum::{
    Extension,
    extract::{Query, State},
};
use axum_extra::extract::CookieJar;
use bytes::Bytes;
use serde_json::{Value, json};
use sockeye::{
    Admitted, Args, Data, Event, EventName, IntoReply, Io, Namespace, NamespacePath, NoAck, Raw, Reply, Room,
    Socket,
};
use sockeye_test::{CallEvent, EventTest, ReadReply};
use tower::timeout::TimeoutLayer;

#[derive(Clone)]
struct App {
    greeting: &'static str,
}

struct Taken;

impl IntoReply for Taken {
    fn into_reply(self) -> Reply {
        Reply::error("taken", "that name is in use")
    }
}

fn chat() -> Namespace<App> {
    Namespace::new()
        .on(
            "greet",
            async |State(app): State<App>, Admitted(name): Admitted<String>, Data(mark): Data<String>| {
                Data(format!("{}, {name}{mark}", app.greeting))
            },
        )
        .on("rename", async || Err::<(), _>(Taken))
        .on("sleep", async || tokio::time::sleep(Duration::from_secs(60)).await)
        .on("bytes", async |Raw(raw): Raw| {
            Args((raw.attachments()[0].clone(), "and", Bytes::from_static(b"2")))
        })
        .on("silent", async || NoAck)
        .on("join", async |socket: Socket, Data(room): Data<String>| {
            socket.join(&room).await.unwrap();
            Data(socket.rooms().iter().map(Room::to_string).filter(|joined| *joined == room).count())
        })
        .on(
            "seen",
            async |jar: CookieJar,
                   Query(query): Query<Value>,
                   Extension(number): Extension<u8>,
                   io: Io,
                   socket: Socket,
                   EventName(name): EventName,
                   event: Event| {
                Data(json!([
                    jar.get("a").map(|cookie| cookie.value().to_owned()),
                    query,
                    number,
                    io.emit("x", ()).await.is_err(),
                    socket.namespace_name(),
                    String::from_utf8_lossy(socket.auth()),
                    &*name,
                    event.extensions().get::<&str>(),
                    event.wants_ack(),
                ]))
            },
        )
        .layer(TimeoutLayer::new(Duration::from_secs(5)))
}

fn built() -> Namespace {
    chat().with_state(App { greeting: "Hello" })
}

#[tokio::test(start_paused = true)]
async fn a_handler_answers_with_state_and_admission_but_without_a_session() {
    let event = Event::test("greet", "!").admitted("Ada".to_owned());
    let reply = chat().with_state(App { greeting: "Hello" }).call(event).await;
    assert_eq!(reply.read::<String>(), "Hello, Ada!");
    assert_eq!(reply.json(), json!(["Hello, Ada!"]));
    // What is missing is told as to a client.
    assert_eq!(built().call(Event::test("greet", "!")).await.error_code().as_deref(), Some("internal"));
    let misfit = built().call(Event::test("greet", 7).admitted("Ada".to_owned())).await;
    assert_eq!(misfit.error_code().as_deref(), Some("invalid_payload"));
}

#[tokio::test(start_paused = true)]
async fn errors_layers_and_unknown_events_reply_as_they_do_in_a_session() {
    for (event, code) in [("rename", "taken"), ("sleep", "timeout"), ("nobody", "unknown_event")] {
        assert_eq!(built().call(Event::test(event, ())).await.error_code().as_deref(), Some(code));
    }
    assert!(built().call(Event::test("silent", ())).await.is_none());
}

#[tokio::test(start_paused = true)]
async fn bytes_and_rooms_are_there_too() {
    let reply = built().call(Event::test("bytes", Bytes::from_static(b"1"))).await;
    let Args(read) = reply.read::<Args<(Bytes, String, Bytes)>>();
    assert_eq!(read, (Bytes::from_static(b"1"), "and".to_owned(), Bytes::from_static(b"2")));
    assert_eq!(built().call(Event::test("join", "lobby")).await.read::<u32>(), 1);
    let event = Event::test("join", "lobby").into_event();
    let socket = event.socket().clone();
    built().call_event(event).await;
    assert!(socket.rooms().iter().any(|room| *room == "lobby"));
}

#[tokio::test(start_paused = true)]
async fn a_handler_sees_the_handshake_that_the_test_describes() {
    let event = Event::test("seen", ())
        .namespace("/chat")
        .header("cookie", "a=1")
        .uri("/socket.io/?EIO=4&x=2")
        .auth(json!({ "token": "t" }))
        .handshake_extension(3_u8)
        .extension("from a layer")
        .without_ack();
    let seen = built().call(event).await.read::<Value>();
    let query = json!({ "EIO": "4", "x": "2" });
    let expected = json!(["1", query, 3, true, "/chat", "{\"token\":\"t\"}", "seen", "from a layer", false]);
    assert_eq!(seen, expected);
}

#[tokio::test(start_paused = true)]
async fn parameters_of_a_namespace_are_there_as_well() {
    let tenant = Namespace::new()
        .on("where", async |NamespacePath((tenant, room)): NamespacePath<(u32, String)>| {
            Args((tenant, room))
        });
    let event = Event::test("where", ()).parameter("tenant", "7").parameter("room", "lobby");
    assert_eq!(tenant.call(event).await.json(), json!([7, "lobby"]));
}
