//! What a GET is answered with (lines 91, 92, 99 to 101).

use std::time::Duration;

use sockeye::Builder;
use tokio::time::sleep;

use crate::support::{Log, Request, Server};

use super::{details, join, watched, watched_with};

#[tokio::test(start_paused = true)]
async fn edge_091_everything_that_waits_is_one_body() {
    let server = watched(&Log::default());
    let sid = join(&server).await;
    for number in 0..3 {
        server.io().emit("e", number).await.unwrap();
    }
    assert_eq!(server.fetch(&sid).await, "42[\"e\",0]\x1e42[\"e\",1]\x1e42[\"e\",2]");
}

/// The reference sends 4,054 bytes at once. `maxPayload` is one limit for both directions: a body is longer only when
/// it is one single packet, and what is left waits, in order.
#[tokio::test(start_paused = true)]
async fn edge_092_a_body_has_at_most_max_payload_bytes() {
    let server = watched_with(&Log::default(), |it| it.max_payload(1000));
    let sid = join(&server).await;
    let packet = |number: usize, bytes: usize| format!(r#"42["e",{number},"{}"]"#, "x".repeat(bytes));
    let emit = async |number: usize, bytes: usize| {
        server.io().emit("e", (number, "x".repeat(bytes))).await.unwrap();
    };
    for number in 0..5 {
        emit(number, 800).await;
    }
    emit(5, 2000).await;
    for number in 6..10 {
        emit(number, 200).await;
    }
    for number in 0..5 {
        assert_eq!(server.fetch(&sid).await, packet(number, 800));
    }
    assert_eq!(server.fetch(&sid).await, packet(5, 2000), "a single packet may be longer");
    let four: Vec<_> = (6..10).map(|number| packet(number, 200)).collect();
    let four = four.join("\x1e");
    assert!(four.len() <= 1000);
    assert_eq!(server.fetch(&sid).await, four);
    assert!(server.poll(&sid).await.is_waiting(), "nothing is left");
}

/// By the end of the time for a CONNECT, and by the end of the server. (A close by the application tells the namespaces
/// first.)
#[tokio::test(start_paused = true)]
async fn edge_099_the_server_closes() {
    let log = Log::default();
    let server = watched_with(&log, |it| it.connect_timeout(Duration::from_secs(1)));
    let (waits, comes) = (server.open().await, server.open().await);
    let poll = server.poll(&waits).await;
    sleep(Duration::from_millis(1100)).await;
    assert_eq!(poll.answer().await.packets(), "1");
    server.send(Request::poll(&waits)).await.assert_unknown();
    assert_eq!(server.fetch(&comes).await, "6\x1e1");
    server.send(Request::poll(&comes)).await.assert_unknown();

    let (waits, comes) = (join(&server).await, join(&server).await);
    let poll = server.poll(&waits).await;
    let shutdown = tokio::spawn(server.io().shutdown().into_future());
    assert_eq!(poll.answer().await.packets(), "1");
    assert_eq!(server.fetch(&comes).await, "6\x1e1");
    server.send(Request::poll(&comes)).await.assert_unknown();
    assert_eq!(shutdown.await.unwrap().closed, 2);
    let left = "disconnect: server shutting down";
    log.expect(&["connect", "connect", left, left]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_100_a_close_that_nobody_fetches() {
    for (settings, seconds) in [
        ((|it| it.connect_timeout(Duration::from_secs(1))) as fn(Builder) -> Builder, 30),
        (|it| it.connect_timeout(Duration::from_secs(1)).close_timeout(Duration::from_secs(2)), 2),
    ] {
        let server = watched_with(&Log::default(), settings);
        let sid = server.open().await;
        sleep(Duration::from_millis(seconds * 1000 + 900)).await;
        assert_eq!(server.sessions(), 1, "a GET may still come");
        sleep(Duration::from_millis(200)).await;
        assert_eq!(server.sessions(), 0);
        server.send(Request::poll(&sid)).await.assert_unknown();
    }
}

#[tokio::test(start_paused = true)]
async fn edge_101_a_post_under_way_when_the_session_closes() {
    let log = Log::default();
    let server = Server::new(details(&log));
    let sid = join(&server).await;
    let mut post = server.connect();
    let mut request = Request::post(&sid, r#"42["late"]"#).bytes();
    request.truncate(request.len() - 4);
    post.write(request).await;
    let poll = server.poll(&sid).await;
    let shutdown = tokio::spawn(server.io().shutdown().into_future());
    assert_eq!(poll.answer().await.packets(), "1");
    // It is answered at once, and its connection does not wait for the rest of the body.
    post.answer().await.assert_ok();
    assert_eq!(post.rest().await, b"");
    log.expect(&["server shutting down: -"]).await;
    assert_eq!(shutdown.await.unwrap().closed, 1);
}
