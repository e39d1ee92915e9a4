//! Section D: the websocket transport.

mod closes;
mod compression;
mod frames;
mod sessions;

use sockeye::{Builder, DisconnectReason, Namespace, Sockeye};

use crate::support::{Log, Server, WebSocket, witness};

/// A server whose namespace `/` writes down what happens, and a websocket that has joined it.
async fn joined(log: &Log) -> (Server, WebSocket, String) {
    joined_with(log, |it| it).await
}

async fn joined_with(log: &Log, settings: impl FnOnce(Builder) -> Builder) -> (Server, WebSocket, String) {
    join(Server::built(settings(Sockeye::builder().namespace("/", witness(log))))).await
}

/// As [`joined`], but what is written down is why the socket leaves, with the detail that logs would have.
async fn joined_for_details(log: &Log) -> (Server, WebSocket, String) {
    let log = log.clone();
    let details = async move |reason: DisconnectReason| {
        let DisconnectReason::Session(close) = reason else { panic!("{reason}") };
        log.write(format!("{reason}: {}", close.detail().unwrap_or("-")));
    };
    join(Server::new(Namespace::new().on_disconnect(details))).await
}

async fn join(server: Server) -> (Server, WebSocket, String) {
    let (mut websocket, sid) = server.open_websocket().await;
    websocket.send("40").await;
    assert!(websocket.text().await.starts_with(r#"40{"sid":"#));
    (server, websocket, sid)
}
