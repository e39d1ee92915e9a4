//! What was queued before the server ends arrives.

use std::time::Duration;

use sockeye::{Io, Report, Socket, Sockeye};
use tokio::{task::JoinHandle, time::sleep};

use crate::support::{BOTH, Frame, Log, Pair, Peer, Server, Via, hands_out, pair, settle, witness};

const EVENTS: usize = 100;

/// Queues events and, in the same breath, ends the server.
fn end(io: &Io, emit: impl Fn(usize)) -> JoinHandle<Report> {
    (0..EVENTS).for_each(emit);
    let io = io.clone();
    tokio::spawn(async move { io.shutdown().await })
}

fn news(number: usize) -> String {
    format!(r#"42["news",{number}]"#)
}

fn all() -> String {
    (0..EVENTS).map(news).collect::<Vec<_>>().join("\x1e")
}

/// All that there was to write has been written, and the session was not cut.
async fn assert_flushed(report: JoinHandle<Report>) {
    let report = report.await.unwrap();
    assert_eq!((report.closed, report.flushed, report.aborted), (1, 1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_hundred_events_arrive_on_a_websocket_before_it_ends() {
    let Pair { mut peer, socket, server } = pair(Via::WebSocket).await;
    let report = end(server.io(), |number| drop(socket.emit("news", number)));
    for number in 0..EVENTS {
        peer.expect(&news(number)).await;
    }
    // No DISCONNECT: a stock client would not come back by itself.
    peer.websocket.as_mut().unwrap().assert_closed(None).await;
    assert_flushed(report).await;
}

#[tokio::test(start_paused = true)]
async fn a_hundred_events_arrive_on_a_websocket_that_reads_late() {
    let Pair { mut peer, socket, server } = pair(Via::WebSocket).await;
    // More than the pipe holds is still on its way when the server ends.
    let payload = "x".repeat(15_000);
    for number in 0..EVENTS {
        drop(socket.emit("news", (number, &*payload)));
        settle().await;
    }
    let io = server.io().clone();
    let report = tokio::spawn(async move { io.shutdown().await });
    sleep(Duration::from_secs(5)).await;
    assert!(!report.is_finished());
    for number in 0..EVENTS {
        assert!(peer.packet().await.starts_with(&format!(r#"42["news",{number},"#)));
    }
    peer.assert_closed().await;
    assert_flushed(report).await;
}

#[tokio::test(start_paused = true)]
async fn a_hundred_events_arrive_by_a_get_that_waits() {
    let Pair { peer, socket, server } = pair(Via::Polling).await;
    let poll = server.poll(&peer.sid).await;
    let report = end(server.io(), |number| drop(socket.emit("news", number)));
    assert_eq!(poll.answer().await.packets(), all());
    // The close packet has a body of its own.
    assert!(!report.is_finished());
    assert_eq!(server.fetch(&peer.sid).await, "6\x1e1");
    assert_flushed(report).await;
}

#[tokio::test(start_paused = true)]
async fn a_hundred_events_arrive_by_a_get_that_comes_later() {
    let Pair { peer, socket, server } = pair(Via::Polling).await;
    let report = end(server.io(), |number| drop(socket.emit("news", number)));
    sleep(Duration::from_secs(5)).await;
    assert_eq!(server.fetch(&peer.sid).await, all());
    sleep(Duration::from_secs(2)).await;
    assert!(!report.is_finished());
    assert_eq!(server.fetch(&peer.sid).await, "6\x1e1");
    assert_flushed(report).await;
}

/// What does not fit into one body comes by as many as it needs.
#[tokio::test(start_paused = true)]
async fn a_hundred_large_events_arrive_by_several_gets() {
    let (namespace, mut sockets) = hands_out();
    let builder = Sockeye::builder().namespace("/", namespace).max_payload(10_000).outbox_hard(1_000_000);
    let server = Server::built(builder);
    let mut peer = Peer::join(&server, Via::Polling).await;
    let socket = sockets.next().await;
    let payload = "x".repeat(3_000);
    let report = end(server.io(), |number| drop(socket.emit("news", (number, &*payload))));
    for number in 0..EVENTS {
        assert!(peer.packet().await.starts_with(&format!(r#"42["news",{number},"#)));
    }
    peer.assert_closed().await;
    assert_flushed(report).await;
}

/// An upgrade that is under way is finished, and everything arrives on one side or the other.
#[tokio::test(start_paused = true)]
async fn a_hundred_events_arrive_during_an_upgrade() {
    for before in [true, false] {
        let Pair { peer, socket, server } = pair(Via::Polling).await;
        let mut websocket = server.upgrade(&peer.sid).await;
        websocket.send("2probe").await;
        assert_eq!(websocket.text().await, "3probe");
        if before {
            websocket.send("5").await;
            settle().await;
        }
        let report = end(server.io(), |number| drop(socket.emit("news", number)));
        settle().await;
        websocket.send("5").await;
        for number in 0..EVENTS {
            assert_eq!(websocket.next().await, Frame::Text(news(number)));
        }
        websocket.assert_closed(None).await;
        assert_flushed(report).await;
    }
}

/// What a handler emits as its last deed is queued as well, and its reply.
#[tokio::test(start_paused = true)]
async fn a_handler_may_finish_what_it_says() {
    for via in BOTH {
        let log = Log::default();
        let says = async |socket: Socket| {
            for number in 0..EVENTS {
                socket.emit("news", number).await.unwrap();
            }
        };
        let server = Server::new(witness(&log).on("say", says));
        let mut peer = Peer::join(&server, via).await;
        peer.send(r#"421["say"]"#).await;
        let io = server.io().clone();
        let report = tokio::spawn(async move { io.shutdown().await });
        for number in 0..EVENTS {
            peer.expect(&news(number)).await;
        }
        peer.expect("431[]").await;
        peer.assert_closed().await;
        assert_flushed(report).await;
        log.expect(&["connect", "disconnect: server shutting down"]).await;
    }
}
