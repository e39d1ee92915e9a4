//! Stories about what stands around handlers: middleware, listeners of one socket, catch-all listeners. Told by the
//! stock client.

#![forbid(unsafe_code)]

use std::time::{Duration, Instant};

use axum::extract::State;
use bytes::Bytes;
use serde_json::{Value, json};
use sockeye::{
    Args, Data, Event, Namespace, NoAck, Raw, Reply, Socket,
    event::{self, Next},
};
use tokio::time::sleep;
use whole_system::{App, Story};

#[tokio::test(flavor = "multi_thread")]
async fn story_30_middleware_per_event() {
    async fn watch(State(app): State<App>, event: Event, next: Next) -> Reply {
        let seen = format!("{} {}", event.name(), event.arguments().as_json());
        let start = Instant::now();
        let reply = next.run(event).await;
        app.notes.add(format!("{seen} took time: {}", start.elapsed() >= Duration::from_millis(5)));
        reply
    }
    async fn guard(mut event: Event, next: Next) -> Reply {
        if event.name() == "delete-user" {
            return Reply::error("forbidden", "only admins delete users");
        }
        let (text, rest): (String, Value) = event.arguments().deserialize_tuple().expect("a text and more");
        event.set_args((text.trim(), &rest)).expect("a text and JSON");
        next.run(event).await
    }
    async fn say(Args((text,)): Args<(String,)>) -> Data<String> {
        sleep(Duration::from_millis(5)).await;
        Data(text)
    }
    async fn delete(State(app): State<App>, Data(name): Data<String>) {
        app.notes.add(format!("deleted {name}"));
    }
    let story = Story::of("stories/story_30.mjs", |app| {
        let namespace = Namespace::new()
            .on("say", say)
            .on("delete-user", delete)
            .layer(event::from_fn(guard))
            .layer(event::from_fn_with_state(app.clone(), watch));
        let sockeye = sockeye::Sockeye::builder()
            .handle(&app.io)
            .namespace("/", namespace)
            .build_with_state(app.clone());
        sockeye.router().with_state(app)
    });
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_33_listening_once_and_no_more() {
    async fn listen(State(app): State<App>, socket: Socket) {
        let notes = |note: &'static str| {
            let app = app.clone();
            async move || app.notes.add(note)
        };
        let once = app.clone();
        socket.once("once", async move |Raw(args): Raw| once.notes.add(format!("once {}", args.as_json())));
        let handle = socket.on("twice", notes("twice a"));
        socket.on("twice", notes("twice b"));
        socket.on("other", notes("other"));
        let (noted, itself) = (app.clone(), socket.clone());
        socket.on("self", async move || {
            noted.notes.add("self");
            itself.off_event("self");
        });
        socket.extensions().insert(handle);
        app.notes.add("ready");
    }
    async fn off(socket: Socket, Data(what): Data<String>) {
        match what.as_str() {
            "handle" => assert!(socket.off(socket.extensions().get().expect("it was left there"))),
            "event" => assert_eq!(socket.off_event("twice"), 1),
            _ => socket.off_all(),
        }
    }
    let story = Story::new("stories/story_33.mjs", |io| {
        let namespace = Namespace::new().on_connect(listen).on("off", off).on("fence", async || {});
        io.namespace("/", namespace)
    });
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_34_everything_that_comes_in() {
    async fn listen(State(app): State<App>, socket: Socket) {
        let noted = app.clone();
        socket.on_any(async move |event: Event| {
            let mut note = format!("{} {}", event.name(), event.arguments().as_json());
            for bytes in event.arguments().attachments() {
                note.push_str(&format!(" bytes {}", bytes[0]));
            }
            noted.notes.add(note);
            if event.name().starts_with("answered") {
                event.parts().acker().send("caught").await.expect("the client is there");
            }
        });
        app.notes.add("ready");
    }
    let story = Story::new("stories/story_34.mjs", |io| {
        let known = async || Data("handler");
        io.namespace("/", Namespace::new().on_connect(listen).on("known", known))
    });
    story.on_every_transport().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_35_everything_that_goes_out() {
    async fn listen(State(app): State<App>, socket: Socket) {
        let noted = app.clone();
        socket.on_any_outgoing(move |_, event| {
            let bytes: usize = event.attachments().map(<[u8]>::len).sum();
            noted.notes.add(format!("own {} {} {bytes} bytes", event.name(), event.json()));
        });
        app.notes.add("ready");
    }
    async fn emit(socket: Socket) -> Data<&'static str> {
        let bytes = Bytes::from_static(&[1, 2, 3]);
        socket.emit("direct", (json!({ "a": 1 }), bytes)).await.expect("the client is there");
        Data("emitted")
    }
    let story = Story::of("stories/story_35.mjs", |app| {
        let noted = app.clone();
        let namespace = Namespace::new()
            .on_connect(listen)
            .on("emit", emit)
            .outgoing(move |_, event| noted.notes.add(format!("all {}", event.name())));
        let sockeye = sockeye::Sockeye::builder()
            .handle(&app.io)
            .namespace("/", namespace)
            .build_with_state(app.clone());
        sockeye.router().with_state(app)
    });
    let story = story.answer("broadcast", async |stage, _| {
        stage.server.io().emit("outgoing-event", (1, "2")).await.expect("the server is up");
        Value::Null
    });
    story.on_every_transport().await;
}

/// Everything that the stock client does by itself: its listeners, its options, the events of its manager.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_stock_client_has_of_its_own_works_as_ever() {
    async fn message(socket: Socket, Args((text, number)): Args<(String, u8)>) {
        socket.send((text, number)).await.expect("it is connected");
    }
    async fn ask(socket: Socket) -> Data<String> {
        Data(socket.emit_with_ack("who", ()).await.expect("it answers"))
    }
    async fn handshake(socket: Socket) -> Data<Value> {
        let handshake = socket.handshake();
        let auth: Value = serde_json::from_slice(socket.auth()).unwrap_or_default();
        Data(json!({
            "room": handshake.query_param("room"),
            "stamp": handshake.query_param("stamp"),
            "client": handshake.header("x-client"),
            "token": auth["token"],
        }))
    }
    let story = Story::new("stories/stock_client.mjs", |io| {
        let main = Namespace::new()
            .on("message", message)
            .on("echo", async |Data(text): Data<String>| Data(text))
            .on("bytes", async |Data(bytes): Data<Bytes>| Data(bytes))
            .on("never", async || NoAck)
            .on("ask-me", ask)
            .on("handshake", handshake);
        io.ping_interval(Duration::from_millis(400))
            .ping_timeout(Duration::from_millis(2000))
            .namespace("/", main)
            .namespace("/chat", Namespace::new())
    });
    story.answer("sessions", async |stage, _| json!(stage.server.io().sessions())).on_every_transport().await;
}
