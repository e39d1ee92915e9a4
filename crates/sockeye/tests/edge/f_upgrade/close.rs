//! Ends while an upgrade is under way (lines 150 to 152, 156).

use std::time::Duration;

use axum::{
    extract::Request as HttpRequest,
    middleware::{Next, from_fn},
    response::Response,
};
use http::header::UPGRADE;
use sockeye::{CloseReason, Sockeye, Transport};
use tokio::time::sleep;

use crate::support::{Log, Machine, Request, Server, witness};

use super::{polling, probe};

#[tokio::test(start_paused = true)]
async fn edge_150_the_session_closes_during_the_probe() {
    for probes in [false, true] {
        let log = Log::default();
        let (server, sid) = polling(&log).await;
        let mut websocket = server.upgrade(&sid).await;
        if probes {
            websocket.send("2probe").await;
            assert_eq!(websocket.text().await, "3probe");
        }
        let shutdown = tokio::spawn(server.io().shutdown().into_future());
        websocket.assert_closed(None).await;
        assert_eq!(server.fetch(&sid).await, "6\x1e1");
        server.send(Request::poll(&sid)).await.assert_unknown();
        assert_eq!(shutdown.await.unwrap().closed, 1);
        log.expect(&["connect", "disconnect: server shutting down"]).await;
    }
}

/// By the client's half of the protocol, which sockeye has as a machine.
#[tokio::test(start_paused = true)]
async fn edge_151_the_client_closes_right_after_it_has_opened() {
    let log = Log::default();
    let server = Server::new(witness(&log));
    let (mut client, _) = Machine::open(&server, Transport::Polling).await;
    client.close();
    assert!(matches!(client.closed().await, CloseReason::Forced(_)));
    sleep(Duration::from_secs(1)).await;
    assert_eq!(server.sessions(), 0);

    // And by websocket from the start.
    let (mut client, _) = Machine::open(&server, Transport::WebSocket).await;
    client.close();
    assert!(matches!(client.closed().await, CloseReason::Forced(_)));
    sleep(Duration::from_secs(1)).await;
    assert_eq!(server.sessions(), 0);
}

/// A client that waits for its upgrade before it leaves, as the reference's does; and the machine, which leaves by
/// polling when its websocket is not ready. What was sent before arrives, wherever the client finds itself.
#[tokio::test(start_paused = true)]
async fn edge_152_the_client_sends_what_waits_before_it_closes() {
    /// Websockets take their time.
    async fn slow(request: HttpRequest, next: Next) -> Response {
        if request.headers().contains_key(UPGRADE) {
            sleep(Duration::from_secs(1)).await;
        }
        next.run(request).await
    }
    let expected = ["connect", "one[]", "two[]", "disconnect: transport close"];

    let log = Log::default();
    let (server, sid) = polling(&log).await;
    let mut websocket = probe(&server, &sid).await;
    websocket.send_all(&["5", r#"42["one"]"#, r#"42["two"]"#, "1"]).await;
    websocket.assert_closed(None).await;
    log.expect(&expected).await;

    for hurries in [true, false] {
        let log = Log::default();
        let sockeye = Sockeye::builder().namespace("/", witness(&log)).build();
        let server = Server::app(sockeye.io(), sockeye.router().layer(from_fn(slow)));
        let (mut client, _) = Machine::open(&server, Transport::Polling).await;
        client.send(&["0"]);
        assert!(client.message().await.starts_with("0{"));
        if !hurries {
            client.upgraded().await;
        }
        client.send(&[r#"2["one"]"#, r#"2["two"]"#]);
        client.close();
        assert!(matches!(client.closed().await, CloseReason::Forced(_)));
        assert_eq!(client.posts().len(), if hurries { 3 } else { 1 });
        log.expect(&expected).await;
        assert_eq!(server.sessions(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_156_a_close_that_has_something_to_say_completes_the_upgrade() {
    let log = Log::default();
    let (server, sid) = polling(&log).await;
    let mut websocket = probe(&server, &sid).await;
    server.io().emit("last", 1).await.unwrap();
    server.io().emit("last", 2).await.unwrap();
    let shutdown = tokio::spawn(server.io().shutdown().into_future());
    sleep(Duration::from_millis(100)).await;
    assert_eq!(server.sessions(), 1, "it waits for the upgrade or a GET");
    websocket.send("5").await;
    assert_eq!(websocket.text().await, r#"42["last",1]"#);
    assert_eq!(websocket.text().await, r#"42["last",2]"#);
    websocket.assert_closed(None).await;
    assert_eq!(shutdown.await.unwrap().flushed, 1);
    log.expect(&["connect", "disconnect: server shutting down"]).await;
    server.send(Request::poll(&sid)).await.assert_unknown();
}
