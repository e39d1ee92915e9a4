//! Tokens that open nothing: neither a route nor the namespace, and the message says what went wrong.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::support::client::Client;
use crate::support::{SECRET, fetch, login, router, token};
use axum::http::StatusCode;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

#[tokio::test]
async fn a_token_opens_by_cookie_and_by_auth() {
    let router = router();
    let cookie = login(&router, "ada").await;
    let mut by_cookie = Client::connect(&router, &cookie).await.unwrap();
    assert_eq!(
        by_cookie.event("welcome").await,
        json!(["Welcome, ada.", { "name": "ada", "role": "member" }])
    );
    let mut by_auth = Client::connect_with(&router, "", &json!({ "token": token(&cookie) })).await.unwrap();
    assert_eq!(by_auth.event("welcome").await[1]["name"], "ada");
}

#[tokio::test]
async fn without_a_token_nothing_opens() {
    let router = router();
    assert_refused(&router, "", "token_missing").await;
}

#[tokio::test]
async fn garbage_opens_nothing() {
    let router = router();
    for cookie in ["token=", "token=garbage", "token=a.b.c", "token=%00"] {
        assert_refused(&router, cookie, "token_invalid").await;
    }
}

#[tokio::test]
async fn a_token_of_another_key_opens_nothing() {
    let router = router();
    let forged = sign(&Header::default(), &claims(60), b"another key that is also thirty-two bytes long");
    assert_refused(&router, &format!("token={forged}"), "token_invalid").await;
}

#[tokio::test]
async fn a_token_of_another_algorithm_opens_nothing() {
    let router = router();
    let stronger = sign(&Header::new(Algorithm::HS512), &claims(60), SECRET);
    assert_refused(&router, &format!("token={stronger}"), "token_invalid").await;
}

#[tokio::test]
async fn a_token_that_signs_itself_with_none_opens_nothing() {
    let router = router();
    let good = login(&router, "ada").await;
    let claims = token(&good).split('.').nth(1).unwrap();
    // {"alg":"none","typ":"JWT"}
    let header = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
    assert_refused(&router, &format!("token={header}.{claims}."), "token_invalid").await;
}

#[tokio::test]
async fn a_token_without_an_end_opens_nothing() {
    let router = router();
    let endless = sign(&Header::default(), &json!({ "sub": "ada", "role": "admin", "iat": 0 }), SECRET);
    assert_refused(&router, &format!("token={endless}"), "token_invalid").await;
}

#[tokio::test]
async fn a_token_is_good_until_its_second_and_not_in_it() {
    let router = router();
    let expired = sign(&Header::default(), &claims(0), SECRET);
    assert_refused(&router, &format!("token={expired}"), "token_expired").await;
    let good = sign(&Header::default(), &claims(60), SECRET);
    assert_eq!(fetch(&router, "/me", &format!("token={good}")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_refused_client_disturbs_nobody() {
    let router = router();
    let cookie = login(&router, "ada").await;
    let mut ada = Client::connect(&router, &cookie).await.unwrap();
    for auth in [json!({ "token": "garbage" }), json!({ "token": 7 }), json!({ "token": { "deep": [] } })] {
        // A bad token in `auth` is not made up for by a good cookie: it is what the client meant.
        let error = Client::connect_with(&router, &cookie, &auth).await.err().expect("refused");
        assert_eq!(error["data"]["body"]["code"], "token_invalid");
    }
    assert_eq!(ada.ask("join-room", json!("r")).await["ok"], true);
}

async fn assert_refused(router: &axum::Router, cookie: &str, code: &str) {
    let me = fetch(router, "/me", cookie).await;
    assert_eq!(me.status, StatusCode::UNAUTHORIZED, "{cookie}");
    assert_eq!(
        (&me.json()["message"], &me.json()["code"]),
        (&json!("Authentication Error"), &json!(code)),
        "{cookie}"
    );

    let error = Client::connect(router, cookie).await.err().expect("refused");
    assert_eq!(error["message"], "Authentication Error");
    assert_eq!(error["data"]["status"], 401);
    assert_eq!(error["data"]["body"]["code"], code, "{cookie}");
}

/// Of a token that ends so many seconds from now.
fn claims(seconds: u64) -> Value {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    json!({ "sub": "ada", "role": "member", "iat": now, "exp": now + seconds })
}

fn sign(header: &Header, claims: &Value, secret: &[u8]) -> String {
    jsonwebtoken::encode(header, claims, &EncodingKey::from_secret(secret)).unwrap()
}
