//! A handler that panics costs its own session, and nothing else.

use sockeye_engine::{CloseReason, Transport};

use crate::support::{Told, World, body, refused, request, settle, text};

#[tokio::test(start_paused = true)]
async fn at_the_opening() {
    let mut world = World::new();
    world.behave(|behaviour| behaviour.panic_at = Some("open"));
    let response = world
        .send(request(http::Method::GET, "EIO=4&transport=polling").body(body("")).unwrap())
        .await
        .unwrap();
    assert_eq!(refused(response).await, (500, String::new()));
    let mut client = world.websocket("").await;
    assert!(client.next().await.is_none());
    assert_eq!(world.engine.sessions(), 0);
    world.expect_nothing().await;
    world.behave(|behaviour| behaviour.panic_at = None);
    world.open().await;
}

#[tokio::test(start_paused = true)]
async fn in_a_message() {
    let mut world = World::new();
    let (mut client, _sender) = world.open_websocket().await;
    let (sid, other) = world.open().await;
    world.behave(|behaviour| behaviour.panic_at = Some("message"));
    client.send("4boom").await;
    assert_eq!(client.closed().await, None);
    world.behave(|behaviour| behaviour.panic_at = None);
    assert_eq!(world.told().await, Told::Closed(CloseReason::Forced(Transport::WebSocket)));
    assert_eq!(world.told().await, Told::Finished);
    other.send("alive").unwrap();
    assert_eq!(text(world.get(&sid).await.unwrap()).await, "4alive");
    assert_eq!(world.engine.sessions(), 1);
}

#[tokio::test(start_paused = true)]
async fn in_poll_and_upgraded_and_closed() {
    let mut world = World::new();
    let (sid, sender) = world.open().await;
    let get = world.get(&sid);
    settle().await;
    world.behave(|behaviour| behaviour.panic_at = Some("poll"));
    sender.outbox().wake();
    assert_eq!(text(get.await.unwrap()).await, "1");
    world.expect_closed(CloseReason::Forced(Transport::Polling)).await;

    world.behave(|behaviour| behaviour.panic_at = Some("upgraded"));
    let (sid, _sender) = world.open().await;
    let mut client = world.websocket(&sid).await;
    client.send("2probe").await;
    client.text().await;
    client.send("5").await;
    assert_eq!(client.closed().await, None);
    world.expect_closed(CloseReason::Forced(Transport::WebSocket)).await;

    world.behave(|behaviour| behaviour.panic_at = Some("closed"));
    let (client, sender) = world.open_websocket().await;
    drop(client);
    world.expect_closed(CloseReason::TransportClose).await;
    assert!(sender.is_closed());
}
