//! A handler that cannot keep up: nothing more is read, nothing is lost, and not for ever.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
    time::Duration,
};

use futures_util::SinkExt;
use http::Method;
use http_body_util::{BodyExt, StreamBody};
use sockeye_engine::{CloseReason, Flow};
use tokio_tungstenite::tungstenite::Message;

use crate::support::{RequestBody, Told, World, pass, request, settle, slow_body, text};

fn resume(world: &World, sender: &sockeye_engine::Sender) {
    world.behave(|behaviour| behaviour.pause_after = None);
    sender.outbox().wake();
}

#[tokio::test(start_paused = true)]
async fn a_paused_post_keeps_its_rest_and_the_next_is_not_read() {
    let mut world = World::new();
    let (sid, sender) = world.open().await;
    world.behave(|behaviour| behaviour.pause_after = Some(2));
    let post = world.post(&sid, "4a\x1e4b\x1e4c\x1e4d");
    world.expect_messages(&["a", "b"]).await;
    world.expect_nothing().await;
    assert!(!post.is_finished());

    resume(&world, &sender);
    world.expect_messages(&["c", "d"]).await;
    assert_eq!(text(post.await.unwrap()).await, "ok");
}

#[tokio::test(start_paused = true)]
async fn a_post_is_answered_with_its_last_packet_and_the_next_waits_unread() {
    let mut world = World::new();
    let (sid, sender) = world.open().await;
    world.behave(|behaviour| behaviour.pause_after = Some(1));
    assert_eq!(text(world.post(&sid, "4a").await.unwrap()).await, "ok");
    world.expect_messages(&["a"]).await;

    let (pieces, body) = slow_body();
    pieces.send(Ok("4b")).unwrap();
    let post = world.post_body(&sid, body);
    drop(pieces);
    settle().await;
    assert!(!post.is_finished());
    // Sending goes on meanwhile.
    sender.send("out").unwrap();
    assert_eq!(text(world.get(&sid).await.unwrap()).await, "4out");
    world.expect_nothing().await;
    resume(&world, &sender);
    world.expect_messages(&["b"]).await;
    assert_eq!(text(post.await.unwrap()).await, "ok");
}

/// A body without bytes, and whether anybody has asked for it.
fn watched_body() -> (Arc<AtomicBool>, RequestBody) {
    let polled = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&polled);
    let stream = futures_util::stream::poll_fn(move |_| {
        seen.store(true, Ordering::SeqCst);
        Poll::Ready(None::<std::io::Result<http_body::Frame<bytes::Bytes>>>)
    });
    (polled, StreamBody::new(stream).boxed_unsync())
}

#[tokio::test(start_paused = true)]
async fn an_announced_body_is_asked_for_after_its_request_was_judged() {
    let mut world = World::new();
    let (sid, _sender) = world.open().await;
    let (_pieces, body) = slow_body();
    let first = world.post_body(&sid, body);
    settle().await;
    let (polled, body) = watched_body();
    let second = request(Method::POST, &format!("EIO=4&transport=polling&sid={sid}"))
        .header("expect", "100-continue")
        .body(body)
        .unwrap();
    assert_ne!(world.send(second).await.unwrap().status(), 200, "one POST at a time");
    assert!(!polled.load(Ordering::SeqCst));
    first.abort();
}

#[tokio::test(start_paused = true)]
async fn a_body_is_pulled_only_when_the_session_reads() {
    let mut world = World::new();
    let (sid, sender) = world.open().await;
    world.behave(|behaviour| behaviour.pause_after = Some(0));
    // A pause is told by the handler's poll as well.
    sender.outbox().wake();
    settle().await;
    let (polled, body) = watched_body();
    let _post = world.post_body(&sid, body);
    settle().await;
    assert!(!polled.load(Ordering::SeqCst));
    resume(&world, &sender);
    settle().await;
    assert!(polled.load(Ordering::SeqCst));
}

#[tokio::test(start_paused = true)]
async fn a_paused_websocket_is_not_read() {
    let mut world = World::new();
    let (mut client, sender) = world.open_websocket().await;
    world.behave(|behaviour| behaviour.pause_after = Some(3));
    for message in ["4a", "4b", "4c", "4d", "4e"] {
        client.send(message).await;
    }
    world.expect_messages(&["a", "b", "c"]).await;
    settle().await;
    // What was read with them is kept; what comes now fills the pipe until the client cannot send any more.
    let flood = tokio::spawn(async move {
        for _ in 0..100 {
            client.send(&format!("4{}", "x".repeat(10_000))).await;
        }
        client
    });
    settle().await;
    assert!(!flood.is_finished());
    world.expect_nothing().await;
    // It still writes.
    resume(&world, &sender);
    world.expect_messages(&["d", "e"]).await;
    for _ in 0..100 {
        assert!(matches!(world.told().await, Told::Message(_)));
    }
    drop(flood.await.unwrap());
    world.expect_closed(CloseReason::TransportClose).await;
}

#[tokio::test(start_paused = true)]
async fn a_pause_that_ends_in_the_same_turn_needs_no_wake() {
    let mut world = World::new();
    let (mut client, _sender) = world.open_websocket().await;
    world.behave(|behaviour| behaviour.flow = Some(Flow::Pause));
    client.0.feed(Message::text("4a")).await.unwrap();
    client.0.feed(Message::text("4b")).await.unwrap();
    client.0.flush().await.unwrap();
    settle().await;
    world.expect_messages(&["a", "b"]).await;

    let (sid, _sender) = world.open().await;
    world.behave(|behaviour| behaviour.flow = Some(Flow::Pause));
    let post = world.post(&sid, "4c\x1e4d");
    settle().await;
    assert!(post.is_finished());
    world.expect_messages(&["c", "d"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_post_that_trickles_lives_no_longer_than_its_session() {
    let mut world = World::with(|builder| builder.body_timeout(Duration::from_secs(100)));
    let (sid, _sender) = world.open().await;
    let (pieces, slow) = slow_body();
    let post = world.post_body(&sid, slow);
    for _ in 0..44 {
        pieces.send(Ok("4")).unwrap();
        pass(1.0).await;
    }
    assert!(!post.is_finished());
    pass(2.0).await;
    assert_eq!(post.await.unwrap().status(), 400);
    assert!(pieces.is_closed());
    world.expect_closed(CloseReason::PingTimeout).await;
}

#[tokio::test(start_paused = true)]
async fn a_stall_is_announced_and_then_ends_the_session() {
    let mut world = World::with(|builder| builder.stall_timeout(Duration::from_secs(60)));
    let (mut client, sender) = world.open_websocket().await;
    world.behave(|behaviour| behaviour.pause_after = Some(1));
    client.send("4a").await;
    world.expect_messages(&["a"]).await;
    pass(29.0).await;
    world.expect_nothing().await;
    pass(2.0).await;
    assert_eq!(world.told().await, Told::Stalled);
    // The pong of the ping at 25 s cannot be seen, so its deadline stands still.
    pass(28.0).await;
    assert!(!sender.is_closed());
    pass(2.0).await;
    world.expect_closed(CloseReason::Stalled).await;
    assert_eq!(client.text().await, "2");
    assert_eq!(client.closed().await, None);
}

#[tokio::test(start_paused = true)]
async fn a_stall_that_ends_in_time_changes_nothing() {
    let mut world = World::new();
    let (mut client, sender) = world.open_websocket().await;
    world.behave(|behaviour| behaviour.pause_after = Some(1));
    client.send("4a").await;
    world.expect_messages(&["a"]).await;
    pass(20.0).await;
    assert_eq!(world.told().await, Told::Stalled);
    resume(&world, &sender);
    settle().await;
    assert_eq!(client.text().await, "2");
    client.send("3").await;
    client.send("4b").await;
    world.expect_messages(&["b"]).await;
    pass(20.0).await;
    assert!(!sender.is_closed());
}

#[tokio::test(start_paused = true)]
async fn an_emitter_waits_for_room_and_gets_it() {
    let mut world = World::with(|builder| builder.outbox_soft(1000).outbox_hard(100_000));
    let (sid, sender) = world.open().await;
    sender.send("x".repeat(2000)).unwrap();
    let outbox = Arc::clone(sender.outbox());
    let room = tokio::spawn(std::future::poll_fn(move |cx| outbox.poll_room(cx)));
    settle().await;
    assert!(!room.is_finished());
    let response = world.get(&sid).await.unwrap();
    settle().await;
    // Answered is not yet read.
    assert!(!room.is_finished());
    assert_eq!(text(response).await.len(), 2001);
    room.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_upgrade_that_nobody_reads_for_a_while_is_not_given_up() {
    let mut world = World::new();
    let (sid, sender) = world.open().await;
    let mut client = world.websocket(&sid).await;
    client.send("2probe").await;
    assert_eq!(client.text().await, "3probe");
    world.behave(|behaviour| behaviour.pause_after = Some(1));
    assert_eq!(text(world.post(&sid, "4slow").await.unwrap()).await, "ok");
    // For the client the websocket is the transport from here on.
    client.send("5").await;
    client.send("4over").await;
    pass(12.0).await;
    resume(&world, &sender);
    world.expect_messages(&["slow"]).await;
    assert_eq!(world.told().await, Told::Upgraded);
    world.expect_messages(&["over"]).await;
}
