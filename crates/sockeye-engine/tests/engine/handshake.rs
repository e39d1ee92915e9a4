//! The first request of a session on both transports.

use http::Method;
use sockeye_engine::Transport;

use crate::support::{Client, World, body, request, text, websocket_request};

#[tokio::test(start_paused = true)]
async fn by_polling() {
    let mut world = World::new();
    let request = request(Method::GET, "EIO=4&transport=polling&t=x")
        .header("connection", "keep-alive")
        .header("cookie", "token=abc")
        .extension("from a layer")
        .body(body(""))
        .unwrap();
    let response = world.send(request).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/plain; charset=UTF-8");
    assert_eq!(response.headers()["cache-control"], "no-store");
    let (sender, handshake) = world.opened.recv().await.unwrap();
    let sid = sender.sid();
    let open = format!(
        r#"0{{"sid":"{sid}","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}}"#
    );
    assert_eq!(text(response).await, open);
    assert_eq!((&handshake.sid, handshake.transport), (&sid, Transport::Polling));
    assert_eq!(handshake.head.uri(), "/engine.io/?EIO=4&transport=polling&t=x");
    assert_eq!(handshake.head.header("cookie"), Some(&b"token=abc"[..]));
    assert_eq!(handshake.head.header("connection"), None);
    assert_eq!(handshake.extensions.get::<&str>(), Some(&"from a layer"));
    assert_eq!((sender.transport(), world.engine.sessions()), (Transport::Polling, 1));
    assert!(!format!("{sender:?} {:?}", world.engine).contains(sid.as_str()));
}

#[tokio::test(start_paused = true)]
async fn by_websocket() {
    let mut world = World::new();
    let mut client = world.websocket("").await;
    let open = client.text().await;
    let (sender, handshake) = world.opened.recv().await.unwrap();
    let sid = sender.sid();
    assert_eq!(
        open,
        format!(
            r#"0{{"sid":"{sid}","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}}"#
        )
    );
    assert_eq!(handshake.transport, Transport::WebSocket);
    assert!(handshake.extensions.get::<sockeye_engine::websocket::Upgrade>().is_none());
    assert_eq!(sender.transport(), Transport::WebSocket);
}

#[tokio::test(start_paused = true)]
async fn the_101_names_the_first_protocol_offered() {
    let world = World::new();
    let (client, server) = tokio::io::duplex(1024);
    let request = websocket_request("EIO=4&transport=websocket")
        .header("sec-websocket-protocol", "one, two")
        .extension(sockeye_engine::websocket::Upgrade::new(async { Ok(server) }))
        .body(body(""))
        .unwrap();
    let response = world.send(request).await.unwrap();
    assert_eq!(response.status(), 101);
    assert_eq!(response.headers()["sec-websocket-accept"], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assert_eq!(response.headers()["sec-websocket-protocol"], "one");
    assert!(Client::new(client).await.text().await.starts_with('0'));
}

#[tokio::test(start_paused = true)]
async fn a_websocket_that_never_comes_leaves_nothing_behind() {
    let world = World::new();
    let request = websocket_request("EIO=4&transport=websocket")
        .extension(sockeye_engine::websocket::Upgrade::new(async {
            Err::<tokio::io::DuplexStream, _>(std::io::Error::other("gone"))
        }))
        .body(body(""))
        .unwrap();
    assert_eq!(world.send(request).await.unwrap().status(), 101);
    crate::support::settle().await;
    assert_eq!(world.engine.sessions(), 0);
}

#[tokio::test(start_paused = true)]
async fn only_the_transports_that_are_on() {
    let world = World::with(|builder| builder.transports([Transport::WebSocket]));
    let response =
        world.send(request(Method::GET, "EIO=4&transport=polling").body(body("")).unwrap()).await.unwrap();
    assert_eq!(response.status(), 400);
    world.websocket("").await.text().await;

    let mut world = World::with(|builder| builder.allow_upgrades(false));
    let response =
        world.send(request(Method::GET, "EIO=4&transport=polling").body(body("")).unwrap()).await.unwrap();
    assert!(text(response).await.contains(r#""upgrades":[]"#));
    let (sender, _) = world.opened.recv().await.unwrap();
    let (response, _) = world.ask_websocket(&format!("EIO=4&transport=websocket&sid={}", sender.sid())).await;
    assert_eq!(response.status(), 101, "asked for or not");
}

#[tokio::test(start_paused = true)]
async fn an_empty_sid_is_a_new_session() {
    let world = World::new();
    let response = world
        .send(request(Method::GET, "EIO=4&transport=polling&sid=").body(body("")).unwrap())
        .await
        .unwrap();
    assert!(text(response).await.starts_with("0{"));
}
