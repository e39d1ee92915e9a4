//! From polling to a websocket while traffic goes on.

use http::StatusCode;
use sockeye_engine::{Close, CloseReason, Transport};

use crate::support::{BAD_REQUEST, Told, World, pass, refused, settle, text};

#[tokio::test(start_paused = true)]
async fn with_traffic_in_the_middle() {
    let mut world = World::echoing();
    let (sid, sender) = world.open().await;
    let stats = world.engine.stats();
    assert_eq!((stats.sessions, stats.polling_sessions), (1, 1));
    let get = world.get(&sid);
    let mut client = world.websocket(&sid).await;
    client.send("2probe").await;
    assert_eq!(client.text().await, "3probe");
    assert_eq!(text(get.await.unwrap()).await, "6");

    // Between probe and upgrade polling still works in both directions.
    assert_eq!(text(world.post(&sid, "4by post").await.unwrap()).await, "ok");
    assert_eq!(text(world.get(&sid).await.unwrap()).await, "4by post");
    assert_eq!(text(world.get(&sid).await.unwrap()).await, "6");
    sender.send("waits").unwrap();
    sender.send(&b"\x01"[..]).unwrap();

    client.send("5").await;
    assert_eq!(client.text().await, "4waits");
    assert_eq!(client.binary().await, &b"\x01"[..]);
    client.send("4by websocket").await;
    assert_eq!(client.text().await, "4by websocket");
    world.expect_messages(&["by post"]).await;
    assert_eq!(world.told().await, Told::Upgraded);
    world.expect_messages(&["by websocket"]).await;
    assert_eq!(sender.transport(), Transport::WebSocket);
    let stats = world.engine.stats();
    assert_eq!((stats.sessions, stats.polling_sessions), (1, 0));

    // Polling is over.
    assert_eq!(refused(world.get(&sid).await.unwrap()).await, (400, BAD_REQUEST.to_owned()));
    assert_eq!(refused(world.post(&sid, "4late").await.unwrap()).await, (400, BAD_REQUEST.to_owned()));
    let (second, _) = world.ask_websocket(&format!("EIO=4&transport=websocket&sid={sid}")).await;
    assert_eq!(refused(second).await, (400, BAD_REQUEST.to_owned()));
    client.send("4still").await;
    assert_eq!(client.text().await, "4still");
    drop(client);
    world.expect_messages(&["still"]).await;
    world.expect_closed(CloseReason::TransportClose).await;
    let stats = world.engine.stats();
    assert_eq!((stats.sessions, stats.polling_sessions), (0, 0));
    assert_eq!(stats.closed, [("transport close", 1)]);
}

#[tokio::test(start_paused = true)]
async fn an_abandoned_probe_leaves_the_session_polling() {
    let mut world = World::new();
    let (sid, sender) = world.open().await;
    let mut client = world.websocket(&sid).await;
    client.send("2probe").await;
    assert_eq!(client.text().await, "3probe");
    drop(client);
    settle().await;
    sender.send("still here").unwrap();
    assert_eq!(text(world.get(&sid).await.unwrap()).await, "4still here");

    // One that never says a word is hung up, and the next may try.
    let mut silent = world.websocket(&sid).await;
    pass(10.0).await;
    assert_eq!(silent.closed().await, None);
    let mut client = world.websocket(&sid).await;
    client.send("2probe").await;
    assert_eq!(client.text().await, "3probe");
    client.send("5").await;
    sender.send("over").unwrap();
    assert_eq!(client.text().await, "4over");
    assert_eq!(world.told().await, Told::Upgraded);
}

#[tokio::test(start_paused = true)]
async fn a_second_probe_is_refused_and_the_first_goes_on() {
    let mut world = World::new();
    let (sid, _sender) = world.open().await;
    let mut first = world.websocket(&sid).await;
    let query = format!("EIO=4&transport=websocket&sid={sid}");
    assert_eq!(refused(world.ask_websocket(&query).await.0).await, (400, BAD_REQUEST.to_owned()));
    first.send("2probe").await;
    assert_eq!(first.text().await, "3probe");
    assert_eq!(refused(world.ask_websocket(&query).await.0).await, (400, BAD_REQUEST.to_owned()));
    first.send("5").await;
    assert_eq!(world.told().await, Told::Upgraded);
}

#[tokio::test(start_paused = true)]
async fn a_first_frame_that_is_no_probe_costs_only_its_websocket() {
    for wrong in ["4hello", "5", "2", "abc"] {
        let mut world = World::new();
        let (sid, sender) = world.open().await;
        let mut client = world.websocket(&sid).await;
        client.send(wrong).await;
        assert_eq!(client.closed().await, None, "{wrong}");
        assert!(!sender.is_closed());
        // The place is free again at once.
        let (again, _stream) = world.ask_websocket(&format!("EIO=4&transport=websocket&sid={sid}")).await;
        assert_eq!(again.status(), StatusCode::SWITCHING_PROTOCOLS);
        world.expect_nothing().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_get_that_waits_at_the_upgrade_is_released() {
    let mut world = World::new();
    let (sid, _sender) = world.open().await;
    let get = world.get(&sid);
    let mut client = world.websocket(&sid).await;
    client.send("2probe").await;
    client.send("5").await;
    assert_eq!(client.text().await, "3probe");
    assert_eq!(text(get.await.unwrap()).await, "6");
    assert_eq!(world.told().await, Told::Upgraded);
}

#[tokio::test(start_paused = true)]
async fn closing_during_the_probe_closes_both() {
    let mut world = World::new();
    let (sid, sender) = world.open().await;
    let mut client = world.websocket(&sid).await;
    client.send("2probe").await;
    assert_eq!(client.text().await, "3probe");
    sender.close(Close::Graceful(CloseReason::Forced(Transport::Polling)));
    assert_eq!(client.closed().await, None);
    assert_eq!(text(world.get(&sid).await.unwrap()).await, "6\x1e1");
    world.expect_closed(CloseReason::Forced(Transport::Polling)).await;
}

#[tokio::test(start_paused = true)]
async fn the_heartbeat_goes_on_after_an_upgrade() {
    let mut world = World::new();
    let (sid, sender) = world.open().await;
    let mut client = world.websocket(&sid).await;
    client.send("2probe").await;
    client.text().await;
    client.send("5").await;
    settle().await;
    assert_eq!(client.text().await, "2");
    pass(0.25).await;
    client.send("3").await;
    settle().await;
    assert_eq!(sender.latency(), Some(std::time::Duration::from_millis(250)));
    assert_eq!(client.text().await, "2");
    assert_eq!(client.closed().await, None);
    assert_eq!(world.told().await, Told::Upgraded);
    world.expect_closed(CloseReason::PingTimeout).await;
}
