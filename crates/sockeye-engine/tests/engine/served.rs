//! Under `axum::serve`, over real connections, with raw HTTP and a foreign websocket client.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use sockeye_engine::{CloseReason, TransportError};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Told, World};

async fn serve(world: &World) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = axum::Router::new()
        .route_service("/engine.io/", world.engine.service())
        .layer(world.engine.layer())
        .fallback(|| async { "the app" });
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    address
}

/// One request on a connection of its own: head and body of the answer.
async fn http(address: SocketAddr, request: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = request.replacen("\r\n", "\r\nhost: a.example\r\nconnection: close\r\n", 1);
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_ascii_lowercase(), body.to_owned())
}

async fn get(address: SocketAddr, query: &str) -> (String, String) {
    http(address, &format!("GET /engine.io/?EIO=4&transport=polling{query} HTTP/1.1\r\n\r\n")).await
}

async fn open(address: SocketAddr) -> String {
    let (head, body) = get(address, "").await;
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert!(head.contains("content-type: text/plain; charset=utf-8"), "{head}");
    assert!(head.contains(&format!("content-length: {}", body.len())), "{head}");
    body.split('"').nth(3).unwrap().to_owned()
}

#[tokio::test]
async fn polling_then_the_upgrade() {
    let mut world = World::echoing();
    let address = serve(&world).await;
    let sid = open(address).await;
    let post = format!(
        "POST /engine.io/?EIO=4&transport=polling&sid={sid} HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n3\r\n4he\r\n3\r\nllo\r\n0\r\n\r\n"
    );
    let (head, body) = http(address, &post).await;
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert_eq!(body, "ok");
    assert_eq!(get(address, &format!("&sid={sid}")).await.1, "4hello");

    let url = format!("ws://{address}/engine.io/?EIO=4&transport=websocket&sid={sid}");
    let (mut client, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    client.send(Message::text("2probe")).await.unwrap();
    assert_eq!(client.next().await.unwrap().unwrap(), Message::text("3probe"));
    client.send(Message::text("5")).await.unwrap();
    for number in 0..200 {
        client.feed(Message::text(format!("4{number}"))).await.unwrap();
    }
    client.flush().await.unwrap();
    for number in 0..200 {
        assert_eq!(client.next().await.unwrap().unwrap(), Message::text(format!("4{number}")));
    }
    client.send(Message::binary(vec![7; 300_000])).await.unwrap();
    assert_eq!(client.next().await.unwrap().unwrap(), Message::binary(vec![7; 300_000]));
    client.close(None).await.unwrap();
    while let Some(Ok(_)) = client.next().await {}
    let mut told = Vec::new();
    while told.last() != Some(&Told::Finished) {
        told.push(world.told().await);
    }
    assert_eq!(told[1], Told::Upgraded);
    assert_eq!(told[told.len() - 2], Told::Closed(CloseReason::TransportClose));
    assert_eq!(told.len(), 1 + 1 + 200 + 1 + 2);
}

#[tokio::test]
async fn frames_sent_right_behind_the_request_are_not_lost() {
    let mut world = World::new();
    let address = serve(&world).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = "GET /engine.io/?EIO=4&transport=websocket HTTP/1.1\r\nhost: a.example\r\nconnection: Upgrade\r\n\
        upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    let early = [request.as_bytes(), &[0x81, 0x82, 0, 0, 0, 0, b'4', b'a']].concat();
    stream.write_all(&early).await.unwrap();
    assert_eq!(world.told().await, Told::Message("a".into()));
    drop(stream);
    assert_eq!(world.told().await, Told::Closed(CloseReason::TransportClose));
}

#[tokio::test]
async fn an_aborted_get_and_an_aborted_post_are_noticed() {
    let mut world = World::new();
    let address = serve(&world).await;
    let sid = open(address).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let get =
        format!("GET /engine.io/?EIO=4&transport=polling&sid={sid} HTTP/1.1\r\nhost: a.example\r\n\r\n");
    stream.write_all(get.as_bytes()).await.unwrap();
    drop(stream);
    let reason = world.told().await;
    assert_eq!(reason, Told::Closed(CloseReason::TransportError(TransportError::PollAborted)));
    assert_eq!(world.told().await, Told::Finished);

    let sid = open(address).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let post = format!(
        "POST /engine.io/?EIO=4&transport=polling&sid={sid} HTTP/1.1\r\nhost: a.example\r\ncontent-length: 9\r\n\r\n4ha"
    );
    stream.write_all(post.as_bytes()).await.unwrap();
    drop(stream);
    let reason = world.told().await;
    assert_eq!(reason, Told::Closed(CloseReason::TransportError(TransportError::PostAborted)));
}

#[tokio::test]
async fn the_layer_leaves_other_paths_to_the_app() {
    let world = World::new();
    let address = serve(&world).await;
    for path in ["/", "/engine.io", "/engine.iox/"] {
        assert_eq!(http(address, &format!("GET {path} HTTP/1.1\r\n\r\n")).await.1, "the app");
    }
    let (head, body) = http(address, "GET /engine.io/?EIO=4&transport=tobi HTTP/1.1\r\n\r\n").await;
    assert!(head.starts_with("http/1.1 400") && head.contains("application/json"), "{head}");
    assert_eq!(body, r#"{"code":0,"message":"Transport unknown"}"#);
}

#[tokio::test]
async fn over_plain_hyper_and_a_stream_that_is_no_tcp() {
    let mut world = World::echoing();
    let (client, server) = tokio::io::duplex(64 * 1024);
    let service = hyper_util::service::TowerToHyperService::new(world.engine.service());
    tokio::spawn(
        hyper::server::conn::http1::Builder::new()
            .serve_connection(hyper_util::rt::TokioIo::new(server), service)
            .with_upgrades(),
    );
    let url = "ws://a.example/engine.io/?EIO=4&transport=websocket";
    let (mut client, response) = tokio_tungstenite::client_async(url, client).await.unwrap();
    assert_eq!(response.status(), 101);
    client.next().await.unwrap().unwrap();
    for number in 0..100 {
        client.feed(Message::text(format!("4{number}"))).await.unwrap();
    }
    client.flush().await.unwrap();
    for number in 0..100 {
        assert_eq!(client.next().await.unwrap().unwrap(), Message::text(format!("4{number}")));
    }
    client.close(None).await.unwrap();
    while let Some(Ok(_)) = client.next().await {}
    let told =
        std::iter::from_fn(|| world.told.try_recv().ok()).filter(|told| matches!(told, Told::Message(_)));
    assert_eq!(told.count(), 100);
}
