//! Stories about catching up after a connection was lost, told by the stock client.

#![forbid(unsafe_code)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use bytes::Bytes;
use serde_json::{Value, json};
use sockeye::{Data, Dedup, Event, Namespace, Recovery, Socket};
use whole_system::{App, Stage, Story};

/// What the application keeps, in order.
type Items = Arc<Mutex<Vec<String>>>;

fn all(items: &Items) -> Vec<String> {
    items.lock().expect("nobody panics with it").clone()
}

/// Adds `add` and `all` to a story: the first stores an item and tells everybody.
fn about(story: Story, items: &Items) -> Story {
    let (added, listed) = (items.clone(), items.clone());
    let add = move |stage: Arc<Stage>, item: Value| {
        let items = added.clone();
        async move {
            let item = item.as_str().unwrap_or_default().to_owned();
            let number = {
                let mut items = items.lock().expect("nobody panics with it");
                items.push(item.clone());
                items.len()
            };
            json!(stage.server.io().emit("added", (item, number)).await.is_ok())
        }
    };
    let list = move |_: Arc<Stage>, _: Value| {
        let items = listed.clone();
        async move { json!(all(&items)) }
    };
    story.answer("add", add).answer("all", list)
}

#[tokio::test(flavor = "multi_thread")]
async fn story_21_catching_up_by_whole_state() {
    for transport in whole_system::Transport::ALL {
        let items = Items::default();
        let kept = items.clone();
        let story = Story::new("stories/story_21.mjs", move |io| {
            let items = kept.clone();
            let sends = async move |socket: Socket| drop(socket.emit("state", &all(&items)).await);
            io.namespace("/", Namespace::new().on_connect(sends))
        });
        about(story, &items).on(transport).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn story_22_catching_up_since_my_last_event() {
    for transport in whole_system::Transport::ALL {
        let items = Items::default();
        let kept = items.clone();
        let story = Story::new("stories/story_22.mjs", move |io| {
            let items = kept.clone();
            let sends = async move |socket: Socket| {
                let auth: Value = serde_json::from_slice(socket.auth()).unwrap_or_default();
                let seen = auth["serverOffset"].as_u64().unwrap_or(0) as usize;
                for (at, item) in all(&items).iter().enumerate().skip(seen) {
                    let _ = socket.emit("added", (item, at + 1)).await;
                }
            };
            io.namespace("/", Namespace::new().on_connect(sends))
        });
        about(story, &items).on(transport).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn story_23_catching_up_by_recovery() {
    async fn connected(State(app): State<App>, socket: Socket) {
        let is_in = socket.rooms().iter().any(|room| *room == "news");
        let name = socket.data().field::<String>("name").ok().flatten();
        let name = name.as_deref().unwrap_or("none");
        app.notes.add(format!("recovered {}, in room {is_in}, name {name}", socket.recovered()));
        if !socket.recovered() {
            let _ = socket.join("news").await;
            let _ = socket.data().set_field("name", "ada");
        }
    }
    let story = Story::new("stories/story_23.mjs", |io| {
        io.recovery(Recovery::for_at_most(Duration::from_secs(120)))
            .namespace("/", Namespace::new().on_connect(connected))
    });
    let to = |room: &'static str| {
        move |stage: Arc<Stage>, text: Value| async move {
            json!(stage.server.io().to(room).emit("news", text).await.is_ok())
        }
    };
    let file = |stage: Arc<Stage>, number: Value| async move {
        let bytes = Bytes::from(vec![number.as_u64().unwrap_or(0) as u8, 255]);
        json!(stage.server.io().to("news").emit("file", ("file", bytes)).await.is_ok())
    };
    let story = story.answer("news", to("news")).answer("elsewhere", to("elsewhere")).answer("file", file);
    story.on_every_transport().await;
}

/// A client with `retries` sends an event again whose handler is slow, or whose answer was lost; it is handled once.
#[tokio::test(flavor = "multi_thread")]
async fn edge_285_a_client_that_retries_is_answered_once_handled() {
    #[derive(serde::Deserialize)]
    struct Message {
        id: String,
    }
    async fn message(State(app): State<App>, Data(Message { id }): Data<Message>) -> Data<String> {
        app.notes.add(&*id);
        let times = app.notes.all().iter().filter(|note| **note == id).count();
        if id == "slow" {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        Data(format!("{id} {times}"))
    }
    let story = Story::new("stories/edge_285.mjs", |io| {
        let by_id = Dedup::by(|event: &Event| {
            event.arguments().deserialize_first::<Message>().ok().map(|message| message.id)
        });
        io.namespace("/", Namespace::new().on("message", message).layer(by_id))
    });
    story.on_every_transport().await;
}
