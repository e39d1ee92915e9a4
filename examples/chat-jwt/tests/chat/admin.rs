//! Who may look at the admin UI, and what they see there.

use axum::http::StatusCode;
use serde_json::json;
use sockeye_test::{TestClient, World};

use crate::support::{ask, config, heard, join, login, world, world_of};

/// The page that npm brings, in a folder of the test.
fn packages() -> tempfile::TempDir {
    let packages = tempfile::tempdir().unwrap();
    for (name, content) in [
        ("@socket.io/admin-ui/ui/dist/index.html", "<p>admin"),
        ("@mdi/font/css/materialdesignicons.min.css", ""),
        ("@mdi/font/fonts/a.woff2", ""),
    ] {
        let file = packages.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, content).unwrap();
    }
    packages
}

/// Carol at her page, which connects with her cookie and without a password.
async fn look(world: &World) -> TestClient {
    let visitor = login(world, "carol").await;
    let carol = world.client("/admin").cookie("token", &visitor.cookie_value("token").unwrap());
    carol.connect().await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_page_is_for_an_admin_alone() {
    let packages = packages();
    let mut config = config();
    config.packages = Some(packages.path().to_owned());
    let world = world_of(config);
    assert_eq!(world.client("/").get("/admin/").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(login(&world, "ada").await.get("/admin/").await.status, StatusCode::FORBIDDEN);
    let carol = login(&world, "carol").await;
    let page = carol.get("/admin/").await;
    assert_eq!((page.status, page.text().as_str()), (StatusCode::OK, "<p>admin"));
    assert_eq!(carol.get("/admin").await.status, StatusCode::PERMANENT_REDIRECT);
}

#[tokio::test(start_paused = true)]
async fn without_the_page_a_sentence_says_so() {
    let answer = login(&world(), "carol").await.get("/admin/").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test(start_paused = true)]
async fn the_namespace_is_for_an_admin_alone() {
    let world = world();
    assert!(world.client("/admin").connect().await.is_err());
    let ada = login(&world, "ada").await.cookie_value("token").unwrap();
    assert!(world.client("/admin").cookie("token", &ada).connect().await.is_err());
    let carol = look(&world).await;
    assert!(heard(&carol, "config").await[0]["supportedFeatures"].is_array());
}

#[tokio::test(start_paused = true)]
async fn an_admin_sees_who_writes_and_not_what() {
    let world = world();
    let ada = join(&world, "ada").await;
    let _bob = join(&world, "bob").await;
    let carol = look(&world).await;
    ask(&ada, "private-message", json!({ "to": "bob", "message": "between us" })).await;
    let seen = heard(&carol, "event_received").await;
    assert_eq!(seen[2], json!(["private-message"]));
    let sent = heard(&carol, "event_sent").await;
    assert_eq!(sent[2], json!(["receive-message"]));
    carol.assert_no("event_received").await;
    let others: Vec<String> = carol.take_all().iter().map(|event| event.json().to_string()).collect();
    assert!(!others.concat().contains("between us"));
}

#[tokio::test(start_paused = true)]
async fn a_logout_reaches_the_admin_page_too() {
    let world = world();
    let carol = look(&world).await;
    login(&world, "carol").await.post("/logout", &()).await;
    assert_eq!(carol.left().await, "io server disconnect");
}
