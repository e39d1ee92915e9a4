//! How a session ends: by a logout anywhere, or at the second its token names.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::support::client::Client;
use crate::support::{SECRET, ask, config, login, request, router, token};
use axum::http::Method;
use axum::http::header::COOKIE;
use chat_jwt::token::Claims;
use jsonwebtoken::{DecodingKey, Validation};
use serde_json::json;

#[tokio::test]
async fn a_logout_disconnects_every_socket_of_the_user_and_nobody_elses() {
    let router = router();
    let ada = login(&router, "ada").await;
    let bob = login(&router, "bob").await;
    let mut first = Client::connect(&router, &ada).await.unwrap();
    let mut second = Client::connect(&router, &ada).await.unwrap();
    let mut other = Client::connect(&router, &bob).await.unwrap();
    for client in [&mut first, &mut second, &mut other] {
        client.event("welcome").await;
    }
    assert_eq!(other.ask("join-room", json!("r")).await["ok"], true);
    assert_eq!(second.ask("join-room", json!("r")).await["ok"], true);

    ask(&router, request(Method::POST, "/logout", &[(COOKIE.as_str(), &ada)], "")).await;
    first.sent_away().await;
    second.sent_away().await;
    assert_eq!(other.event("user-left").await[1]["user"], "ada");
    assert_eq!(
        other.ask("members", json!("r")).await["members"],
        json!([{ "name": "bob", "socketId": other.id }])
    );
}

#[tokio::test]
async fn a_socket_is_told_and_sent_away_at_the_second_its_token_ends() {
    let mut config = config();
    config.token_lifetime = Duration::from_secs(2);
    let router = chat_jwt::app(config).router;
    let cookie = login(&router, "ada").await;
    let ends = end_of(token(&cookie));
    let mut ada = Client::connect(&router, &cookie).await.unwrap();
    assert!(ada.event("session-expired").await[0].is_string());
    assert_eq!(unix_time(), ends);
    ada.sent_away().await;
    assert_eq!(unix_time(), ends);
    assert!(Client::connect(&router, &cookie).await.is_err());
}

fn end_of(token: &str) -> u64 {
    let key = DecodingKey::from_secret(SECRET);
    jsonwebtoken::decode::<Claims>(token, &key, &Validation::default()).unwrap().claims.exp
}

/// In whole seconds, as tokens count.
fn unix_time() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}
