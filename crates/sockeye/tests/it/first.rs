//! The smallest whole path: a browser-like client over a real socket joins, is answered, and hears the server.

use std::time::Duration;

use axum::Router;
use futures_util::{SinkExt, StreamExt};
use sockeye::{Data, Io, Namespace, Socket, Sockeye};
use tokio::net::TcpListener;
use tokio_tungstenite::{connect_async, tungstenite::Message};

use crate::kit::{BOTH, Client, serve};

fn greeter() -> Namespace {
    Namespace::new()
        .on_connect(async |socket: Socket| {
            let _ = socket.emit("hello", "you").await;
        })
        .on("double", async |Data(number): Data<u32>| Data(number * 2))
}

#[tokio::test]
async fn a_client_chats_over_tcp_with_axum() {
    let io = Io::new();
    let sockeye = Sockeye::builder().handle(&io).namespace("/", greeter()).build();
    let app: Router = Router::new().merge(sockeye.router());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });

    let url = format!("ws://{address}/socket.io/?EIO=4&transport=websocket");
    let (mut client, _) = connect_async(url).await.unwrap();
    let mut next = async |send: Option<&'static str>| {
        if let Some(packet) = send {
            client.send(Message::text(packet)).await.unwrap();
        }
        let message = tokio::time::timeout(Duration::from_secs(5), client.next()).await.unwrap();
        message.unwrap().unwrap().into_text().unwrap().as_str().to_owned()
    };
    assert!(next(None).await.starts_with("0{"));
    assert!(next(Some("40")).await.starts_with(r#"40{"sid":"#));
    assert_eq!(next(None).await, r#"42["hello","you"]"#);
    assert_eq!(next(Some(r#"427["double",21]"#)).await, "437[42]");
    io.emit("news", ("a", 1)).await.unwrap();
    assert_eq!(next(None).await, r#"42["news","a",1]"#);
}

#[tokio::test(start_paused = true)]
async fn a_client_chats_on_either_transport() {
    let app = serve(greeter());
    for via in BOTH {
        let (mut client, id) = Client::join(&app, via).await;
        assert_eq!(id.len(), 20);
        assert_eq!(client.packet().await, r#"42["hello","you"]"#);
        client.send(r#"427["double",21]"#).await;
        assert_eq!(client.packet().await, "437[42]");
        client.assert_silent().await;
    }
}
