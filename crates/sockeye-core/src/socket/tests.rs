//! One socket: emitting, asking, leaving.

use std::{sync::atomic::Ordering, time::Duration};

use bytes::Bytes;
use http::Extensions;
use serde_json::{Value, json};
use sockeye_proto::{Frame, engine::CloseReason, outbox::Bounds};
use tokio::time::{Instant, advance};

use super::*;
use crate::{
    AckError, Args, EmitError, JoinError, SocketConfig,
    testing::{World, arguments, sent},
};

const SECOND: Duration = Duration::from_secs(1);

fn small() -> World {
    World::with("/", SocketConfig::default(), Bounds { soft: 100, hard: 300 })
}

#[tokio::test]
async fn how_many_arguments_is_decided_by_the_type() {
    let socket = World::new().socket();
    socket.emit("e", ()).await.unwrap();
    socket.emit("e", "text").await.unwrap();
    socket.emit("e", &[1, 2]).await.unwrap();
    let pair = (String::from("a"), 2);
    socket.emit("e", &pair).await.unwrap();
    socket.emit("e", (&(1, 2),)).await.unwrap();
    drop(pair);
    socket.emit("e", (1, &"b", String::from("c"), json!([4]))).await.unwrap();
    socket.emit("e", ([1, 2].as_slice(),)).await.unwrap();
    socket.emit("e", Value::Null).await.unwrap();
    socket.send("hello").await.unwrap();
    socket.emit("e", (Bytes::from_static(b"x"), &json!({"k": 1}))).await.unwrap();
    assert_eq!(
        sent(&socket),
        [
            r#"2["e"]"#,
            r#"2["e","text"]"#,
            r#"2["e",[1,2]]"#,
            r#"2["e",["a",2]]"#,
            r#"2["e",[1,2]]"#,
            r#"2["e",1,"b","c",[4]]"#,
            r#"2["e",[1,2]]"#,
            r#"2["e",null]"#,
            r#"2["message","hello"]"#,
            r#"51-["e",{"_placeholder":true,"num":0},{"k":1}]"#,
            "x",
        ]
    );
}

#[tokio::test]
async fn whether_it_may_be_compressed_is_said_per_emit() {
    let world = World::new();
    let socket = world.socket();
    let plain = socket.compress(false);
    let file = Bytes::from_static(b"x");
    plain.emit("e", (&file,)).await.unwrap();
    plain.try_emit("e", 1).unwrap();
    plain.emit_encoded(&Encoded::new("e", 1).unwrap()).await.unwrap();
    drop(plain.emit_with_ack::<u8>("e", 1));
    socket.namespace().compress(false).emit("e", (&file,)).await.unwrap();
    socket.emit("e", (&file,)).await.unwrap();
    socket.compress(true).emit("e", 1).await.unwrap();
    socket.namespace().emit("e", (&file,)).await.unwrap();
    let mut frames = std::collections::VecDeque::new();
    socket.outbox().take(usize::MAX, &mut frames);
    let frames: Vec<_> = frames.into_iter().flat_map(Frame::split).collect();
    let (refused, allowed): (Vec<_>, Vec<_>) = frames.iter().partition(|frame| !frame.may_compress());
    assert_eq!((refused.len(), allowed.len()), (2 + 1 + 1 + 1 + 2, 2 + 1 + 2));
    assert!(frames.iter().take(7).all(|frame| !frame.may_compress()));
}

#[tokio::test]
async fn an_emit_is_queued_by_the_call() {
    let world = World::with("/chat", SocketConfig::default(), Bounds::default());
    let socket = world.socket();
    drop(socket.emit("news", 1));
    socket.try_emit("news", 2).unwrap();
    socket.emit_encoded(&Encoded::new("news", 3).unwrap()).await.unwrap();
    assert_eq!(sent(&socket), [r#"2/chat,["news",1]"#, r#"2/chat,["news",2]"#, r#"2/chat,["news",3]"#]);
}

#[tokio::test]
async fn nothing_is_queued_when_the_event_is_wrong() {
    let socket = World::new().socket();
    assert!(matches!(socket.emit("disconnect", ()).await, Err(EmitError::Reserved(_))));
    let no_json = std::collections::BTreeMap::from([(vec![1], 1)]);
    assert!(matches!(socket.emit("e", (1, &no_json)).await, Err(EmitError::Encode(_))));
    assert!(matches!(socket.try_emit("e", &no_json), Err(EmitError::Encode(_))));
    let asked = socket.emit_with_ack::<u8>("connect", ()).await;
    assert!(matches!(asked, Err(AckError::Emit(EmitError::Reserved(_)))));
    assert_eq!(sent(&socket), [""; 0]);
    assert_eq!(socket.pending_acks(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_emit_waits_for_room_and_gives_up_after_send_timeout() {
    let socket = small().socket();
    let text = "x".repeat(80);
    socket.emit("e", &text).await.unwrap();
    // This one is over the soft bound: queued, and waits.
    let mut waits = by_hand(socket.emit("e", &text));
    assert!(waits.is_pending());
    assert!(matches!(socket.try_emit("e", 1), Err(EmitError::Full)));
    assert_eq!(sent(&socket).len(), 2);
    assert!(matches!(waits.outcome(), Some(Ok(()))));

    socket.emit("e", &text).await.unwrap();
    let started = Instant::now();
    assert!(matches!(socket.emit("e", &text).await, Err(EmitError::Timeout)));
    assert_eq!(started.elapsed(), 30 * SECOND);
    assert_eq!(sent(&socket).len(), 2, "queued all the same");
}

#[tokio::test(start_paused = true)]
async fn beyond_the_hard_bound_the_socket_is_closed() {
    let socket = small().socket();
    let text = "x".repeat(80);
    for _ in 0..2 {
        drop(socket.emit("e", &text));
    }
    assert!(matches!(socket.emit("e", text.repeat(3)).await, Err(EmitError::Closed)));
    assert!(socket.outbox().overflowed());
}

#[tokio::test]
async fn volatile_is_dropped_when_the_transport_is_busy() {
    let socket = World::new().socket();
    socket.volatile().emit("cursor", 1).await.unwrap();
    socket.outbox().set_writable(true);
    socket.volatile().emit("cursor", 2).await.unwrap();
    socket.volatile().emit("cursor", 3).await.unwrap();
    socket.volatile().try_emit("cursor", 4).unwrap();
    let asked = socket.volatile().emit_with_ack::<u8>("cursor", 5).await;
    assert!(matches!(asked, Err(AckError::Emit(EmitError::Full))));
    assert_eq!(socket.pending_acks(), 0);
    assert_eq!(sent(&socket), [r#"2["cursor",2]"#]);
}

#[tokio::test]
async fn an_ack_is_read_as_what_was_asked_for() {
    let socket = World::new().socket();
    let first = tokio::spawn(socket.emit_with_ack::<Vec<u8>>("q", 1));
    let both = tokio::spawn(socket.emit_with_ack::<Args<(u8, Option<String>)>>("q", 2));
    let wrong = tokio::spawn(socket.emit_with_ack::<u8>("q", ()));
    assert_eq!(sent(&socket), [r#"20["q",1]"#, r#"21["q",2]"#, r#"22["q"]"#]);
    assert!(socket.acknowledge(1, arguments(r#"[7]"#)));
    assert!(socket.acknowledge(0, arguments("[[1,2]]")));
    assert!(socket.acknowledge(2, arguments(r#"["x"]"#)));
    assert_eq!(first.await.unwrap().unwrap(), [1, 2]);
    assert_eq!(both.await.unwrap().unwrap(), Args((7, None)));
    assert!(matches!(wrong.await.unwrap(), Err(AckError::Decode(error)) if error.path() == "0"));
    assert!(!socket.acknowledge(0, arguments("[1]")), "a second answer is ignored");
    assert!(!socket.acknowledge(99, arguments("[]")), "nobody asked");
}

#[tokio::test(start_paused = true)]
async fn an_ack_is_awaited_for_the_timeout_and_no_longer() {
    let socket = World::new().socket();
    let started = Instant::now();
    assert!(matches!(socket.emit_with_ack::<u8>("q", ()).await, Err(AckError::Timeout)));
    assert_eq!(started.elapsed(), 30 * SECOND, "the default");
    let asked = socket.timeout(5 * SECOND).emit_with_ack::<u8>("q", ());
    // Counted from the emit, not from the first poll.
    advance(4 * SECOND).await;
    let started = Instant::now();
    assert!(matches!(asked.await, Err(AckError::Timeout)));
    assert_eq!(started.elapsed(), SECOND);
    assert!(!socket.acknowledge(1, arguments("[1]")), "late");
    assert_eq!(socket.pending_acks(), 0);
}

#[tokio::test]
async fn waiting_as_long_as_it_takes_is_no_panic() {
    let config = SocketConfig { send_timeout: Duration::MAX, ..SocketConfig::default() };
    let socket = World::with("/", config, Bounds { soft: 1, hard: 1000 }).socket();
    let mut waits = by_hand(socket.emit("e", ()));
    assert!(waits.is_pending());
    let mut asked = by_hand(socket.timeout(Duration::MAX).emit_with_ack::<u8>("q", ()));
    assert!(asked.is_pending());
    let everybody = socket.namespace().timeout(Duration::MAX).emit_with_ack::<u8>("q", ()).await.unwrap();
    let mut collected = by_hand(Box::pin(everybody.collected()));
    assert!(collected.is_pending());
    for id in 0..2 {
        socket.acknowledge(id, arguments("[1]"));
    }
    assert!(matches!(asked.outcome(), Some(Ok(1))));
    assert_eq!(collected.outcome().unwrap().answers, [(socket.id(), 1)]);
    assert_eq!(sent(&socket).len(), 3);
    assert!(matches!(waits.outcome(), Some(Ok(()))));
}

#[tokio::test]
async fn dropping_the_future_forgets_the_ack() {
    let socket = World::new().socket();
    let asked = socket.emit_with_ack::<u8>("q", ());
    assert_eq!(socket.pending_acks(), 1);
    drop(asked);
    assert_eq!(socket.pending_acks(), 0);
}

#[tokio::test]
async fn a_client_owes_at_most_so_many_acks() {
    let config = SocketConfig { max_pending_acks: 2, ..SocketConfig::default() };
    let socket = World::with("/", config, Bounds::default()).socket();
    let asked = [socket.emit_with_ack::<u8>("q", ()), socket.emit_with_ack("q", ())];
    let refused = socket.emit_with_ack::<u8>("q", ()).await;
    assert!(matches!(refused, Err(AckError::Emit(EmitError::Full))));
    drop(asked);
    assert_eq!(sent(&socket).len(), 2);
}

#[tokio::test]
async fn who_waits_for_an_ack_hears_of_the_end_and_of_a_stall() {
    let world = World::new();
    let socket = world.socket();
    let stalled = socket.emit_with_ack::<u8>("q", ());
    socket.stalled();
    assert!(matches!(stalled.await, Err(AckError::Stalled)));
    let left = socket.emit_with_ack::<u8>("q", ());
    world.leave(&socket);
    assert!(matches!(left.await, Err(AckError::Disconnected)));
    let late = socket.emit_with_ack::<u8>("q", ()).await;
    assert!(matches!(late, Err(AckError::Emit(EmitError::Closed))));
}

#[tokio::test]
async fn a_socket_that_has_left_says_so() {
    let world = World::new();
    let socket = world.socket();
    socket.join(["a", "b"]).await.unwrap();
    assert!(socket.connected());
    let rooms = world.rooms.remove(&socket);
    let reason = DisconnectReason::Session(CloseReason::PingTimeout);
    assert!(socket.left(reason, rooms));
    assert!(!socket.left(DisconnectReason::Client, Vec::new()), "once");
    assert!(!socket.connected());
    assert_eq!(socket.disconnect_reason(), Some(reason));
    assert_eq!(socket.disconnect_reason().unwrap().as_str(), "ping timeout");
    assert_eq!(socket.rooms(), [socket.id().as_str(), "a", "b"], "the disconnect handler sees them");
    assert_eq!(socket.join("c").await, Err(JoinError::Closed));
    assert!(matches!(socket.emit("e", ()).await, Err(EmitError::Closed)));
    assert!(matches!(socket.try_emit("e", ()), Err(EmitError::Closed)));
    socket.forget();
    assert_eq!(socket.rooms(), [""; 0]);
}

#[tokio::test]
async fn disconnect_comes_behind_what_was_emitted_and_nothing_comes_behind_it() {
    let world = World::with("/chat", SocketConfig::default(), Bounds::default());
    let socket = world.socket();
    drop(socket.emit("last words", ()));
    drop(socket.disconnect());
    socket.disconnect().await;
    assert!(matches!(socket.emit("more", ()).await, Err(EmitError::Closed)));
    assert_eq!(sent(&socket), [r#"2/chat,["last words"]"#, "1/chat,"]);
    assert_eq!(world.session.disconnects.load(Ordering::Relaxed), 1);
    socket.close().await;
    assert_eq!(world.session.closes.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_socket_can_be_sent_away_before_it_is_admitted() {
    let world = World::new();
    let socket = world.joining();
    assert!(!socket.connected());
    socket.disconnect().await;
    assert_eq!(sent(&socket), [""; 0], "there is nothing to leave yet");
    assert!(!socket.joined(Extensions::new()));
    assert!(!socket.connected());
}

#[test]
fn values_of_the_application_live_beside_the_socket() {
    let socket = World::new().socket();
    assert_eq!(socket.extensions().insert(1_u8), None);
    assert_eq!(socket.extensions().insert(2_u8), Some(1));
    assert_eq!(socket.extensions().get::<u8>(), Some(2));
    assert_eq!(socket.extensions().get_or_insert(3_u8), 2);
    assert_eq!(socket.extensions().get_or_insert("first"), "first");
    assert_eq!(socket.extensions().get_or_insert("second"), "first");
    assert_eq!(socket.extensions().remove::<u8>(), Some(2));
    assert_eq!(socket.extensions().get::<u8>(), None);
    assert_eq!(size_of::<Socket>(), 8);
}

/// Polls a future once at a time.
fn by_hand<F: Future + Unpin>(future: F) -> Task<F> {
    Task(future)
}

struct Task<F>(F);

impl<F: Future + Unpin> Task<F> {
    fn outcome(&mut self) -> Option<F::Output> {
        let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
        match std::pin::Pin::new(&mut self.0).poll(&mut cx) {
            std::task::Poll::Ready(outcome) => Some(outcome),
            std::task::Poll::Pending => None,
        }
    }

    fn is_pending(&mut self) -> bool {
        self.outcome().is_none()
    }
}
