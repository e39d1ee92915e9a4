//! Stories about events and their acknowledgements, told by the stock client.

#![forbid(unsafe_code)]

mod binary;

use std::time::Duration;

use axum::extract::State;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sockeye::{AckError, Args, Data, Namespace, NoAck, Raw, Socket};
use whole_system::{App, Story};

#[tokio::test(flavor = "multi_thread")]
async fn story_01_a_greeting_with_several_arguments() {
    async fn greet(socket: Socket) {
        let greeting = ("Hey!", json!({ "ms": "jane" }), Bytes::from_static(&[4, 3, 3, 1]));
        socket.emit("greetings", greeting).await.expect("it has just joined");
    }
    let story =
        Story::new("stories/story_01.mjs", |io| io.namespace("/", Namespace::new().on_connect(greet)));
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_02_send_is_the_event_message_both_ways() {
    async fn message(State(app): State<App>, socket: Socket, Raw(args): Raw) {
        let args = args.as_json();
        app.notes.add(format!("message {args}"));
        // Said back in the same number of arguments.
        let sent = match serde_json::from_str::<Vec<String>>(args).expect("texts").as_slice() {
            [one] => socket.send(one).await,
            [one, two] => socket.send((one, two)).await,
            other => panic!("{} arguments", other.len()),
        };
        sent.expect("it is connected");
    }
    let story =
        Story::new("stories/story_02.mjs", |io| io.namespace("/", Namespace::new().on("message", message)));
    story.on_every_transport().await;
}

#[derive(Deserialize)]
struct Foo {
    foo: String,
}

#[derive(Serialize)]
struct Status {
    status: &'static str,
}

const OK: Data<Status> = Data(Status { status: "ok" });

#[tokio::test(flavor = "multi_thread")]
async fn story_04_request_and_answer_with_a_callback() {
    async fn request(State(app): State<App>, Args((foo, text)): Args<(Foo, String)>) -> Data<Status> {
        app.notes.add(format!("request {} {text}", foo.foo));
        OK
    }
    let story =
        Story::new("stories/story_04.mjs", |io| io.namespace("/", Namespace::new().on("request", request)));
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_05_request_and_answer_with_a_promise() {
    async fn request(Args((_, _)): Args<(Foo, String)>) -> Data<Status> {
        OK
    }
    async fn two() -> Args<(u8, Value)> {
        Args((1, json!({ "two": 2 })))
    }
    let story = Story::new("stories/story_05.mjs", |io| {
        io.namespace("/", Namespace::new().on("request2", request).on("two", two))
    });
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_06_the_answer_that_never_comes() {
    async fn never(State(app): State<App>) -> NoAck {
        app.notes.add("never");
        NoAck
    }
    async fn request(State(app): State<App>) -> Data<Status> {
        app.notes.add("request");
        OK
    }
    let story = Story::new("stories/story_06.mjs", |io| {
        io.namespace("/", Namespace::new().on("never", never).on("request", request))
    });
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_07_the_server_asks() {
    #[derive(Deserialize)]
    struct User {
        name: String,
        age: u8,
    }
    async fn ask(State(app): State<App>, socket: Socket) {
        let asked =
            socket.timeout(Duration::from_millis(500)).emit_with_ack::<User>("get-user-data", ()).await;
        app.notes.add(match asked {
            Ok(User { name, age }) => format!("{name} is {age}"),
            Err(AckError::Timeout) => "Timeout".to_owned(),
            Err(AckError::Disconnected) => "Disconnected".to_owned(),
            Err(other) => other.to_string(),
        });
    }
    let story =
        Story::new("stories/story_07.mjs", |io| io.namespace("/", Namespace::new().on("ask-me", ask)));
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_08_errors_in_an_ack() {
    async fn join_room(socket: Socket, Data(room): Data<String>) -> Data<Value> {
        if room == "nope" {
            return Data(json!({ "error": "Invalid room" }));
        }
        socket.join(room).await.expect("it is connected");
        Data(json!({ "success": true }))
    }
    async fn rooms(socket: Socket) -> Data<Vec<String>> {
        Data(socket.rooms().iter().map(ToString::to_string).collect())
    }
    let story = Story::new("stories/story_08.mjs", |io| {
        io.namespace("/", Namespace::new().on("joinRoom", join_room).on("rooms", rooms))
    });
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_47_any_binary() {
    let story = Story::new("stories/story_47.mjs", |io| io.namespace("/", binary::namespace()));
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_48_an_event_called_error() {
    async fn error(State(app): State<App>, socket: Socket, Data(text): Data<String>) {
        app.notes.add(&*text);
        socket.emit("error", &text).await.expect("it is connected");
    }
    let story =
        Story::new("stories/story_48.mjs", |io| io.namespace("/", Namespace::new().on("error", error)));
    story.on_every_transport().await;
}
