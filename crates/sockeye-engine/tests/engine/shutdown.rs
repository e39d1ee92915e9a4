//! Ending the server without losing what is queued.

use std::time::Duration;

use http::Method;
use sockeye_engine::CloseReason;
use tokio::{io::AsyncWriteExt, time::Instant};

use crate::support::{Told, World, body, request, settle, text};

#[tokio::test(start_paused = true)]
async fn flushes_on_both_transports_and_turns_new_sessions_away() {
    let mut world = World::new();
    let (sid, polling) = world.open().await;
    let (waiting, idle) = world.open().await;
    let (mut client, websocket) = world.open_websocket().await;
    let get = world.get(&waiting);
    polling.send("by get").unwrap();
    websocket.send("by websocket").unwrap();
    settle().await;

    let shutdown = tokio::spawn(world.engine.shutdown(Duration::from_secs(20)));
    settle().await;
    for query in ["EIO=4&transport=polling", "EIO=4&transport=websocket"] {
        let new = crate::support::websocket_request(query);
        let new = if query.ends_with("polling") { request(Method::GET, query) } else { new };
        let response = world.send(new.body(body("")).unwrap()).await.unwrap();
        assert_eq!(response.status(), 503);
        assert_eq!(response.headers()["retry-after"], "1");
    }
    assert_eq!(client.text().await, "4by websocket");
    assert_eq!(client.closed().await, None);
    assert_eq!(text(get.await.unwrap()).await, "1");
    assert!(!shutdown.is_finished());
    // A known sid is still served.
    assert_eq!(text(world.get(&sid).await.unwrap()).await, "4by get");
    assert_eq!(text(world.get(&sid).await.unwrap()).await, "6\x1e1");
    let report = shutdown.await.unwrap();
    assert_eq!((report.closed, report.flushed, report.aborted), (3, 3, 0));
    let told: Vec<_> = std::iter::from_fn(|| world.told.try_recv().ok()).collect();
    let closed = told.iter().filter(|told| **told == Told::Closed(CloseReason::ServerShuttingDown));
    assert_eq!((closed.count(), told.len()), (3, 6));
    assert!(idle.is_closed());
    assert_eq!(world.engine.sessions(), 0);
}

#[tokio::test(start_paused = true)]
async fn cuts_what_is_not_done_after_the_grace() {
    let mut world = World::new();
    let (_sid, polling) = world.open().await;
    let (client, websocket) = world.open_websocket().await;
    polling.send("never fetched").unwrap();
    for _ in 0..200 {
        websocket.send("x".repeat(1000)).unwrap();
    }
    let start = Instant::now();
    let report = world.engine.shutdown(Duration::from_secs(3)).await;
    assert_eq!((report.closed, report.flushed, report.aborted), (2, 0, 2));
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(world.engine.sessions(), 0);
    drop(client);
}

#[tokio::test(start_paused = true)]
async fn closes_in_batches() {
    let mut world = World::with(|builder| builder.drain_batch(2).drain_every(Duration::from_secs(1)));
    let mut clients = Vec::new();
    for _ in 0..5 {
        clients.push(world.open_websocket().await.0);
    }
    let start = Instant::now();
    let readers: Vec<_> = clients
        .into_iter()
        .map(|mut client| {
            tokio::spawn(async move {
                client.closed().await;
                start.elapsed().as_secs()
            })
        })
        .collect();
    let report = world.engine.shutdown(Duration::from_secs(30)).await;
    assert_eq!((report.closed, report.flushed), (5, 5));
    let mut seconds = Vec::new();
    for reader in readers {
        seconds.push(reader.await.unwrap());
    }
    seconds.sort_unstable();
    assert_eq!(seconds, [0, 0, 1, 1, 2]);
}

#[tokio::test(start_paused = true)]
async fn does_not_linger_for_a_client_that_has_answered_the_close_frame() {
    let mut world = World::new();
    let (mut client, _) = world.open_websocket().await;
    // Half a message stands before the answer.
    client.0.get_mut().write_all(b"\x01\x82\0\0\0\0hi").await.unwrap();
    let start = Instant::now();
    let shutdown = tokio::spawn(world.engine.shutdown(Duration::from_secs(30)));
    assert_eq!(client.closed().await, None);
    assert_eq!(shutdown.await.unwrap().flushed, 1);
    assert_eq!(start.elapsed(), Duration::ZERO);
    // The client has not shut its side all the while.
    drop(client);
}

#[tokio::test(start_paused = true)]
async fn lingers_for_a_moment_when_the_close_frame_is_not_answered() {
    let mut world = World::new();
    let (_, mut stream) = world.ask_websocket("EIO=4&transport=websocket").await;
    world.opened.recv().await.unwrap();
    let start = Instant::now();
    let shutdown = tokio::spawn(async move { world.engine.shutdown(Duration::from_secs(30)).await });
    // A message that is never finished is thrown away, whatever its length.
    let _ = stream.write_all(b"\x02\xff\0\0\0\0\0\x01\0\0\0\0\0\0").await;
    let _ = stream.write_all(&[0; 60_000]).await;
    shutdown.await.unwrap();
    assert!((1..=2).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn waits_for_handlers_that_finish_but_not_for_ever() {
    let mut world = World::new();
    let (client, _sender) = world.open_websocket().await;
    world.behave(|behaviour| behaviour.never_finish = true);
    drop(client);
    settle().await;
    assert_eq!(world.engine.sessions(), 0);
    let start = Instant::now();
    let report = world.engine.shutdown(Duration::from_secs(5)).await;
    assert_eq!(report.closed, 0);
    assert_eq!(start.elapsed().as_secs(), 6);
}

#[tokio::test(start_paused = true)]
async fn of_an_empty_engine_is_over_at_once() {
    let world = World::new();
    let start = Instant::now();
    let report = world.engine.shutdown(Duration::from_secs(5)).await;
    assert_eq!((report.closed, start.elapsed()), (0, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn may_be_given_as_long_as_it_takes() {
    let mut world = World::new();
    let (sid, _) = world.open().await;
    let shutdown = tokio::spawn(world.engine.shutdown(Duration::MAX));
    assert_eq!(text(world.get(&sid).await.unwrap()).await, "6\x1e1");
    assert_eq!(shutdown.await.unwrap().flushed, 1);
}
