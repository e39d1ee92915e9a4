//! How a session ends: by a logout anywhere, or at the second its token names.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::support::{SECRET, ask, config, heard, join, login, world};
use chat_jwt::token::Claims;
use jsonwebtoken::{DecodingKey, Validation};
use serde_json::json;
use sockeye_test::World;

#[tokio::test(start_paused = true)]
async fn a_logout_disconnects_every_socket_of_the_user_and_nobody_elses() {
    let world = world();
    let ada = login(&world, "ada").await;
    let first = ada.clone().connect().await.unwrap();
    let second = ada.clone().connect().await.unwrap();
    let other = join(&world, "bob").await;
    assert_eq!(ask(&other, "join-room", json!("r")).await["ok"], true);
    assert_eq!(ask(&second, "join-room", json!("r")).await["ok"], true);

    ada.post("/logout", &()).await;
    for socket in [first, second] {
        assert_eq!(socket.left().await, "io server disconnect");
    }
    assert!(ada.connect().await.is_err(), "the cookie is gone too");
    assert_eq!(heard(&other, "user-left").await[1]["user"], "ada");
    assert_eq!(
        ask(&other, "members", json!("r")).await["members"],
        json!([{ "name": "bob", "socketId": other.id() }])
    );
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_dies_is_told_to_the_room_once_the_heartbeat_misses_it() {
    let world = world();
    let ada = join(&world, "ada").await;
    let bob = join(&world, "bob").await;
    for client in [&ada, &bob] {
        assert_eq!(ask(client, "join-room", json!("r")).await["ok"], true);
    }
    world.cut(&bob);
    world.advance(Duration::from_secs(24)).await;
    ada.assert_no("user-left").await;
    world.advance(Duration::from_secs(21)).await;
    assert_eq!(heard(&ada, "user-left").await[1]["user"], "bob");
}

/// By the clock on the wall, which is the one that tokens name.
#[tokio::test]
async fn a_socket_is_told_and_sent_away_at_the_second_its_token_ends() {
    let mut config = config();
    config.token_lifetime = Duration::from_secs(2);
    let world = World::in_real_time(chat_jwt::app(config).router);
    let ada = login(&world, "ada").await;
    let ends = end_of(&ada.cookie_value("token").unwrap());
    let socket = ada.clone().connect().await.unwrap();
    assert!(heard(&socket, "session-expired").await[0].is_string());
    assert_eq!(unix_time(), ends);
    socket.left().await;
    assert_eq!(unix_time(), ends);
    assert!(ada.connect().await.is_err());
}

fn end_of(token: &str) -> u64 {
    let key = DecodingKey::from_secret(SECRET);
    jsonwebtoken::decode::<Claims>(token, &key, &Validation::default()).unwrap().claims.exp
}

/// In whole seconds, as tokens count.
fn unix_time() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}
