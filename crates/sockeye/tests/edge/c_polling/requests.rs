//! Requests that overlap, and requests that go away (lines 67 to 71).

use crate::support::{Connection, Log, Request, Server, settle};

use super::{details, join};

const BODY: &str = r#"42["half"]"#;

/// A POST whose body stops in its middle.
async fn half_a_post(server: &Server, sid: &str) -> Connection {
    let mut connection = server.connect();
    let mut request = Request::post(sid, BODY).bytes();
    request.truncate(request.len() - 4);
    connection.write(request).await;
    settle().await;
    connection
}

#[tokio::test(start_paused = true)]
async fn edge_067_two_gets_at_once() {
    let log = Log::default();
    let server = Server::new(details(&log));
    let sid = join(&server).await;
    let first = server.poll(&sid).await;
    server.send(Request::poll(&sid)).await.assert_empty(400);
    assert_eq!(first.answer().await.packets(), "1");
    server.send(Request::poll(&sid)).await.assert_unknown();
    log.expect(&["transport error: two polls at once"]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_068_two_posts_at_once() {
    let log = Log::default();
    let server = Server::new(details(&log));
    let sid = join(&server).await;
    let mut first = half_a_post(&server, &sid).await;
    server.send(Request::post(&sid, BODY)).await.assert_empty(400);
    first.answer().await.assert_empty(400);
    assert_eq!(first.rest().await, b"", "the rest of its body is not waited for");
    server.send(Request::post(&sid, BODY)).await.assert_unknown();
    log.expect(&["transport error: two posts at once"]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_069_a_get_that_its_client_gives_up() {
    let log = Log::default();
    let server = Server::new(details(&log));
    let sid = join(&server).await;
    server.poll(&sid).await.abort().await;
    log.expect(&["transport error: poll connection closed prematurely"]).await;
    server.send(Request::poll(&sid)).await.assert_unknown();
}

#[tokio::test(start_paused = true)]
async fn edge_070_a_post_that_its_client_gives_up() {
    let log = Log::default();
    let server = Server::new(details(&log));
    let sid = join(&server).await;
    let poll = server.poll(&sid).await;
    drop(half_a_post(&server, &sid).await);
    assert_eq!(poll.answer().await.packets(), "1");
    log.expect(&["transport error: post connection closed prematurely"]).await;
    server.send(Request::poll(&sid)).await.assert_unknown();
}

#[tokio::test(start_paused = true)]
async fn edge_071_connections_are_no_part_of_a_session() {
    let log = Log::default();
    let server = Server::new(details(&log));
    // Each request on a connection that ends behind it.
    let ask = async |request: Request| {
        let mut connection = server.connect();
        connection.write(request.header("connection", "close").bytes()).await;
        let answer = connection.answer().await;
        assert_eq!(answer.header("connection"), Some("close"));
        assert_eq!(connection.rest().await, b"");
        answer
    };
    let open = ask(Request::open()).await;
    let sid = open.packets().split('"').nth(3).unwrap().to_owned();
    ask(Request::post(&sid, "40")).await.assert_ok();
    assert!(ask(Request::poll(&sid)).await.packets().starts_with(r#"40{"sid":"#));

    // All requests on one connection.
    let mut connection = server.connect();
    for _ in 0..3 {
        connection.write(Request::post(&sid, r#"421["x"]"#).bytes()).await;
        connection.answer().await.assert_ok();
        connection.write(Request::poll(&sid).bytes()).await;
        let answer = connection.answer().await;
        assert!(answer.packets().starts_with("431["), "{answer:?}");
    }
    drop(connection);
    settle().await;
    assert_eq!((server.sessions(), log.lines().len()), (1, 0), "the session lives on");
}
