//! What the tests share: the chat in a world without a port, its visitors, and what they say.

#![allow(dead_code, reason = "each test program uses its part of it")]

use std::time::Duration;

use axum::http::StatusCode;
use chat_jwt::Config;
use serde_json::{Value, json};
use sockeye::Raw;
use sockeye_test::{ClientBuilder, TestClient, World};

/// The key that all tests sign with, so that a token can be forged for one of them.
pub(crate) const SECRET: &[u8] = b"the tests' key, which has to be thirty-two bytes or longer";

pub(crate) fn config() -> Config {
    let mut config = Config::new().unwrap();
    config.secret = SECRET.to_vec();
    config
}

pub(crate) fn world() -> World {
    world_of(config())
}

pub(crate) fn world_of(config: Config) -> World {
    World::new(chat_jwt::app(config).router)
}

/// A visitor's browser, logged in.
pub(crate) async fn login(world: &World, name: &str) -> ClientBuilder {
    let visitor = world.client("/");
    let answer = visitor.post("/login", &json!({ "name": name, "password": name })).await;
    assert_eq!(answer.status, StatusCode::OK);
    visitor
}

/// A visitor who has logged in and connected, and heard the welcome.
pub(crate) async fn join(world: &World, name: &str) -> TestClient {
    let client = login(world, name).await.connect().await.unwrap();
    client.next::<String>("welcome").await;
    client
}

/// The same in a room.
pub(crate) async fn join_room(world: &World, name: &str, room: &str) -> TestClient {
    let client = join(world, name).await;
    assert_eq!(ask(&client, "join-room", json!(room)).await["ok"], true);
    client
}

/// Emits and gives the acknowledgement.
pub(crate) async fn ask(client: &TestClient, event: &str, argument: Value) -> Value {
    client.emit_with_ack(event, &argument).await.unwrap()
}

/// The same after a second, in which the socket may say as much again.
pub(crate) async fn ask_later(world: &World, client: &TestClient, event: &str, argument: Value) -> Value {
    world.advance(Duration::from_secs(1)).await;
    ask(client, event, argument).await
}

/// The arguments of the next event of that name.
pub(crate) async fn heard(client: &TestClient, event: &str) -> Value {
    let Raw(arguments) = client.next(event).await;
    serde_json::from_str(arguments.as_json()).unwrap()
}

/// The code of an error.
#[track_caller]
pub(crate) fn code(answer: &Value) -> &str {
    answer["error"]["code"].as_str().unwrap_or_else(|| panic!("not refused: {answer}"))
}
