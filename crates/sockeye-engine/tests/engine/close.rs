//! Every way a session ends, and what its client sees of it.

use std::time::Duration;

use http_body_util::BodyExt;
use sockeye_engine::{Close, CloseReason, Flow, SendError, Transport, Violation};

use crate::support::{SID_UNKNOWN, World, pass, refused, settle, text};

const POLLING: CloseReason = CloseReason::Forced(Transport::Polling);
const WEBSOCKET: CloseReason = CloseReason::Forced(Transport::WebSocket);

#[tokio::test(start_paused = true)]
async fn gracefully_with_a_get_waiting() {
    let mut world = World::new();
    let (sid, sender) = world.open().await;
    let get = world.get(&sid);
    settle().await;
    sender.close(Close::Graceful(POLLING));
    assert_eq!(text(get.await.unwrap()).await, "1");
    world.expect_closed(POLLING).await;
    assert_eq!(refused(world.get(&sid).await.unwrap()).await, (400, SID_UNKNOWN.to_owned()));
    assert_eq!(sender.send("late"), Err(SendError::Closed));
}

#[tokio::test(start_paused = true)]
async fn gracefully_before_the_next_get() {
    let mut world = World::new();
    let (sid, sender) = world.open().await;
    sender.send("last").unwrap();
    sender.close(Close::Graceful(POLLING));
    settle().await;
    assert_eq!(sender.send("late"), Err(SendError::Closed));
    assert_eq!(text(world.get(&sid).await.unwrap()).await, "4last");
    assert_eq!(text(world.get(&sid).await.unwrap()).await, "6\x1e1");
    world.expect_closed(POLLING).await;
}

#[tokio::test(start_paused = true)]
async fn gracefully_without_a_get_at_the_deadline() {
    let mut world = World::new();
    let (_sid, sender) = world.open().await;
    sender.close(Close::Graceful(POLLING));
    pass(29.0).await;
    assert!(!sender.is_closed());
    pass(2.0).await;
    world.expect_closed(POLLING).await;
}

#[tokio::test(start_paused = true)]
async fn gracefully_on_a_websocket_after_what_waits() {
    let mut world = World::new();
    let (mut client, sender) = world.open_websocket().await;
    for number in 0..300 {
        sender.send(format!("{number}{}", "x".repeat(1000))).unwrap();
    }
    sender.close(Close::Graceful(WEBSOCKET));
    settle().await;
    for number in 0..300 {
        assert!(client.text().await.starts_with(&format!("4{number}x")));
    }
    assert_eq!(client.closed().await, None);
    world.expect_closed(WEBSOCKET).await;
}

#[tokio::test(start_paused = true)]
async fn gracefully_on_an_idle_websocket() {
    let mut world = World::new();
    let (mut client, sender) = world.open_websocket().await;
    settle().await;
    sender.close(Close::Graceful(WEBSOCKET));
    assert_eq!(client.closed().await, None);
    world.expect_closed(WEBSOCKET).await;
}

#[tokio::test(start_paused = true)]
async fn gracefully_against_a_client_that_reads_nothing() {
    let mut world = World::with(|builder| builder.close_timeout(Duration::from_secs(5)));
    let (client, sender) = world.open_websocket().await;
    for _ in 0..200 {
        sender.send("x".repeat(1000)).unwrap();
    }
    sender.close(Close::Graceful(WEBSOCKET));
    pass(4.0).await;
    assert!(!sender.is_closed());
    pass(1.5).await;
    world.expect_closed(WEBSOCKET).await;
    drop(client);
}

#[tokio::test(start_paused = true)]
async fn at_once_what_waits_is_lost() {
    let mut world = World::new();
    let (mut client, sender) = world.open_websocket().await;
    settle().await;
    sender.send("lost").unwrap();
    sender.close(Close::Now(WEBSOCKET));
    sender.close(Close::Now(WEBSOCKET));
    assert_eq!(client.closed().await, None);
    world.expect_closed(WEBSOCKET).await;
    sender.close(Close::Now(WEBSOCKET));
    world.expect_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn by_the_client_s_close_packet_in_a_post() {
    let mut world = World::new();
    let (sid, _sender) = world.open().await;
    let get = world.get(&sid);
    settle().await;
    assert_eq!(text(world.post(&sid, "4a\x1e1\x1e4ignored").await.unwrap()).await, "ok");
    assert_eq!(text(get.await.unwrap()).await, "6");
    world.expect_messages(&["a"]).await;
    world.expect_closed(CloseReason::TransportClose).await;
}

#[tokio::test(start_paused = true)]
async fn by_what_is_no_packet_in_a_post() {
    for wrong in ["4a\x1eabc\x1e4ignored", "4a\x1e", "4a\x1e7"] {
        let mut world = World::new();
        let (sid, _sender) = world.open().await;
        let get = world.get(&sid);
        settle().await;
        world.post(&sid, wrong).await.unwrap();
        assert_eq!(text(get.await.unwrap()).await, "1");
        world.expect_messages(&["a"]).await;
        world.expect_closed(CloseReason::ParseError).await;
    }
}

#[tokio::test(start_paused = true)]
async fn by_its_handler_in_the_middle_of_a_payload() {
    let mut world = World::new();
    let (sid, _sender) = world.open().await;
    let violation = Violation::new("no such thing");
    world.behave(|behaviour| behaviour.flow = Some(Flow::Close(Close::Violation(violation))));
    let get = world.get(&sid);
    settle().await;
    let post = world.post(&sid, "4a\x1e4b").await.unwrap();
    assert_eq!(text(post).await, "ok");
    assert_eq!(text(get.await.unwrap()).await, "1");
    world.expect_messages(&["a"]).await;
    world.expect_closed(CloseReason::Protocol(violation, Transport::Polling)).await;
}

#[tokio::test(start_paused = true)]
async fn by_its_handler_on_a_websocket() {
    let mut world = World::new();
    let (mut client, _sender) = world.open_websocket().await;
    world.behave(|behaviour| behaviour.flow = Some(Flow::Close(Close::Now(WEBSOCKET))));
    client.send("4a").await;
    client.send("4b").await;
    assert_eq!(client.closed().await, None);
    world.expect_messages(&["a"]).await;
    world.expect_closed(WEBSOCKET).await;
}

#[tokio::test(start_paused = true)]
async fn a_slow_consumer_is_closed_on_both_transports() {
    let small = || World::with(|builder| builder.outbox_soft(10_000).outbox_hard(20_000));

    let mut world = small();
    let (_sid, sender) = world.open().await;
    while sender.send("x".repeat(1000)).is_ok() {}
    assert_eq!(sender.send("more"), Err(SendError::Overflow));
    world.expect_closed(CloseReason::SlowConsumer).await;
    assert_eq!(sender.send("more"), Err(SendError::Closed));

    let mut world = small();
    let (client, sender) = world.open_websocket().await;
    let mut sent = 0;
    while sender.send("x".repeat(1000)).is_ok() {
        sent += 1;
        settle().await;
    }
    // The pipe takes 64 KiB, the outbox 20,000 bytes, and what is being written counts until it is written.
    assert!((60..90).contains(&sent), "{sent}");
    world.expect_closed(CloseReason::SlowConsumer).await;
    drop(client);
}

#[tokio::test(start_paused = true)]
async fn answers_that_are_asked_for_and_not_read_are_bounded_together() {
    let mut world = World::with(|builder| builder.outbox_soft(10_000).outbox_hard(20_000));
    let (sid, sender) = world.open().await;
    let answer = |world: &World| {
        let get = world.get(&sid);
        async { get.await.unwrap().into_body().collect().await.unwrap().to_bytes() }
    };
    let mut unread = Vec::new();
    for _ in 0..2 {
        sender.send("x".repeat(9_000)).unwrap();
        // The server keeps it for as long as the connection takes nothing.
        unread.push(answer(&world).await);
    }
    assert!(sender.outbox().bytes() > 18_000);
    unread.pop();
    assert!(sender.outbox().bytes() < 10_000, "one is written");

    while sender.send("x".repeat(1000)).is_ok() {}
    assert_eq!(sender.send("more"), Err(SendError::Overflow), "the other is not");
    world.expect_closed(CloseReason::SlowConsumer).await;
}

#[tokio::test(start_paused = true)]
async fn the_handler_s_rest_lives_on_after_the_close() {
    let mut world = World::new();
    let (client, _sender) = world.open_websocket().await;
    world.behave(|behaviour| behaviour.never_finish = true);
    drop(client);
    settle().await;
    assert_eq!(world.engine.sessions(), 0);
    assert_eq!(world.told().await, crate::support::Told::Closed(CloseReason::TransportClose));
    world.expect_nothing().await;
}
