//! Tokens that open nothing: neither a route nor the namespace, and the message says what went wrong.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::support::{SECRET, ask, heard, join, login, world};
use axum::http::StatusCode;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use sockeye_test::{ClientBuilder, World};

#[tokio::test(start_paused = true)]
async fn a_token_opens_by_cookie_and_by_auth() {
    let world = world();
    let ada = login(&world, "ada").await;
    let token = ada.cookie_value("token").unwrap();
    let by_cookie = ada.connect().await.unwrap();
    assert_eq!(
        heard(&by_cookie, "welcome").await,
        json!(["Welcome, ada.", { "name": "ada", "role": "member" }])
    );
    let by_auth = world.client("/").auth(json!({ "token": token })).connect().await.unwrap();
    assert_eq!(heard(&by_auth, "welcome").await[1]["name"], "ada");
}

#[tokio::test(start_paused = true)]
async fn without_a_token_nothing_opens() {
    let world = world();
    assert_refused(&world, "", "token_missing").await;
}

#[tokio::test(start_paused = true)]
async fn garbage_opens_nothing() {
    let world = world();
    for cookie in ["token=", "token=garbage", "token=a.b.c", "token=%00"] {
        assert_refused(&world, cookie, "token_invalid").await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_of_another_key_opens_nothing() {
    let world = world();
    let forged = sign(&Header::default(), &claims(60), b"another key that is also thirty-two bytes long");
    assert_refused(&world, &format!("token={forged}"), "token_invalid").await;
}

#[tokio::test(start_paused = true)]
async fn a_token_of_another_algorithm_opens_nothing() {
    let world = world();
    let stronger = sign(&Header::new(Algorithm::HS512), &claims(60), SECRET);
    assert_refused(&world, &format!("token={stronger}"), "token_invalid").await;
}

#[tokio::test(start_paused = true)]
async fn a_token_that_signs_itself_with_none_opens_nothing() {
    let world = world();
    let good = login(&world, "ada").await.cookie_value("token").unwrap();
    let claims = good.split('.').nth(1).unwrap();
    // {"alg":"none","typ":"JWT"}
    let header = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
    assert_refused(&world, &format!("token={header}.{claims}."), "token_invalid").await;
}

#[tokio::test(start_paused = true)]
async fn a_token_without_an_end_opens_nothing() {
    let world = world();
    let endless = sign(&Header::default(), &json!({ "sub": "ada", "role": "admin", "iat": 0 }), SECRET);
    assert_refused(&world, &format!("token={endless}"), "token_invalid").await;
}

#[tokio::test(start_paused = true)]
async fn a_token_is_good_until_its_second_and_not_in_it() {
    let world = world();
    let expired = sign(&Header::default(), &claims(0), SECRET);
    assert_refused(&world, &format!("token={expired}"), "token_expired").await;
    let good = sign(&Header::default(), &claims(60), SECRET);
    assert_eq!(visitor(&world, &format!("token={good}")).get("/me").await.status, StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn a_refused_client_disturbs_nobody() {
    let world = world();
    let ada = join(&world, "ada").await;
    for auth in [json!({ "token": "garbage" }), json!({ "token": 7 }), json!({ "token": { "deep": [] } })] {
        // A bad token in `auth` is not made up for by a good cookie: it is what the client meant.
        let error = login(&world, "ada").await.auth(auth).connect().await.unwrap_err();
        assert_eq!(error.data.unwrap()["body"]["code"], "token_invalid");
    }
    assert_eq!(ask(&ada, "join-room", json!("r")).await["ok"], true);
}

/// A visitor with this `Cookie` header.
fn visitor(world: &World, cookie: &str) -> ClientBuilder {
    world.client("/").header("cookie", cookie)
}

async fn assert_refused(world: &World, cookie: &str, code: &str) {
    let visitor = visitor(world, cookie);
    let me = visitor.get("/me").await;
    let body: Value = me.json();
    assert_eq!(me.status, StatusCode::UNAUTHORIZED, "{cookie}");
    assert_eq!((&body["message"], &body["code"]), (&json!("Authentication Error"), &json!(code)), "{cookie}");

    let error = visitor.connect().await.unwrap_err();
    assert_eq!(error.message, "Authentication Error");
    let data = error.data.unwrap();
    assert_eq!((&data["status"], &data["body"]["code"]), (&json!(401), &json!(code)), "{cookie}");
}

/// Of a token that ends so many seconds from now.
fn claims(seconds: u64) -> Value {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    json!({ "sub": "ada", "role": "member", "iat": now, "exp": now + seconds })
}

fn sign(header: &Header, claims: &Value, secret: &[u8]) -> String {
    jsonwebtoken::encode(header, claims, &EncodingKey::from_secret(secret)).unwrap()
}
