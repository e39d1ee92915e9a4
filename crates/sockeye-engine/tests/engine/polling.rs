//! GETs and POSTs of one session.

use bytes::Bytes;
use http::Method;
use sockeye_engine::{CloseReason, Message, TransportError};

use crate::support::{SID_UNKNOWN, Told, World, body, pass, refused, request, settle, slow_body, text};

#[tokio::test(start_paused = true)]
async fn a_get_waits_for_what_is_sent() {
    let mut world = World::new();
    let (sid, sender) = world.open().await;
    let get = world.get(&sid);
    settle().await;
    assert!(!get.is_finished());
    sender.send("hello").unwrap();
    let response = get.await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/plain; charset=UTF-8");
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(text(response).await, "4hello");
}

#[tokio::test(start_paused = true)]
async fn what_is_sent_before_the_get_comes_in_one_body() {
    let mut world = World::new();
    let (sid, sender) = world.open().await;
    sender.send("a").unwrap();
    sender.send(&b"\x01\x02\x03"[..]).unwrap();
    sender.send("").unwrap();
    assert_eq!(text(world.get(&sid).await.unwrap()).await, "4a\x1ebAQID\x1e4");
    assert_eq!(sender.outbox().bytes(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_answer_respects_max_payload() {
    let mut world = World::with(|builder| builder.max_payload(20));
    let (sid, sender) = world.open().await;
    for message in ["123456789", "123456789", "1", "0123456789012345678901234567890123456789"] {
        sender.send(message).unwrap();
    }
    assert_eq!(text(world.get(&sid).await.unwrap()).await, "4123456789");
    assert_eq!(text(world.get(&sid).await.unwrap()).await, "4123456789\x1e41");
    assert_eq!(text(world.get(&sid).await.unwrap()).await.len(), 41);
}

#[tokio::test(start_paused = true)]
async fn a_post_carries_packets_in_order() {
    let mut world = World::new();
    let (sid, _sender) = world.open().await;
    let post = request(Method::POST, &format!("EIO=4&transport=polling&sid={sid}"))
        .header("content-type", "text/plain;charset=UTF-8")
        .header("x-tag", "first")
        .body(body("4hello\x1ebAQID\x1e4\u{20ac}"))
        .unwrap();
    let response = world.send(post).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/html");
    assert_eq!(text(response).await, "ok");
    let expected: [Message; 3] =
        ["hello".into(), Bytes::from_static(b"\x01\x02\x03").into(), "\u{20ac}".into()];
    for message in expected {
        assert_eq!(world.told().await, Told::Message(message));
        assert_eq!(world.told().await, Told::Tag("first".to_owned()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_may_be_cut_anywhere() {
    let mut world = World::new();
    let (sid, _sender) = world.open().await;
    let (pieces, body) = slow_body();
    let post = world.post_body(&sid, body);
    for piece in ["4", "he", "llo", "\x1e", "4x"] {
        pieces.send(Ok(piece)).unwrap();
        settle().await;
    }
    world.expect_nothing().await;
    drop(pieces);
    assert_eq!(text(post.await.unwrap()).await, "ok");
    world.expect_messages(&["hello", "x"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_post_may_be_as_long_as_the_bound_and_no_longer() {
    let mut world = World::with(|builder| builder.max_payload(1000));
    let (sid, sender) = world.open().await;
    let longest = format!("4{}", "x".repeat(999));
    assert_eq!(text(world.post(&sid, longest.clone()).await.unwrap()).await, "ok");
    world.expect_messages(&[&longest[1..]]).await;

    // Found out while the body arrives, and by what its header declares.
    let too_long = format!("{longest}y");
    let found = world.post(&sid, too_long.clone()).await.unwrap();
    assert_eq!(refused(found).await, (413, String::new()));
    let (_pieces, unread) = slow_body();
    let declared =
        request(Method::POST, &format!("EIO=4&transport=polling&sid={sid}")).header("content-length", 1001);
    let response = world.send(declared.body(unread).unwrap()).await.unwrap();
    assert_eq!(refused(response).await, (413, String::new()));

    // The session goes on.
    assert!(!sender.is_closed());
    assert_eq!(text(world.post(&sid, "4on").await.unwrap()).await, "ok");
    world.expect_messages(&["on"]).await;
    world.expect_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn two_gets_at_once_end_the_session() {
    let mut world = World::new();
    let (sid, _sender) = world.open().await;
    let first = world.get(&sid);
    settle().await;
    assert_eq!(refused(world.get(&sid).await.unwrap()).await, (400, String::new()));
    assert_eq!(text(first.await.unwrap()).await, "1");
    world.expect_closed(CloseReason::TransportError(TransportError::PollOverlap)).await;
    assert_eq!(refused(world.get(&sid).await.unwrap()).await, (400, SID_UNKNOWN.to_owned()));
}

#[tokio::test(start_paused = true)]
async fn two_posts_at_once_end_the_session_and_the_second_is_not_read() {
    let mut world = World::new();
    let (sid, _sender) = world.open().await;
    let (pieces, slow) = slow_body();
    let first = world.post_body(&sid, slow);
    settle().await;
    let (_unread, never_read) = slow_body();
    assert_eq!(refused(world.post_body(&sid, never_read).await.unwrap()).await, (400, String::new()));
    assert_eq!(refused(first.await.unwrap()).await.0, 400);
    assert!(pieces.is_closed());
    world.expect_closed(CloseReason::TransportError(TransportError::PostOverlap)).await;
}

#[tokio::test(start_paused = true)]
async fn a_get_that_is_aborted_ends_the_session() {
    let mut world = World::new();
    let (sid, _sender) = world.open().await;
    let get = world.get(&sid);
    settle().await;
    get.abort();
    world.expect_closed(CloseReason::TransportError(TransportError::PollAborted)).await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_nobody_reads_ends_the_session() {
    let mut world = World::new();
    let (sid, sender) = world.open().await;
    sender.send("lost").unwrap();
    drop(world.get(&sid).await.unwrap());
    world.expect_closed(CloseReason::TransportError(TransportError::PollAborted)).await;
}

#[tokio::test(start_paused = true)]
async fn a_handshake_that_nobody_reads_ends_the_session() {
    let mut world = World::new();
    drop(world.send(request(Method::GET, "EIO=4&transport=polling").body(body("")).unwrap()).await.unwrap());
    world.expect_closed(CloseReason::TransportError(TransportError::PollAborted)).await;
}

#[tokio::test(start_paused = true)]
async fn a_post_that_is_aborted_ends_the_session() {
    let mut world = World::new();
    let (sid, _sender) = world.open().await;
    let (pieces, slow) = slow_body();
    let post = world.post_body(&sid, slow);
    pieces.send(Ok("4half")).unwrap();
    settle().await;
    post.abort();
    world.expect_closed(CloseReason::TransportError(TransportError::PostAborted)).await;

    let (sid, _sender) = world.open().await;
    let (pieces, slow) = slow_body();
    let post = world.post_body(&sid, slow);
    pieces.send(Err(std::io::Error::other("reset"))).unwrap();
    assert_eq!(post.await.unwrap().status(), 400);
    world.expect_closed(CloseReason::TransportError(TransportError::PostAborted)).await;
}

#[tokio::test(start_paused = true)]
async fn a_post_without_its_sender_is_decoded_all_the_same() {
    let mut world = World::new();
    let (sid, sender) = world.open().await;
    world.behave(|behaviour| behaviour.pause_after = Some(1));
    let post = world.post(&sid, "4a\x1e4b");
    world.expect_messages(&["a"]).await;
    post.abort();
    settle().await;
    world.behave(|behaviour| behaviour.pause_after = None);
    sender.outbox().wake();
    world.expect_messages(&["b"]).await;
    world.expect_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn octet_stream_is_not_engine_io_4() {
    let mut world = World::new();
    let (sid, _sender) = world.open().await;
    let post = request(Method::POST, &format!("EIO=4&transport=polling&sid={sid}"))
        .header("content-type", "application/octet-stream")
        .body(body("4hello"))
        .unwrap();
    assert_eq!(refused(world.send(post).await.unwrap()).await, (400, String::new()));
    world.expect_closed(CloseReason::TransportError(TransportError::PostType)).await;
}

#[tokio::test(start_paused = true)]
async fn a_smaller_limit_of_a_layer_in_front_is_413_too() {
    use http_body_util::BodyExt as _;

    let mut world = World::new();
    let (sid, sender) = world.open().await;
    let limited = http_body_util::Limited::new(body("4123456789"), 5);
    let limited = limited.map_err(std::io::Error::other).boxed_unsync();
    assert_eq!(world.post_body(&sid, limited).await.unwrap().status(), 413);
    assert!(!sender.is_closed());
}

#[tokio::test(start_paused = true)]
async fn a_waiting_get_may_be_answered_with_a_noop_in_time() {
    let mut world = World::with(|builder| builder.poll_wait(std::time::Duration::from_secs(2)));
    let (sid, sender) = world.open().await;
    let get = world.get(&sid);
    pass(1.9).await;
    assert!(!get.is_finished());
    pass(0.2).await;
    assert_eq!(text(get.await.unwrap()).await, "6");
    sender.send("on").unwrap();
    assert_eq!(text(world.get(&sid).await.unwrap()).await, "4on");
}
