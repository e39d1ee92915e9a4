//! What the packets of a POST do to a session (lines 82 to 90).

use crate::support::{Log, Request, Server};

use super::{details, join, watched};

/// The reference answers `ok`. Here the POST itself is refused: the client learns which request was at fault.
#[tokio::test(start_paused = true)]
async fn edge_082_what_is_no_packet() {
    for body in ["abc", "7", "", "42[\"a\"]\x1e", "\x1e", "b!", "b\u{e9}"] {
        let log = Log::default();
        let server = Server::new(details(&log));
        let sid = join(&server).await;
        let poll = server.poll(&sid).await;
        server.send(Request::post(&sid, body)).await.assert_empty(400);
        assert_eq!(poll.answer().await.packets(), "1", "{body:?}");
        server.send(Request::poll(&sid)).await.assert_unknown();
        log.expect(&["parse error: -"]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_083_what_stood_before_it_is_delivered() {
    let log = Log::default();
    let server = watched(&log);
    let sid = join(&server).await;
    let body = "42[\"one\"]\x1e42[\"two\"]\x1eabc\x1e42[\"three\"]";
    server.send(Request::post(&sid, body)).await.assert_empty(400);
    log.expect(&["connect", "one[]", "two[]", "disconnect: parse error"]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_084_goodbye_while_a_get_waits() {
    let log = Log::default();
    let server = watched(&log);
    let sid = join(&server).await;
    let poll = server.poll(&sid).await;
    server.post(&sid, "1").await;
    assert_eq!(poll.answer().await.packets(), "6");
    server.send(Request::poll(&sid)).await.assert_unknown();
    log.expect(&["connect", "disconnect: transport close"]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_085_goodbye_while_no_get_waits() {
    let log = Log::default();
    let server = watched(&log);
    let sid = join(&server).await;
    server.post(&sid, "1").await;
    server.send(Request::poll(&sid)).await.assert_unknown();
    server.send(Request::post(&sid, "3")).await.assert_unknown();
    log.expect(&["connect", "disconnect: transport close"]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_086_nothing_follows_goodbye() {
    let log = Log::default();
    let server = watched(&log);
    let sid = join(&server).await;
    server.post(&sid, "42[\"before\"]\x1e1\x1e42[\"behind\"]\x1eabc").await;
    log.expect(&["connect", "before[]", "disconnect: transport close"]).await;
}

/// The answer is that of line 82: the client learns which request was at fault.
#[tokio::test(start_paused = true)]
async fn edge_087_a_ping_from_the_client() {
    for body in ["2", "2probe", "2\x1e42[\"behind\"]"] {
        let log = Log::default();
        let server = Server::new(details(&log));
        let sid = join(&server).await;
        let poll = server.poll(&sid).await;
        server.send(Request::post(&sid, body)).await.assert_empty(400);
        assert_eq!(poll.answer().await.packets(), "1");
        server.send(Request::poll(&sid)).await.assert_unknown();
        log.expect(&["transport error: ping from a client"]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_088_packets_without_a_meaning_here() {
    let log = Log::default();
    let server = watched(&log);
    let sid = join(&server).await;
    let poll = server.poll(&sid).await;
    for stray in ["0", "0{}", "5", "6", "3", "3probe"] {
        server.post(&sid, stray).await;
    }
    server.post(&sid, "5\x1e6\x1e421[\"on\"]\x1e3").await;
    assert_eq!(poll.answer().await.packets(), "431[]");
    log.expect(&["connect", "on[]"]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_089_a_get_after_the_upgrade() {
    let (log, server, sid) = upgraded().await;
    server.send(Request::poll(&sid)).await.assert_refused(3, "Bad request");
    log.expect(&["connect"]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_090_a_post_after_the_upgrade() {
    let (log, server, sid) = upgraded().await;
    for body in [r#"42["late"]"#, "1", "abc"] {
        server.send(Request::post(&sid, body)).await.assert_refused(3, "Bad request");
    }
    log.expect(&["connect"]).await;
}

/// A session that has moved to a websocket, which stays open.
async fn upgraded() -> (Log, Server, String) {
    let log = Log::default();
    let server = watched(&log);
    let sid = join(&server).await;
    let mut websocket = server.upgrade(&sid).await;
    websocket.send("2probe").await;
    assert_eq!(websocket.text().await, "3probe");
    websocket.send_all(&["5", r#"421["there"]"#]).await;
    assert_eq!(websocket.text().await, "431[]");
    tokio::spawn(async move { websocket.next().await });
    log.expect(&["connect", "there[]"]).await;
    log.clear();
    log.write("connect");
    (log, server, sid)
}
