//! Who may join: an HTTP exchange made of the handshake and the auth payload.

use std::time::Duration;

use axum::{
    Extension, Json, Router,
    body::{Body, to_bytes},
    extract::{FromRequestParts, Query, Request, State},
    http::{HeaderMap, StatusCode, header, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use axum_extra::extract::CookieJar;
use serde::Deserialize;
use serde_json::{Value, json};
use sockeye::{Admitted, Data, Io, Joining, Namespace, Refusal, Socket, Sockeye};
use tokio::time::{Instant, sleep};
use tower::ServiceExt as _;

use crate::kit::{BOTH, Client, Gate, Log, Via, serve, settle};

#[derive(Clone, Debug, PartialEq)]
struct User(String);

impl<S: Sync> FromRequestParts<S> for User {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let jar = CookieJar::from_headers(&parts.headers);
        let cookie = jar.get("session").ok_or((StatusCode::UNAUTHORIZED, "log in first"))?;
        Ok(Self(cookie.value().to_owned()))
    }
}

/// The payload of the CONNECT_ERROR that answers a CONNECT.
async fn refusal(client: &mut Client, connect: &str) -> Value {
    client.send(connect).await;
    let packet = client.packet().await;
    serde_json::from_str(packet.strip_prefix("44").unwrap_or_else(|| panic!("not refused: {packet}")))
        .unwrap()
}

/// What a route answers to that cookie.
async fn profile(app: &Router, cookie: Option<&str>) -> (StatusCode, String) {
    let mut request = Request::get("/profile");
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    let request = request.body(Body::empty()).unwrap();
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 1024).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test(start_paused = true)]
async fn the_same_extractor_guards_a_route_a_namespace_and_an_event() {
    let namespace = Namespace::new()
        .admit(async |user: User| Extension(user))
        .on("admitted", async |Admitted(User(name)): Admitted<User>| Data(name))
        .on("event", async |User(name): User| Data(name));
    let anybody = Namespace::new().on("event", async |User(name): User| Data(name));
    let sockeye = Sockeye::builder().namespace("/", namespace).namespace("/anybody", anybody).build();
    let app = Router::new().route("/profile", get(async |User(name): User| name)).merge(sockeye.router());
    assert_eq!(profile(&app, Some("session=ada")).await, (StatusCode::OK, "ada".to_owned()));
    let refused = (StatusCode::UNAUTHORIZED, "log in first".to_owned());
    assert_eq!(profile(&app, None).await, refused);
    for via in BOTH {
        let mut client = Client::open_with(&app, via, &[("cookie", "session=ada")]).await;
        client.connect("40").await;
        client.send(r#"421["admitted"]"#).await;
        assert_eq!(client.packet().await, r#"431["ada"]"#);
        client.send(r#"422["event"]"#).await;
        assert_eq!(client.packet().await, r#"432["ada"]"#);

        let mut client = Client::open(&app, via).await;
        let refused = refusal(&mut client, "40").await;
        let expected = json!({"message": "log in first", "data": {"status": 401, "body": "log in first"}});
        assert_eq!(refused, expected);
        client.connect("40/anybody,").await;
        client.send(r#"42/anybody,3["event"]"#).await;
        let expected =
            r#"43/anybody,3[{"error":{"code":"unauthorized","message":"log in first","status":401}}]"#;
        assert_eq!(client.packet().await, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_reaches_the_client_word_for_word() {
    #[derive(Deserialize)]
    struct Auth {
        how: String,
    }
    let admit = async |Json(Auth { how }): Json<Auth>| -> Result<(), Response> {
        let json = [(header::CONTENT_TYPE, "application/json")];
        Err(match how.as_str() {
            "message" => Refusal::new("Authentication failed").into_response(),
            "data" => Refusal::new("Access denied").data(json!({"code": "role"})).into_response(),
            "null" => Refusal::new("m").data(Value::Null).into_response(),
            "success" => Refusal::new("no").status(StatusCode::OK).into_response(),
            "status" => StatusCode::FORBIDDEN.into_response(),
            "text" => (StatusCode::CONFLICT, "taken").into_response(),
            "json" => (StatusCode::CONFLICT, json, r#"{"message":"taken","by":"bob"}"#).into_response(),
            "json without message" => (StatusCode::CONFLICT, json, r#"[1]"#).into_response(),
            "number" => (StatusCode::CONFLICT, "123").into_response(),
            "redirect" => StatusCode::FOUND.into_response(),
            "unknown status" => StatusCode::from_u16(599).unwrap().into_response(),
            "panic" => panic!("in an admission"),
            _ => return Ok(()),
        })
    };
    let app = serve(Namespace::new().admit(admit));
    for via in BOTH {
        let mut client = Client::open(&app, via).await;
        let cases = [
            ("message", json!({"message": "Authentication failed"})),
            ("data", json!({"message": "Access denied", "data": {"code": "role"}})),
            ("null", json!({"message": "m", "data": null})),
            ("success", json!({"message": "no"})),
            ("status", json!({"message": "Forbidden", "data": {"status": 403, "body": ""}})),
            ("text", json!({"message": "taken", "data": {"status": 409, "body": "taken"}})),
            (
                "json",
                json!({"message": "taken", "data": {"status": 409, "body": {"message": "taken", "by": "bob"}}}),
            ),
            ("json without message", json!({"message": "Conflict", "data": {"status": 409, "body": [1]}})),
            ("number", json!({"message": "123", "data": {"status": 409, "body": "123"}})),
            ("redirect", json!({"message": "Found", "data": {"status": 302, "body": ""}})),
            ("unknown status", json!({"message": "refused", "data": {"status": 599, "body": ""}})),
            ("panic", json!({"message": "internal error"})),
        ];
        for (how, expected) in cases {
            assert_eq!(refusal(&mut client, &format!(r#"40{{"how":"{how}"}}"#)).await, expected, "{how}");
        }
        // A payload that does not fit is axum's own affair.
        let refused = refusal(&mut client, "40").await;
        assert_eq!(refused["data"]["status"], 422);
        assert!(refused["message"].as_str().unwrap().contains("missing field `how`"));
        // A refused client may try again on the same session.
        client.connect(r#"40{"how":"right"}"#).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_an_http_answer_as_well() {
    let response = Refusal::new("no").data([1]).status(StatusCode::FORBIDDEN).into_response();
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
    let body = to_bytes(response.into_body(), 1000).await.unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap(), json!({"message": "no", "data": [1]}));
    assert_eq!(Refusal::new("no").into_response().status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test(start_paused = true)]
async fn the_request_is_the_handshake_with_another_body() {
    #[derive(Deserialize)]
    struct Version {
        #[serde(rename = "EIO")]
        eio: u8,
    }
    let log = Log::default();
    let written = log.clone();
    let admit = async move |method: http::Method,
                            Query(Version { eio }): Query<Version>,
                            headers: HeaderMap,
                            body: String| {
        let hidden = ["connection", "upgrade", "te", "transfer-encoding", "content-encoding", "x-hop"];
        assert!(hidden.iter().all(|name| !headers.contains_key(*name)), "{headers:?}");
        let length: usize = headers["content-length"].to_str().unwrap().parse().unwrap();
        assert_eq!(length, body.len());
        let kind = headers["content-type"].to_str().unwrap();
        let agent = headers["user-agent"].to_str().unwrap();
        written.write(format!("{method} {eio} {kind} {agent} {body}"));
    };
    let app = serve(Namespace::new().admit(admit));
    for via in BOTH {
        let mut headers = vec![("user-agent", "browser"), ("te", "trailers"), ("content-encoding", "gzip")];
        if via == Via::Polling {
            headers.push(("connection", "X-Hop"));
            headers.push(("x-hop", "1"));
        }
        let mut client = Client::open_with(&app, via, &headers).await;
        client.connect(r#"40{"token":"ü"}"#).await;
        client.send("41").await;
        client.connect("40").await;
    }
    let with = r#"POST 4 application/json browser {"token":"ü"}"#;
    let without = "POST 4 application/json browser {}";
    assert_eq!(log.lines(), [with, without, with, without]);
}

#[tokio::test(start_paused = true)]
async fn layers_go_around_the_admission() {
    async fn require_agent(request: Request, next: Next) -> Response {
        if request.headers().contains_key("user-agent") {
            let mut response = next.run(request).await;
            response.extensions_mut().insert(User("by the layer".to_owned()));
            response
        } else {
            (StatusCode::BAD_REQUEST, "who are you?").into_response()
        }
    }
    let whoami = async |Admitted(User(name)): Admitted<User>| Data(name);
    let timeout = tower_http::timeout::TimeoutLayer::with_status_code(
        StatusCode::REQUEST_TIMEOUT,
        Duration::from_secs(2),
    );
    let never = async |request: Request| {
        if request.headers().contains_key("x-never") {
            std::future::pending::<()>().await;
        }
    };
    // Layers alone, without an admit handler, decide too.
    let app = Sockeye::builder()
        .namespace("/", Namespace::new().admit_layer(middleware::from_fn(require_agent)).on("whoami", whoami))
        .namespace("/slow", Namespace::new().admit_layer(timeout).admit(never))
        .build()
        .router();
    let mut client = Client::open(&app, Via::WebSocket).await;
    let refused = refusal(&mut client, "40").await;
    assert_eq!(refused["message"], "who are you?");

    let mut client = Client::open_with(&app, Via::WebSocket, &[("user-agent", "x"), ("x-never", "1")]).await;
    client.connect("40").await;
    client.send(r#"421["whoami"]"#).await;
    assert_eq!(client.packet().await, r#"431["by the layer"]"#);
    client.send("40/slow,").await;
    let refused = client.packet().await;
    assert!(
        refused.starts_with(r#"44/slow,{"message":"Request Timeout"#) || refused.contains("408"),
        "{refused}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_admission_has_ten_seconds_its_body_included() {
    let forever = async || std::future::pending::<()>().await;
    let endless = async || {
        let body = futures_util::stream::pending::<Result<bytes::Bytes, std::io::Error>>();
        (StatusCode::FORBIDDEN, Body::from_stream(body))
    };
    for namespace in [Namespace::new().admit(forever), Namespace::new().admit(endless)] {
        let app = serve(namespace);
        let mut client = Client::open(&app, Via::WebSocket).await;
        let before = Instant::now();
        assert_eq!(refusal(&mut client, "40").await, json!({"message": "admission timed out"}));
        assert_eq!(before.elapsed().as_secs(), 10);
    }
}

#[tokio::test(start_paused = true)]
async fn others_go_on_while_an_admission_is_pending() {
    for via in BOTH {
        let gate = Gate::closed();
        let waits = gate.clone();
        let app = Sockeye::builder()
            .namespace("/", Namespace::new().on("ping", async || Data("pong")))
            .namespace("/slow", Namespace::new().admit(async move || waits.pass().await))
            .build()
            .router();
        let (mut client, _) = Client::join(&app, via).await;
        client.send("40/slow,").await;
        client.send(r#"421["ping"]"#).await;
        assert_eq!(client.packet().await, r#"431["pong"]"#);
        gate.let_pass(1);
        assert!(client.packet().await.starts_with(r#"40/slow,{"sid""#));
    }
}

#[tokio::test(start_paused = true)]
async fn one_admission_at_a_time_and_no_event_before_it() {
    // Edge lines 178, 188.
    for packet in ["40", r#"42["x"]"#, "41"] {
        for via in BOTH {
            let app = serve(Namespace::new().admit(async || std::future::pending::<()>().await));
            let mut client = Client::open(&app, via).await;
            client.send_all(&["40", packet]).await;
            client.assert_closed().await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_unknown_namespace_is_refused_and_the_others_go_on() {
    for via in BOTH {
        let app = serve(Namespace::new().on("ping", async || Data("pong")));
        let mut client = Client::open(&app, via).await;
        client.send("40/random,").await;
        assert_eq!(client.packet().await, r#"44/random,{"message":"Invalid namespace"}"#);
        client.connect("40").await;
        client.send(r#"421["ping"]"#).await;
        assert_eq!(client.packet().await, r#"431["pong"]"#);
    }
}

#[tokio::test(start_paused = true)]
async fn the_future_socket_can_be_had_and_prepared() {
    let io = Io::new();
    let log = Log::default();
    let (greets, outside) = (log.clone(), io.clone());
    let admit = async move |Joining(socket): Joining, Query(query): Query<Value>| -> Result<(), Refusal> {
        assert!(!socket.connected());
        socket.join(["early", "other"]).await.unwrap();
        socket.leave("other").await.unwrap();
        socket.emit("from admission", ()).await.unwrap();
        // It is nobody's neighbour yet.
        outside.emit("to all", ()).await.unwrap();
        outside.to("early").emit("to room", ()).await.unwrap();
        if query.get("bad").is_some() { Err(Refusal::new("no")) } else { Ok(()) }
    };
    let namespace = Namespace::new().admit(admit).on_connect(async move |socket: Socket| {
        assert!(socket.connected());
        greets.write(format!("{:?}", &socket.rooms()[1..]));
    });
    let app = Sockeye::builder().handle(&io).namespace("/", namespace).build().router();
    for via in BOTH {
        let mut client = Client::open(&app, via).await;
        client.send("40").await;
        assert_eq!(client.packet().await, r#"42["from admission"]"#);
        assert!(client.packet().await.starts_with(r#"40{"sid":"#));
        io.to("early").emit("now", ()).await.unwrap();
        assert_eq!(client.packet().await, r#"42["now"]"#);
        client.send("41").await;
        settle().await;
    }
    assert_eq!(log.lines(), [r#"["early"]"#; 2]);
}

#[tokio::test(start_paused = true)]
async fn who_is_refused_leaves_nothing_behind() {
    let io = Io::new();
    let log = Log::default();
    let kept: std::sync::Arc<std::sync::Mutex<Option<Socket>>> = std::sync::Arc::default();
    let (keeps, comes, goes) = (kept.clone(), log.clone(), log.clone());
    let admit = async move |Joining(socket): Joining| {
        socket.join("room").await.unwrap();
        *keeps.lock().unwrap() = Some(socket);
        Refusal::new("no")
    };
    let namespace = Namespace::new()
        .admit(admit)
        .on_connect(async move || comes.write("connect"))
        .on_disconnect(async move || goes.write("disconnect"));
    let app = Sockeye::builder().handle(&io).namespace("/", namespace).build().router();
    let mut client = Client::open(&app, Via::WebSocket).await;
    refusal(&mut client, "40").await;
    let socket = kept.lock().unwrap().take().unwrap();
    assert!(socket.join("room").await.is_err());
    assert!(socket.emit("x", ()).await.is_err());
    assert!(io.to("room").sockets().await.unwrap().is_empty());
    client.vanish().await;
    sleep(Duration::from_secs(60)).await;
    assert_eq!(log.lines(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_goes_during_its_admission_never_came() {
    struct Dropped(Log);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.write("admission dropped");
        }
    }
    let log = Log::default();
    let (admits, comes, goes) = (log.clone(), log.clone(), log.clone());
    let namespace = Namespace::new()
        .admit(async move || {
            let _dropped = Dropped(admits);
            std::future::pending::<()>().await;
        })
        .on_connect(async move || comes.write("connect"))
        .on_disconnect(async move || goes.write("disconnect"));
    let app = serve(namespace);
    let mut client = Client::open(&app, Via::WebSocket).await;
    client.send("40").await;
    settle().await;
    client.vanish().await;
    settle().await;
    assert_eq!(log.lines(), ["admission dropped"]);
}

#[tokio::test(start_paused = true)]
async fn who_is_thrown_out_during_its_admission_comes_and_goes() {
    let log = Log::default();
    let (comes, goes) = (log.clone(), log.clone());
    let namespace = Namespace::new()
        .admit(async |Joining(socket): Joining| socket.disconnect().await)
        .on_connect(async move || comes.write("connect"))
        .on_disconnect(async move || goes.write("disconnect"));
    let app = serve(namespace);
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    assert_eq!(client.packet().await, "41");
    assert_eq!(log.lines(), [""; 0]);
    let id = client.connect("40").await;
    assert_eq!(id.len(), 20);
}

#[tokio::test(start_paused = true)]
async fn the_state_is_the_applications() {
    #[derive(Clone)]
    struct App {
        password: &'static str,
    }
    let admit = async |State(app): State<App>, Json(auth): Json<Value>| -> Result<(), Refusal> {
        if auth["password"] == app.password { Ok(()) } else { Err(Refusal::new("wrong")) }
    };
    let namespace =
        Namespace::new().admit(admit).on("who", async |State(app): State<App>| Data(app.password));
    let app =
        Sockeye::builder().namespace("/", namespace).build_with_state(App { password: "sesame" }).router();
    let mut client = Client::open(&app, Via::WebSocket).await;
    assert_eq!(refusal(&mut client, "40").await, json!({"message": "wrong"}));
    client.connect(r#"40{"password":"sesame"}"#).await;
    client.send(r#"421["who"]"#).await;
    assert_eq!(client.packet().await, r#"431["sesame"]"#);
}

#[tokio::test(start_paused = true)]
async fn the_auth_payloads_of_a_session_are_bounded_together() {
    let mut builder = Sockeye::builder().max_payload(10_000);
    for name in ["/", "/a", "/b"] {
        builder = builder.namespace(name, Namespace::new());
    }
    let app = builder.build().router();
    // They are kept with the sockets, so as many namespaces would be as many payloads.
    let auth = |bytes: usize| format!(r#"{{"token":"{}"}}"#, "x".repeat(bytes - 12));
    for via in BOTH {
        let mut client = Client::open(&app, via).await;
        client.connect(&format!("40{}", auth(6_000))).await;
        client.connect(&format!("40/a,{}", auth(3_990))).await;
        client.send(&format!("40/b,{}", auth(12))).await;
        assert_eq!(client.packet().await, r#"44/b,{"message":"Auth payload too large"}"#);
        client.connect("40/b,").await;
        // What has left takes its payload with it.
        client.send("41/a,").await;
        client.send("41/b,").await;
        client.connect(&format!("40/b,{}", auth(4_000))).await;
    }
}
