//! Logging in over HTTP before connecting, and what a handshake looks like to the application.

use std::net::SocketAddr;

use axum::{
    Extension, Json, Router,
    extract::{ConnectInfo, FromRequestParts, Query},
    http::{Request, StatusCode, request::Parts},
    routing::{get, post},
};
use axum_extra::extract::{CookieJar, cookie::Cookie};
use serde_json::{Value, json};
use sockeye::{Admitted, Data, Namespace, Origins, Socket, Sockeye};
use sockeye_test::{Transport, World};

use crate::secs;

#[derive(Clone)]
struct User(String);

impl<S: Send + Sync> FromRequestParts<S> for User {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let jar = CookieJar::from_headers(&parts.headers);
        jar.get("user").map(|cookie| Self(cookie.value().to_owned())).ok_or(StatusCode::UNAUTHORIZED)
    }
}

async fn login(jar: CookieJar, Json(name): Json<String>) -> CookieJar {
    let cookie = Cookie::parse(format!("user={name}; Path=/; HttpOnly; Max-Age=3600")).unwrap();
    jar.add(cookie)
}

async fn seen(socket: Socket) -> Data<Value> {
    let handshake = socket.handshake();
    let address = handshake.address().map(|address| address.to_string());
    Data(json!([handshake.header("user-agent"), handshake.query(), address]))
}

fn world() -> World {
    let namespace = Namespace::new()
        .admit(async |user: User| Extension(user))
        .on("whoami", async |Admitted(User(name)): Admitted<User>| Data(name))
        .on("seen", seen);
    let open = Namespace::new().on("seen", seen);
    let origins = Origins::list(["https://chat.example"]);
    let sockeye =
        Sockeye::builder().origins(origins).namespace("/", namespace).namespace("/open", open).build();
    let router = Router::new()
        .route("/login", post(login))
        .route("/me", get(async |User(name): User| name))
        .route(
            "/address",
            get(async |ConnectInfo(peer): ConnectInfo<SocketAddr>, Query(query): Query<Value>| {
                format!("{peer} {query}")
            }),
        )
        .merge(sockeye.router());
    World::new(router)
}

#[tokio::test(start_paused = true)]
async fn a_client_logs_in_and_its_cookie_opens_the_namespace_until_it_ends() {
    for transport in Transport::ALL {
        let world = world();
        let ada = world.client("/").transport(transport);
        assert_eq!(ada.get("/me").await.status, StatusCode::UNAUTHORIZED);
        let refused = ada.clone().connect().await.unwrap_err();
        assert_eq!(refused.data.unwrap()["status"], 401);

        assert_eq!(ada.post("/login", "ada").await.status, StatusCode::OK);
        assert_eq!(ada.cookie_value("user").as_deref(), Some("ada"));
        assert_eq!(ada.get("/me").await.text(), "ada");
        let ada = ada.connect().await.unwrap();
        assert_eq!(ada.emit_with_ack::<String>("whoami", ()).await.unwrap(), "ada");

        world.advance(secs(3600)).await;
        assert_eq!(ada.cookie_value("user"), None);
        assert_eq!(ada.get("/me").await.status, StatusCode::UNAUTHORIZED);
        assert!(ada.reconnect().await.is_err());
        assert!(ada.connected(), "what is open stays open");
    }
}

#[tokio::test(start_paused = true)]
async fn clients_share_no_cookies_and_one_given_counts_like_one_set() {
    let world = world();
    let ada = world.client("/").cookie("user", "ada").connect().await.unwrap();
    let bob = world.client("/").cookie("user", "bob").connect().await.unwrap();
    for (client, name) in [(&ada, "ada"), (&bob, "bob")] {
        assert_eq!(client.emit_with_ack::<String>("whoami", ()).await.unwrap(), name);
        assert_eq!(client.get("/me").await.text(), name);
    }
    ada.post("/login", "eve").await;
    ada.disconnect().await;
    let eve = ada.reconnect().await.unwrap();
    assert_eq!(eve.emit_with_ack::<String>("whoami", ()).await.unwrap(), "eve");
}

#[tokio::test(start_paused = true)]
async fn headers_query_and_address_reach_the_application() {
    for transport in Transport::ALL {
        let world = world();
        let client = world
            .client("/open")
            .transport(transport)
            .header("User-Agent", "kit")
            .query("room", "a&b c")
            .address(([192, 0, 2, 7], 4242));
        let request = Request::get("/address?x=1").body("").unwrap();
        assert_eq!(client.http(request).await.text(), r#"192.0.2.7:4242 {"x":"1"}"#);
        let client = client.connect().await.unwrap();
        let seen: Value = client.emit_with_ack("seen", ()).await.unwrap();
        assert_eq!((&seen[0], &seen[2]), (&json!("kit"), &json!("192.0.2.7")));
        let query = seen[1].as_str().unwrap();
        assert!(query.starts_with("EIO=4&transport=") && query.contains("&room=a%26b+c"), "{query}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_not_opened_says_why() {
    let world = world();
    for transport in Transport::ALL {
        let client = world.client("/open").transport(transport).header("Origin", "https://elsewhere.example");
        let error = client.connect().await.unwrap_err();
        assert_eq!((error.status, error.message.as_str()), (Some(403), "Origin not allowed"), "{transport}");
        let lost = world.clone().path("/nowhere/").client("/open").transport(transport).connect().await;
        assert_eq!(lost.unwrap_err().status, Some(404));
    }
}
