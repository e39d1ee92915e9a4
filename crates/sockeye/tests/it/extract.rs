//! axum's extractors read the handshake, in the application's own router.

use std::{net::SocketAddr, time::Duration};

use axum::{
    Extension, Router,
    extract::{ConnectInfo, FromRequestParts, OriginalUri, Query, State},
    http::request::Parts,
};
use axum_extra::{TypedHeader, extract::CookieJar, headers::UserAgent};
use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use sockeye::{
    Admitted, Data, DisconnectReason, EventParts, FromEventParts, Handshake, Io, Namespace, Reply, Socket,
    Sockeye,
};
use tokio_tungstenite::{connect_async, tungstenite::Message};

use crate::kit::{BOTH, Client, Log, Via, serve};

#[derive(Deserialize)]
struct Version {
    #[serde(rename = "EIO")]
    eio: u8,
}

#[tokio::test(start_paused = true)]
async fn any_axum_extractor_works_in_an_event_handler() {
    #[derive(Clone)]
    struct Database(&'static str);

    let all = async |State(number): State<u32>,
                     TypedHeader(agent): TypedHeader<UserAgent>,
                     Query(Version { eio }): Query<Version>,
                     jar: CookieJar,
                     Extension(Database(name)): Extension<Database>,
                     missing: Option<Extension<String>>,
                     refused: Result<Query<()>, axum::extract::rejection::QueryRejection>,
                     Data(text): Data<String>| {
        let cookie = jar.get("session").unwrap().value().to_owned();
        Data(format!(
            "{number} {agent} {eio} {cookie} {name} {} {} {text}",
            missing.is_none(),
            refused.is_ok()
        ))
    };
    let app: Router = Router::new()
        .merge(
            Sockeye::builder().namespace("/", Namespace::new().on("all", all)).build_with_state(7).router(),
        )
        .layer(Extension(Database("db")));
    for via in BOTH {
        let mut client =
            Client::open_with(&app, via, &[("user-agent", "test/1"), ("cookie", "session=ada")]).await;
        client.connect("40").await;
        client.send(r#"421["all","x"]"#).await;
        assert_eq!(client.packet().await, r#"431["7 test/1 4 ada db true false x"]"#);
    }
}

#[tokio::test(start_paused = true)]
async fn a_rejected_extractor_is_told_as_an_answer() {
    let app = serve(Namespace::new().on("who", async |_: TypedHeader<UserAgent>| {}));
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    client.send(r#"421["who"]"#).await;
    let told = client.packet().await;
    assert!(told.starts_with(r#"431[{"error":{"#) && told.contains("400"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn an_admitted_value_that_is_not_there_is_internal() {
    let app = serve(
        Namespace::new()
            .on("must", async |_: Admitted<u8>| {})
            .on("may", async |maybe: Option<Admitted<u8>>| Data(maybe.is_none())),
    );
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    client.send_all(&[r#"421["must"]"#, r#"422["may"]"#]).await;
    assert_eq!(client.packet().await, r#"431[{"error":{"code":"internal","message":"internal error"}}]"#);
    assert_eq!(client.packet().await, "432[true]");
}

/// Takes a header out of the request, as an extractor of axum may.
struct Steals(bool);

impl<S: Sync> FromRequestParts<S> for Steals {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(parts.headers.remove("x-once").is_some()))
    }
}

#[tokio::test(start_paused = true)]
async fn every_event_has_a_request_of_its_own() {
    let app = serve(
        Namespace::new()
            .on("steal", async |Steals(first): Steals, Steals(second): Steals| Data([first, second])),
    );
    let mut client = Client::open_with(&app, Via::WebSocket, &[("x-once", "1")]).await;
    client.connect("40").await;
    for _ in 0..2 {
        client.send(r#"421["steal"]"#).await;
        assert_eq!(client.packet().await, "431[[true,false]]");
    }
}

#[tokio::test(start_paused = true)]
async fn handshake_extracts_once_per_socket() {
    #[derive(Clone)]
    struct Counted(Log);

    impl FromRequestParts<Log> for Counted {
        type Rejection = std::convert::Infallible;

        async fn from_request_parts(_: &mut Parts, log: &Log) -> Result<Self, Self::Rejection> {
            log.write("extracted");
            Ok(Self(log.clone()))
        }
    }

    let log = Log::default();
    let namespace = Namespace::new()
        .on("once", async |Handshake(Counted(log)): Handshake<Counted>| Data(log.lines().len()));
    let app = Sockeye::builder().namespace("/", namespace).build_with_state(log.clone()).router();
    for sockets in 1..=2 {
        let (mut client, _) = Client::join(&app, Via::WebSocket).await;
        for _ in 0..3 {
            client.send(r#"421["once"]"#).await;
            assert_eq!(client.packet().await, format!("431[{sockets}]"));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn extractors_of_ones_own_and_sixteen_arguments() {
    struct Rooms(usize);
    impl<S: Sync> FromEventParts<S> for Rooms {
        type Rejection = Reply;

        async fn from_event_parts(parts: &mut EventParts, _: &S) -> Result<Self, Reply> {
            let rooms = parts.socket().rooms().len();
            if parts.name() == "refuse" { Err(Reply::error("refused", "by me")) } else { Ok(Self(rooms)) }
        }
    }
    #[allow(clippy::too_many_arguments, reason = "the most that a handler may have")]
    async fn sixteen(
        Rooms(a): Rooms,
        Rooms(b): Rooms,
        _: Socket,
        _: State<()>,
        _: Io,
        _: Socket,
        _: Socket,
        _: Socket,
        _: Socket,
        _: Socket,
        _: Socket,
        _: Socket,
        _: Socket,
        _: Socket,
        Rooms(c): Rooms,
        Data(d): Data<usize>,
    ) -> Data<usize> {
        Data(a + b + c + d)
    }
    let app = serve(Namespace::new().on("sixteen", sixteen).on("refuse", async |_: Rooms| {}));
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    client.send_all(&[r#"421["sixteen",7]"#, r#"422["refuse"]"#]).await;
    assert_eq!(client.packet().await, "431[10]");
    assert_eq!(client.packet().await, r#"432[{"error":{"code":"refused","message":"by me"}}]"#);
}

#[tokio::test(start_paused = true)]
async fn the_handle_is_an_argument_and_the_reason_too() {
    let log = Log::default();
    let written = log.clone();
    let app = serve(
        Namespace::new()
            .on("all", async |io: Io| io.emit("heard", ()).await.unwrap())
            .on("why", async |reason: Option<DisconnectReason>| Data(reason.is_none()))
            .on_disconnect(async move |reason: DisconnectReason, io: Io| {
                written.write(format!("{reason} {}", io.of("/").sockets().await.unwrap().len()));
            }),
    );
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    client.send(r#"42["all"]"#).await;
    assert_eq!(client.packet().await, r#"42["heard"]"#);
    client.send(r#"421["why"]"#).await;
    assert_eq!(client.packet().await, "431[true]");
    client.send("41").await;
    assert_eq!(log.wait(1).await, ["client namespace disconnect 0"]);
}

/// What axum itself knows of a request is there too, under a real server with a nested router.
#[tokio::test]
async fn address_and_original_uri_are_axums() {
    let whence = async |ConnectInfo(peer): ConnectInfo<SocketAddr>, OriginalUri(uri): OriginalUri| {
        Data(format!("{} {}", peer.ip(), uri.path()))
    };
    let sockeye = Sockeye::builder().namespace("/", Namespace::new().on("whence", whence)).build();
    let app = Router::new().nest("/api", sockeye.router());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await
    });
    let url = format!("ws://{address}/api/socket.io/?EIO=4&transport=websocket");
    let (mut client, _) = connect_async(url).await.unwrap();
    client.send(Message::text("40")).await.unwrap();
    client.send(Message::text(r#"421["whence"]"#)).await.unwrap();
    let mut last = String::new();
    for _ in 0..3 {
        let message = tokio::time::timeout(Duration::from_secs(5), client.next()).await.unwrap();
        last = message.unwrap().unwrap().into_text().unwrap().as_str().to_owned();
    }
    assert_eq!(last, r#"431["127.0.0.1 /api/socket.io/"]"#);
}
