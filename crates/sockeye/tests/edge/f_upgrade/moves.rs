//! Upgrades that are completed (lines 139 to 142, 145, 154, 155).

use std::{sync::Arc, time::Duration};

use sockeye::{Namespace, Observer, Socket, Transport};
use tokio::time::Instant;

use crate::support::{Log, Peer, Request, Server, Via, WebSocket, frame, settle};

use super::{assert_polls, assert_upgrades, polling, polling_with, probe};

/// At once, where the reference takes 100 ms.
#[tokio::test(start_paused = true)]
async fn edge_139_the_probe_releases_the_waiting_get() {
    let (server, sid) = polling(&Log::default()).await;
    let poll = server.poll(&sid).await;
    let since = Instant::now();
    let _websocket = probe(&server, &sid).await;
    assert_eq!(poll.answer().await.packets(), "6");
    assert!(since.elapsed() < Duration::from_millis(100));
    // Until the upgrade is complete, no GET waits: the client wants to stop polling.
    assert_eq!(server.fetch(&sid).await, "6");
}

#[tokio::test(start_paused = true)]
async fn edge_140_polling_goes_on_until_the_upgrade() {
    let log = Log::default();
    let (server, sid) = polling(&log).await;
    let mut websocket = probe(&server, &sid).await;
    assert_polls(&server, &sid).await;
    server.io().emit("news", 1).await.unwrap();
    assert_eq!(server.fetch(&sid).await, r#"42["news",1]"#);
    assert_polls(&server, &sid).await;
    websocket.send_all(&["5", r#"421["moved"]"#]).await;
    assert_eq!(websocket.text().await, "431[]");
    log.expect(&["connect", "still[]", "still[]", "moved[]"]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_141_what_waits_goes_out_on_the_websocket_in_order() {
    let (server, sid) = polling(&Log::default()).await;
    let mut websocket = server.upgrade(&sid).await;
    server.io().emit("e", 0).await.unwrap();
    websocket.send("2probe").await;
    assert_eq!(websocket.text().await, "3probe");
    server.io().emit("e", 1).await.unwrap();
    websocket.send("5").await;
    server.io().emit("e", 2).await.unwrap();
    settle().await;
    server.io().emit("e", 3).await.unwrap();
    for number in 0..4 {
        assert_eq!(websocket.text().await, format!(r#"42["e",{number}]"#));
    }
    server.send(Request::poll(&sid)).await.assert_refused(3, "Bad request");
}

/// The reference answers the GET with a close packet, and the client takes the session for closed. Nothing has closed
/// it, so it is a noop: the answer that releases a GET for an upgrade (Engine.IO 4, "Upgrade").
#[tokio::test(start_paused = true)]
async fn edge_142_an_upgrade_while_a_get_waits() {
    let log = Log::default();
    let (server, sid) = polling(&log).await;
    let poll = server.poll(&sid).await;
    let mut websocket = server.upgrade(&sid).await;
    websocket.connection.write([frame(1, "2probe"), frame(1, "5")].concat()).await;
    assert_eq!(websocket.text().await, "3probe");
    assert_eq!(poll.answer().await.packets(), "6");
    websocket.send(r#"421["moved"]"#).await;
    assert_eq!(websocket.text().await, "431[]");
    log.expect(&["connect", "moved[]"]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_145_two_probes_are_two_pongs_and_one_upgrade() {
    let log = Log::default();
    let (server, sid) = polling(&log).await;
    let mut websocket = probe(&server, &sid).await;
    websocket.send("2probe").await;
    assert_eq!(websocket.text().await, "3probe");
    websocket.send_all(&["5", r#"421["moved"]"#]).await;
    assert_eq!(websocket.text().await, "431[]");
    server.send(Request::poll(&sid)).await.assert_refused(3, "Bad request");
    log.expect(&["connect", "moved[]"]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_154_what_is_sent_meanwhile_comes_once_and_is_answered_once() {
    let log = Log::default();
    let (asks, answers) = (log.clone(), log.clone());
    let namespace = Namespace::new()
        .on("ask", async move |socket: Socket| {
            asks.write("asks");
            let answer = socket.emit_with_ack::<u32>("question", ()).await.unwrap();
            answers.write(format!("answered {answer}"));
        })
        .on("done", async || {});
    let server = Server::new(namespace);
    // Asked while the probe runs: fetched by polling or carried over, never both.
    for fetched in [true, false] {
        log.clear();
        let sid = Peer::join(&server, Via::Polling).await.sid;
        let mut websocket = probe(&server, &sid).await;
        server.post(&sid, r#"42["ask"]"#).await;
        log.expect(&["asks"]).await;
        let question = match fetched {
            true => {
                let question = server.fetch(&sid).await;
                websocket.send("5").await;
                question
            }
            false => {
                websocket.send("5").await;
                websocket.text().await
            }
        };
        let id = question.strip_prefix("42").unwrap().strip_suffix(r#"["question"]"#).unwrap();
        // Twice: the second answer is for nobody.
        websocket.send_all(&[&format!("43{id}[7]"), &format!("43{id}[8]"), r#"421["done"]"#]).await;
        assert_eq!(websocket.text().await, "431[]");
        log.expect(&["asks", "answered 7"]).await;
        assert_silent(&mut websocket).await;
    }
}

async fn assert_silent(websocket: &mut WebSocket) {
    let silence = tokio::time::timeout(Duration::from_secs(1), websocket.next()).await;
    assert!(silence.is_err(), "{silence:?}");
}

/// What handlers can see is the transport of the moment, which changes with `5`.
#[tokio::test(start_paused = true)]
async fn edge_155_the_transport_changes_when_the_upgrade_is_complete() {
    let log = Log::default();
    let told = log.clone();
    let ask = async move |socket: Socket| told.write(socket.transport().name());
    let (server, sid) = polling_with(Namespace::new().on("ask", ask).on("moved", async || {}), |it| it).await;
    let ask = || server.post(&sid, r#"42["ask"]"#);
    ask().await;
    let websocket = server.upgrade(&sid).await;
    ask().await;
    drop(websocket);
    settle().await;
    let mut websocket = probe(&server, &sid).await;
    ask().await;
    websocket.send_all(&["5", r#"42["ask"]"#]).await;
    log.expect(&["polling", "polling", "polling", Transport::WebSocket.name()]).await;

    // And stays as it was when an upgrade fails.
    log.clear();
    let peer = Peer::join(&server, Via::Polling).await;
    let mut websocket = probe(&server, &peer.sid).await;
    websocket.send("nonsense").await;
    websocket.assert_closed(None).await;
    server.post(&peer.sid, r#"42["ask"]"#).await;
    log.expect(&["polling"]).await;
    assert_upgrades(&server, &peer.sid).await;
}

/// The handler of a namespace is told, and observers are, once: when it is complete.
#[tokio::test(start_paused = true)]
async fn edge_155_the_upgrade_is_told_to_handlers_and_observers() {
    struct Transports(Log);
    impl Observer for Transports {
        fn transport_changed(&self, socket: &Socket) {
            self.0.write(format!("observer: {}", socket.transport().name()));
        }
    }
    let log = Log::default();
    let told = log.clone();
    let upgraded = async move |socket: Socket| told.write(format!("handler: {}", socket.transport().name()));
    let namespace = Namespace::new().on_upgrade(upgraded).on("moved", async || {});
    let (server, sid) = polling_with(namespace, |it| it).await;
    let _told = server.io().observe(Arc::new(Transports(log.clone())));
    let websocket = probe(&server, &sid).await;
    drop(websocket);
    settle().await;
    log.expect(&[]).await;
    assert_upgrades(&server, &sid).await;
    log.expect(&["observer: websocket", "handler: websocket"]).await;
    // Who came by websocket has nothing to move from.
    let _peer = Peer::join(&server, Via::WebSocket).await;
    settle().await;
    log.expect(&["observer: websocket", "handler: websocket"]).await;
}

/// Not offered, but served when a client comes with it, as the reference does. Where websockets are not among the
/// transports it stays refused.
#[tokio::test(start_paused = true)]
async fn edge_153_an_upgrade_that_was_not_offered() {
    let log = Log::default();
    let (server, sid) = polling_with(crate::support::witness(&log), |it| it.allow_upgrades(false)).await;
    let open = server.send(Request::open()).await;
    assert!(open.packets().contains(r#""upgrades":[]"#), "{}", open.packets());
    let _websocket = assert_upgrades(&server, &sid).await;
    log.expect(&["connect", "moved[]"]).await;

    let (server, sid) = polling_with(Namespace::new(), |it| it.transports([Transport::Polling])).await;
    let request = Request::websocket(&format!("EIO=4&transport=websocket&sid={sid}"));
    server.send(request).await.assert_refused(0, "Transport unknown");
}
