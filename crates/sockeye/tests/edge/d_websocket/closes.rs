//! How a websocket ends (lines 118 and 127).

use std::time::Duration;

use sockeye::{Namespace, Socket, Sockeye};
use tokio::time::sleep;

use crate::support::{Frame, Log, Server, WebSocket, frame, settle, witness};

use super::{join, joined, joined_with};

#[tokio::test(start_paused = true)]
async fn edge_118_the_close_frame_has_no_code() {
    // By the application, which leaves the namespaces first.
    let close = async |socket: Socket| socket.close().await;
    let server = Server::new(Namespace::new().on("close", close));
    let (_server, mut websocket, _) = join(server).await;
    websocket.send(r#"42["close"]"#).await;
    assert_eq!(websocket.text().await, "41");
    websocket.assert_closed(None).await;

    // By what the client did against the protocol.
    for wrong in ["49", "42[]", "40", "abc", "2"] {
        let log = Log::default();
        let (_server, mut websocket, _) = joined(&log).await;
        websocket.send(wrong).await;
        websocket.assert_closed(None).await;
        assert_eq!(log.lines().len(), 2, "{wrong}");
    }

    // By what it did not do: join a namespace, answer a ping.
    let log = Log::default();
    let server = Server::built(
        Sockeye::builder().connect_timeout(Duration::from_secs(1)).namespace("/", witness(&log)),
    );
    server.open_websocket().await.0.assert_closed(None).await;
    let (_server, mut websocket, _) = joined(&log).await;
    assert_eq!(websocket.text().await, "2");
    websocket.assert_closed(None).await;

    // By the end of the server.
    let (server, mut websocket, _) = joined(&log).await;
    let shutdown = tokio::spawn(server.io().shutdown().into_future());
    websocket.assert_closed(None).await;
    assert_eq!(shutdown.await.unwrap().closed, 1);
    log.expect(&["connect", "disconnect: ping timeout", "connect", "disconnect: server shutting down"]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_127_a_client_that_vanishes() {
    let log = Log::default();
    let (server, websocket, _) = joined(&log).await;
    drop(websocket);
    log.expect(&["connect", "disconnect: transport close"]).await;
    assert_eq!(server.sessions(), 0);

    // In the middle of a frame, and of a message.
    for bytes in [&frame(1, r#"42["half"]"#)[..9], &[0x01, 0x82, 0, 0, 0, 0, b'4', b'2']] {
        let log = Log::default();
        let (_server, mut websocket, _) = joined(&log).await;
        websocket.connection.write(bytes).await;
        settle().await;
        drop(websocket);
        log.expect(&["connect", "disconnect: transport close"]).await;
    }
}

/// For comparison: with a close frame, which is answered by its own code.
#[tokio::test(start_paused = true)]
async fn edge_127_a_client_that_takes_its_leave() {
    for (payload, code) in [(&b""[..], None), (b"\x03\xe8", Some(1000)), (b"\x03\xe9away", Some(1001))] {
        let log = Log::default();
        let (_server, mut websocket, _) = joined_with(&log, |it| it).await;
        websocket.connection.write([frame(1, r#"42["last"]"#), frame(8, payload)].concat()).await;
        assert_eq!(websocket.next().await, Frame::Close(code));
        assert_eq!(websocket.next().await, Frame::End);
        log.expect(&["connect", "last[]", "disconnect: transport close"]).await;
    }
    let log = Log::default();
    let (_server, mut websocket, _): (_, WebSocket, _) = joined(&log).await;
    websocket.connection.write(frame(8, "")).await;
    sleep(Duration::from_secs(60)).await;
    log.expect(&["connect", "disconnect: transport close"]).await;
}
