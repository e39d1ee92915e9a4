//! Compression of answers to GETs, as the task that waits for one sees it.

use std::{future::Future, pin::Pin, task::Poll};

use http::Method;
use sockeye_engine::{CloseReason, TransportError};
use tower::Service;

use crate::support::{Response, World, body, request, settle};

type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

/// The future of a GET that accepts gzip, not polled yet.
fn get(world: &World, sid: &str) -> Answering {
    let request = request(Method::GET, &format!("EIO=4&transport=polling&sid={sid}"))
        .header("accept-encoding", "gzip")
        .body(body(""))
        .unwrap();
    let answer = world.engine.service().call(request);
    Box::pin(async move { answer.await.unwrap() })
}

/// Polls once.
async fn once(answering: &mut Answering) -> Poll<Response> {
    std::future::poll_fn(|cx| Poll::Ready(answering.as_mut().poll(cx))).await
}

/// How often it is polled until it is ready, once the session has answered.
async fn polls(mut answering: Answering) -> (usize, Response) {
    assert!(once(&mut answering).await.is_pending());
    settle().await;
    for polls in 1.. {
        if let Poll::Ready(response) = once(&mut answering).await {
            return (polls, response);
        }
    }
    unreachable!("it is counted without an end");
}

#[tokio::test(start_paused = true)]
async fn others_have_their_turn_while_a_long_answer_is_compressed() {
    let mut world = World::new();
    let (sid, sender) = world.open().await;
    sender.send("a".repeat(30_000)).unwrap();
    let (polled, response) = polls(get(&world, &sid)).await;
    assert_eq!((polled, &response.headers()["content-encoding"]), (1, &"gzip".parse().unwrap()));
    drop(response);
    let (sid, sender) = world.open().await;
    sender.send("a".repeat(1_000_000)).unwrap();
    let (polled, response) = polls(get(&world, &sid)).await;
    assert!((30..40).contains(&polled), "{polled}");
    let length = http_body::Body::size_hint(response.body()).exact().unwrap();
    assert!(length < 10_000, "{length}");
}

#[tokio::test(start_paused = true)]
async fn what_is_compressed_counts_until_it_is_written() {
    let mut world = World::new();
    let (sid, sender) = world.open().await;
    sender.send("a".repeat(100_000)).unwrap();
    let (_, response) = polls(get(&world, &sid)).await;
    assert!(sender.outbox().bytes() > 100_000);
    let bytes = http_body_util::BodyExt::collect(response.into_body()).await.unwrap().to_bytes();
    assert!(sender.outbox().bytes() > 100_000);
    drop(bytes);
    assert_eq!(sender.outbox().bytes(), 0);
}

#[tokio::test(start_paused = true)]
async fn who_leaves_while_its_answer_is_compressed_has_lost_packets() {
    let mut world = World::new();
    let (sid, sender) = world.open().await;
    sender.send("a".repeat(1_000_000)).unwrap();
    let mut answering = get(&world, &sid);
    assert!(once(&mut answering).await.is_pending());
    settle().await;
    for _ in 0..5 {
        assert!(once(&mut answering).await.is_pending(), "under way");
    }
    drop(answering);
    world.expect_closed(CloseReason::TransportError(TransportError::PollAborted)).await;
}
