//! The doors over HTTP: passwords, cookies, who is told what.

use crate::support::{ask, config, fetch, login, post_login, request, router};
use axum::http::header::{CONTENT_TYPE, COOKIE, ORIGIN};
use axum::http::{Method, StatusCode};
use serde_json::json;

#[tokio::test]
async fn the_right_password_opens_and_the_cookie_is_for_the_server_alone() {
    let router = router();
    let answer = post_login(&router, json!({ "name": "carol", "password": "carol" })).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.body, r#"{"message":"Login Success"}"#);
    let mut attributes: Vec<_> = answer.cookie().split("; ").skip(1).collect();
    attributes.sort_unstable();
    assert_eq!(attributes, ["HttpOnly", "Path=/", "SameSite=Lax"]);

    let cookie = answer.cookie().split(';').next().unwrap();
    let me = fetch(&router, "/me", cookie).await;
    assert_eq!((me.status, me.json()), (StatusCode::OK, json!({ "name": "carol", "role": "admin" })));
}

#[tokio::test]
async fn across_sites_the_cookie_says_so_and_travels_encrypted_only() {
    let mut config = config();
    config.cross_site = true;
    let router = chat_jwt::app(config).router;
    let answer = post_login(&router, json!({ "name": "ada", "password": "ada" })).await;
    let mut attributes: Vec<_> = answer.cookie().split("; ").skip(1).collect();
    attributes.sort_unstable();
    assert_eq!(attributes, ["HttpOnly", "Path=/", "SameSite=None", "Secure"]);
}

#[tokio::test]
async fn across_sites_a_foreign_page_cannot_use_the_cookie() {
    let mut config = config();
    config.cross_site = true;
    let router = chat_jwt::app(config).router;
    let cookie = login(&router, "ada").await;
    let me = async |origin| {
        let headers =
            [(COOKIE.as_str(), cookie.as_str()), (ORIGIN.as_str(), origin), ("host", "chat.example")];
        ask(&router, request(Method::GET, "/me", &headers, "")).await.status
    };
    assert_eq!(me("https://elsewhere.example").await, StatusCode::UNAUTHORIZED);
    assert_eq!(me("http://localhost:5173").await, StatusCode::OK);
    assert_eq!(me("https://chat.example").await, StatusCode::OK);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_get_the_same_sentence() {
    let router = router();
    for body in [json!({ "name": "ada", "password": "bob" }), json!({ "name": "nobody", "password": "ada" })]
    {
        let answer = post_login(&router, body).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.json(), json!({ "message": "Wrong name or password." }));
        assert!(!answer.headers.contains_key("set-cookie"));
    }
}

#[tokio::test]
async fn a_body_that_is_no_login_is_refused_without_being_quoted() {
    let router = router();
    for body in [r#"{"name":"ada","password":1234567}"#, "[", r#"{"name":"ada"}"#] {
        let headers = [(CONTENT_TYPE.as_str(), "application/json")];
        let answer = ask(&router, request(Method::POST, "/login", &headers, body)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.json()["message"].is_string() && !answer.body.contains("1234567"), "{}", answer.body);
    }
}

#[tokio::test]
async fn the_session_tells_a_page_who_it_is_without_an_error() {
    let router = router();
    assert_eq!(fetch(&router, "/session", "").await.json(), json!({ "user": null, "guest": false }));
    let cookie = login(&router, "bob").await;
    let session = fetch(&router, "/session", &cookie).await;
    assert_eq!(session.json(), json!({ "user": { "name": "bob", "role": "member" }, "guest": false }));
    assert_eq!(session.headers.get("cache-control").unwrap(), "no-store");
    let stale = fetch(&router, "/session", "token=stale").await;
    assert_eq!((stale.status, stale.json()["message"].is_string()), (StatusCode::OK, true));
}

#[tokio::test]
async fn logging_out_takes_the_cookie_away() {
    let router = router();
    let cookie = login(&router, "ada").await;
    let answer = ask(&router, request(Method::POST, "/logout", &[(COOKIE.as_str(), &cookie)], "")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        answer.cookie().starts_with("token=;") && answer.cookie().contains("Max-Age=0"),
        "{}",
        answer.cookie()
    );
}

#[tokio::test]
async fn a_guest_is_let_in_only_where_guests_are_wanted() {
    let answer = fetch(&router(), "/login", "").await;
    assert!(!answer.headers.contains_key("set-cookie"));

    let mut config = config();
    config.guest = true;
    let router = chat_jwt::app(config).router;
    let answer = fetch(&router, "/login", "").await;
    assert_eq!(answer.body, r#"{"message":"Login Success"}"#);
    let me = fetch(&router, "/me", answer.cookie().split(';').next().unwrap()).await.json();
    assert_eq!(me["role"], "guest");
    assert!(me["name"].as_str().unwrap().starts_with("guest-"));
}

#[tokio::test]
async fn only_listed_origins_may_read_answers_with_credentials() {
    let router = router();
    let preflight = async |origin| {
        let headers = [
            (ORIGIN.as_str(), origin),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "content-type"),
        ];
        ask(&router, request(Method::OPTIONS, "/login", &headers, "")).await
    };
    let listed = preflight("http://localhost:5173").await;
    assert_eq!(listed.status, StatusCode::OK);
    assert_eq!(listed.headers.get("access-control-allow-origin").unwrap(), "http://localhost:5173");
    assert_eq!(listed.headers.get("access-control-allow-credentials").unwrap(), "true");
    assert!(!preflight("http://elsewhere.example").await.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn a_page_of_a_foreign_origin_opens_no_session() {
    let router = router();
    let open = async |origin| {
        let headers = [(ORIGIN.as_str(), origin), ("host", "chat.example")];
        let uri = "/socket.io/?EIO=4&transport=polling";
        ask(&router, request(Method::GET, uri, &headers, "")).await
    };
    for origin in ["https://chat.example", "http://localhost:5173"] {
        assert_eq!(open(origin).await.status, StatusCode::OK);
    }
    let refused = open("https://elsewhere.example").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(refused.json(), json!({ "code": 4, "message": "Origin not allowed" }));
}
