//! The doors over HTTP: passwords, cookies, who is told what.

use crate::support::{config, login, world, world_of};
use axum::http::header::{CONTENT_TYPE, SET_COOKIE};
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use sockeye_test::Answer;

#[tokio::test(start_paused = true)]
async fn the_right_password_opens_and_the_cookie_is_for_the_server_alone() {
    let carol = world().client("/");
    let answer = carol.post("/login", &json!({ "name": "carol", "password": "carol" })).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.text(), r#"{"message":"Login Success"}"#);
    assert_eq!(attributes(&answer), ["HttpOnly", "Path=/", "SameSite=Lax"]);

    let me = carol.get("/me").await;
    assert_eq!((me.status, me.json()), (StatusCode::OK, json!({ "name": "carol", "role": "admin" })));
    assert!(carol.connect().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn across_sites_the_cookie_says_so_and_travels_encrypted_only() {
    let mut config = config();
    config.cross_site = true;
    let ada = world_of(config).client("/");
    let answer = ada.post("/login", &json!({ "name": "ada", "password": "ada" })).await;
    assert_eq!(attributes(&answer), ["HttpOnly", "Path=/", "SameSite=None", "Secure"]);
}

#[tokio::test(start_paused = true)]
async fn across_sites_a_foreign_page_cannot_use_the_cookie() {
    let mut config = config();
    config.cross_site = true;
    let ada = login(&world_of(config), "ada").await.header("host", "chat.example");
    let me = async |origin| ada.clone().header("origin", origin).get("/me").await.status;
    assert_eq!(me("https://elsewhere.example").await, StatusCode::UNAUTHORIZED);
    assert_eq!(me("http://localhost:5173").await, StatusCode::OK);
    assert_eq!(me("https://chat.example").await, StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn a_wrong_password_and_an_unknown_name_get_the_same_sentence() {
    let visitor = world().client("/");
    for body in [json!({ "name": "ada", "password": "bob" }), json!({ "name": "nobody", "password": "ada" })]
    {
        let answer = visitor.post("/login", &body).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.json::<Value>(), json!({ "message": "Wrong name or password." }));
        assert!(!answer.headers.contains_key(SET_COOKIE));
    }
    assert!(visitor.connect().await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_no_login_is_refused_without_being_quoted() {
    let visitor = world().client("/");
    for body in [r#"{"name":"ada","password":1234567}"#, "[", r#"{"name":"ada"}"#] {
        let request = Request::post("/login").header(CONTENT_TYPE, "application/json").body(body).unwrap();
        let answer = visitor.http(request).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.json::<Value>()["message"].is_string() && !answer.text().contains("1234567"));
    }
}

#[tokio::test(start_paused = true)]
async fn the_session_tells_a_page_who_it_is_without_an_error() {
    let world = world();
    let nobody = world.client("/").get("/session").await;
    assert_eq!(nobody.json::<Value>(), json!({ "user": null, "guest": false }));
    let session = login(&world, "bob").await.get("/session").await;
    assert_eq!(
        session.json::<Value>(),
        json!({ "user": { "name": "bob", "role": "member" }, "guest": false })
    );
    assert_eq!(session.headers.get("cache-control").unwrap(), "no-store");
    let stale = world.client("/").cookie("token", "stale").get("/session").await;
    assert_eq!((stale.status, stale.json::<Value>()["message"].is_string()), (StatusCode::OK, true));
}

#[tokio::test(start_paused = true)]
async fn logging_out_takes_the_cookie_away() {
    let ada = login(&world(), "ada").await;
    assert!(ada.cookie_value("token").is_some());
    assert_eq!(ada.post("/logout", &()).await.status, StatusCode::OK);
    assert_eq!(ada.cookie_value("token"), None);
    assert_eq!(ada.get("/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(start_paused = true)]
async fn a_guest_is_let_in_only_where_guests_are_wanted() {
    let answer = world().client("/").get("/login").await;
    assert!(!answer.headers.contains_key(SET_COOKIE));

    let mut config = config();
    config.guest = true;
    let guest = world_of(config).client("/");
    assert_eq!(guest.get("/login").await.text(), r#"{"message":"Login Success"}"#);
    let me: Value = guest.get("/me").await.json();
    assert_eq!(me["role"], "guest");
    assert!(me["name"].as_str().unwrap().starts_with("guest-"));
}

#[tokio::test(start_paused = true)]
async fn only_listed_origins_may_read_answers_with_credentials() {
    let visitor = world().client("/");
    let preflight = async |origin: &str| {
        let request = Request::builder()
            .method(Method::OPTIONS)
            .uri("/login")
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type");
        visitor.http(request.body("").unwrap()).await
    };
    let listed = preflight("http://localhost:5173").await;
    assert_eq!(listed.status, StatusCode::OK);
    assert_eq!(listed.header("access-control-allow-origin"), Some("http://localhost:5173"));
    assert_eq!(listed.header("access-control-allow-credentials"), Some("true"));
    assert_eq!(preflight("http://elsewhere.example").await.header("access-control-allow-origin"), None);
}

#[tokio::test(start_paused = true)]
async fn a_page_of_a_foreign_origin_opens_no_session() {
    let world = world();
    let ada = login(&world, "ada").await.header("host", "chat.example");
    for origin in ["https://chat.example", "http://localhost:5173"] {
        assert!(ada.clone().header("origin", origin).connect().await.is_ok());
    }
    let refused = ada.header("origin", "https://elsewhere.example").connect().await.unwrap_err();
    assert_eq!((refused.status, refused.message.as_str()), (Some(403), "Origin not allowed"));
}

/// What the cookie that is set comes with.
fn attributes(answer: &Answer) -> Vec<&str> {
    let mut attributes: Vec<_> = answer.header("set-cookie").unwrap().split("; ").skip(1).collect();
    attributes.sort_unstable();
    attributes
}
