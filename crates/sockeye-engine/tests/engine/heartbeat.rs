//! Pings, pongs and the lack of them.

use std::time::Duration;

use sockeye_engine::CloseReason;
use tokio::time::Instant;

use crate::support::{SID_UNKNOWN, World, pass, refused, settle, text};

#[tokio::test(start_paused = true)]
async fn a_websocket_is_pinged_and_closed_when_it_is_silent() {
    let mut world = World::with(|builder| {
        builder.ping_interval(Duration::from_millis(200)).ping_timeout(Duration::from_millis(150))
    });
    let start = Instant::now();
    let (mut client, sender) = world.open_websocket().await;
    assert_eq!(sender.latency(), None);
    for round in 1..4 {
        assert_eq!(client.text().await, "2");
        assert_eq!(start.elapsed().as_millis() / 200, round);
        client.send("3").await;
        settle().await;
    }
    assert_eq!(client.text().await, "2");
    let pinged = Instant::now();
    assert_eq!(client.closed().await, None);
    let waited = pinged.elapsed().as_millis();
    assert!((150..160).contains(&waited), "{waited}");
    world.expect_closed(CloseReason::PingTimeout).await;
}

#[tokio::test(start_paused = true)]
async fn a_waiting_get_gets_the_ping() {
    let mut world = World::new();
    let (sid, _sender) = world.open().await;
    let start = Instant::now();
    assert_eq!(text(world.get(&sid).await.unwrap()).await, "2");
    assert_eq!(start.elapsed().as_secs(), 25);
    assert_eq!(text(world.post(&sid, "3").await.unwrap()).await, "ok");
    assert_eq!(text(world.get(&sid).await.unwrap()).await, "2");
    assert_eq!(start.elapsed().as_secs(), 50);
    // No pong: the next GET is told.
    assert_eq!(text(world.get(&sid).await.unwrap()).await, "1");
    assert_eq!(start.elapsed().as_secs(), 70);
    world.expect_closed(CloseReason::PingTimeout).await;
    assert_eq!(refused(world.get(&sid).await.unwrap()).await, (400, SID_UNKNOWN.to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_never_polls_times_out() {
    let mut world = World::new();
    let (_sid, _sender) = world.open().await;
    pass(44.0).await;
    world.expect_nothing().await;
    pass(2.0).await;
    world.expect_closed(CloseReason::PingTimeout).await;
}

#[tokio::test(start_paused = true)]
async fn a_client_that_reads_nothing_times_out_although_much_waits() {
    let mut world = World::new();
    let (client, sender) = world.open_websocket().await;
    for _ in 0..10 {
        sender.send("x".repeat(50_000)).unwrap();
    }
    pass(44.0).await;
    assert!(!sender.is_closed());
    pass(2.0).await;
    // Nothing of what is stuck can hold the session; the task itself lingers for two seconds at most.
    assert!(sender.is_closed());
    world.expect_closed(CloseReason::PingTimeout).await;
    pass(2.0).await;
    drop(client);
}
