//! Who is let in.

use std::time::Duration;

use serde_json::json;
use sockeye::Io;
use sockeye_admin::{AdminError, AdminOptions, Auth, MemoryStore};

use crate::{
    client::Client,
    server::{basic, credentials, serve},
};

const HOME: [u8; 4] = [127, 0, 0, 1];

#[test]
fn a_password_that_is_no_bcrypt_hash_is_a_mistake_at_the_start() {
    let error = sockeye_admin::instrument(&Io::new(), AdminOptions::new(Auth::basic("admin", "changeit")))
        .unwrap_err();
    assert_eq!(error, AdminError::PasswordHash);
    assert_eq!(error.to_string(), "the `password` field must be a valid bcrypt hash");
}

#[test]
fn a_name_that_is_taken_is_an_error() {
    let io = Io::new();
    let again = || sockeye_admin::instrument(&io, AdminOptions::new(Auth::None));
    assert!(again().is_ok());
    assert!(matches!(again(), Err(AdminError::Namespace(_))));
}

#[tokio::test(start_paused = true)]
async fn the_namespace_may_come_when_the_server_runs() {
    let server = serve(AdminOptions::new(basic()));
    let later = AdminOptions::new(Auth::None).namespace("/later");
    sockeye_admin::instrument(&server.io, later).unwrap();
    Client::open(&server.app, HOME).await.join("/later", &json!({})).await;
}

#[tokio::test(start_paused = true)]
async fn everybody_else_reads_the_text_that_the_page_waits_for() {
    let server = serve(AdminOptions::new(basic()));
    let wrong = [
        json!({}),
        json!({ "username": "admin" }),
        json!({ "username": "admin", "password": "wrong" }),
        json!({ "username": "nobody", "password": "changeit" }),
        json!({ "username": 7, "password": [] }),
        json!({ "sessionId": "0123456789abcdef" }),
        json!({ "sessionId": "a".repeat(10_000) }),
    ];
    for auth in wrong {
        let answer = Client::open(&server.app, HOME).await.ask("/admin", &auth).await;
        assert_eq!(answer, json!({ "message": "invalid credentials" }), "{auth}");
    }
    assert_eq!(server.admin.admins(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_session_comes_first_and_lets_in_again_until_it_is_over() {
    let store = MemoryStore::new(Duration::from_secs(60), 10);
    let server = serve(AdminOptions::new(basic()).store(store));
    let mut admin = Client::open(&server.app, HOME).await;
    admin.join("/admin", &credentials()).await;
    let news = admin.news().await;
    assert_eq!(news[0][0], "session");
    let again = json!({ "sessionId": news[0][1] });

    let mut reload = Client::open(&server.app, HOME).await;
    reload.join("/admin", &again).await;
    assert!(reload.news().await.iter().all(|event| event[0] != "session"));
    tokio::time::advance(Duration::from_secs(60)).await;
    let answer = Client::open(&server.app, HOME).await.ask("/admin", &again).await;
    assert_eq!(answer, json!({ "message": "invalid credentials" }));
}

#[tokio::test(start_paused = true)]
async fn wrong_passwords_are_limited_by_address_and_sessions_are_not() {
    let server = serve(AdminOptions::new(basic()).login_tries(2, Duration::from_secs(60)));
    let mut admin = Client::open(&server.app, HOME).await;
    admin.join("/admin", &credentials()).await;
    let session = json!({ "sessionId": admin.news().await[0][1] });
    let wrong = json!({ "username": "admin", "password": "wrong" });
    for expected in
        ["invalid credentials", "invalid credentials", "too many login tries, please try again later"]
    {
        assert_eq!(Client::open(&server.app, HOME).await.ask("/admin", &wrong).await["message"], expected);
    }
    let right = Client::open(&server.app, HOME).await.ask("/admin", &credentials()).await;
    assert!(right["sid"].is_null(), "not even the right one now");
    Client::open(&server.app, [192, 0, 2, 1]).await.join("/admin", &credentials()).await;
    Client::open(&server.app, HOME).await.join("/admin", &session).await;
    tokio::time::advance(Duration::from_secs(60)).await;
    Client::open(&server.app, HOME).await.join("/admin", &credentials()).await;
}

#[tokio::test(start_paused = true)]
async fn a_layer_around_the_admission_decides_first() {
    let refuse = axum::middleware::from_fn(async |_: axum::extract::Request, _: axum::middleware::Next| {
        sockeye::Refusal::new("not you")
    });
    let server = serve(AdminOptions::new(Auth::None).admit_layer(refuse));
    let answer = Client::open(&server.app, HOME).await.ask("/admin", &json!({})).await;
    assert_eq!(answer, json!({ "message": "not you" }));
}
