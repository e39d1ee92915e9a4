//! Section F: from polling to a websocket.

mod close;
mod fails;
mod moves;

use sockeye::{Builder, Namespace, Sockeye};

use crate::support::{Log, Peer, Server, Via, WebSocket, witness};

/// A server whose namespace `/` writes down what happens, and a polling session that has joined it.
async fn polling(log: &Log) -> (Server, String) {
    polling_with(witness(log), |it| it).await
}

async fn polling_with(namespace: Namespace, settings: impl FnOnce(Builder) -> Builder) -> (Server, String) {
    let server = Server::built(settings(Sockeye::builder().namespace("/", namespace)));
    let sid = Peer::join(&server, Via::Polling).await.sid;
    (server, sid)
}

/// A websocket whose probe was answered.
async fn probe(server: &Server, sid: &str) -> WebSocket {
    let mut websocket = server.upgrade(sid).await;
    websocket.send("2probe").await;
    assert_eq!(websocket.text().await, "3probe");
    websocket
}

/// The session lives, by polling.
async fn assert_polls(server: &Server, sid: &str) {
    server.post(sid, r#"42999["still"]"#).await;
    assert_eq!(server.fetch(sid).await, "43999[]");
}

/// The session can still move to a websocket, and does.
async fn assert_upgrades(server: &Server, sid: &str) -> WebSocket {
    let mut websocket = probe(server, sid).await;
    websocket.send_all(&["5", r#"42888["moved"]"#]).await;
    assert_eq!(websocket.text().await, "43888[]");
    websocket
}
