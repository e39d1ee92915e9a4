//! Rows 39 and 40: upgrades that are tried twice, or not to their end.

use std::time::Duration;

use tokio::time::sleep;

use crate::support::{Frame, Log, Peer, Request, Server, Via, WebSocket, settle, witness};

async fn joined(log: &Log) -> (Server, Peer) {
    let server = Server::new(witness(log));
    let peer = Peer::join(&server, Via::Polling).await;
    (server, peer)
}

fn websocket(sid: &str) -> Request {
    Request::websocket(&format!("EIO=4&transport=websocket&sid={sid}"))
}

/// How far the first upgrade has come when the second one comes.
const STEPS: [&[&str]; 3] = [&[], &["2probe"], &["2probe", "5"]];

#[tokio::test(start_paused = true)]
async fn attack_39_a_second_upgrade_is_refused_and_the_first_goes_on() {
    for step in STEPS {
        let log = Log::default();
        let (server, peer) = joined(&log).await;
        let mut first = server.upgrade(&peer.sid).await;
        first.send_all(step).await;
        settle().await;
        for _ in 0..3 {
            server.send(websocket(&peer.sid)).await.assert_refused(3, "Bad request");
        }
        let rest: Vec<&str> = ["2probe", "5", r#"421["alive"]"#].into_iter().skip(step.len()).collect();
        first.send_all(&rest).await;
        assert_eq!(first.text().await, "3probe");
        assert_eq!(first.text().await, "431[]");
        log.expect(&["connect", "alive[]"]).await;
        assert_eq!(server.sessions(), 1);
    }
}

/// A race of a hundred has one winner.
#[tokio::test(start_paused = true)]
async fn attack_39_of_many_upgrades_at_once_one_wins() {
    let log = Log::default();
    let (server, peer) = joined(&log).await;
    let mut asking = Vec::new();
    for _ in 0..100 {
        let (server, request) = (server.clone(), websocket(&peer.sid));
        asking.push(tokio::spawn(async move { server.ask_websocket(request).await }));
    }
    let mut won = Vec::new();
    for asked in asking {
        let (answer, connection) = asked.await.unwrap();
        match answer.status {
            101 => won.push(WebSocket::new(connection)),
            _ => answer.assert_refused(3, "Bad request"),
        }
    }
    assert_eq!(won.len(), 1);
    won[0].send_all(&["2probe", "5", r#"421["alive"]"#]).await;
    assert_eq!([won[0].text().await, won[0].text().await], ["3probe", "431[]"]);
}

/// Where a probe is given up.
#[derive(Clone, Copy, Debug)]
enum Abandoned {
    /// Before its answer was read.
    Request,
    /// When it was a websocket.
    Open,
    /// In the middle of a frame.
    HalfFrame,
    /// Before the answer to the probe was read.
    Probe,
    /// When the probe had been answered.
    Answered,
    /// With a close frame.
    Closed,
    /// With a frame that has no business there.
    Wrong,
    /// By saying nothing more.
    Silent,
}

use Abandoned::{Answered, Closed, HalfFrame, Open, Probe, Request as Asked, Silent, Wrong};

/// Gives up a probe; the answer is what is still held of it.
async fn abandon(server: &Server, sid: &str, at: Abandoned) -> Option<WebSocket> {
    if matches!(at, Asked) {
        let mut connection = server.connect();
        connection.write(websocket(sid).bytes()).await;
        return None;
    }
    let mut probe = server.upgrade(sid).await;
    match at {
        Asked | Open => {}
        HalfFrame => probe.connection.write(&crate::support::frame(1, "2probe")[..7]).await,
        Probe => probe.send("2probe").await,
        Answered | Silent | Closed | Wrong => {
            probe.send("2probe").await;
            assert_eq!(probe.text().await, "3probe");
        }
    }
    match at {
        Closed => probe.connection.write(crate::support::frame(8, "")).await,
        Wrong => probe.send(r#"42["too early"]"#).await,
        _ => {}
    }
    let stays = matches!(at, Silent | Closed | Wrong);
    stays.then_some(probe)
}

/// The session polls on: what is emitted next arrives, what is posted next is heard, and another probe may come.
#[tokio::test(start_paused = true)]
async fn attack_40_an_abandoned_probe_harms_nothing() {
    for at in [Asked, Open, HalfFrame, Probe, Answered, Closed, Wrong, Silent] {
        for polls in [true, false] {
            for emitted_before in [true, false] {
                let log = Log::default();
                let (server, mut peer) = joined(&log).await;
                let poll = if polls { Some(server.poll(&peer.sid).await) } else { None };
                let kept = abandon(&server, &peer.sid, at).await;
                if emitted_before {
                    server.io().emit("news", 1).await.unwrap();
                }
                if let Some(mut probe) = kept {
                    // The silent one is given up after ten seconds, the others at once.
                    assert!(matches!(probe.next().await, Frame::Close(_)), "{at:?}");
                    assert_eq!(probe.next().await, Frame::End);
                }
                settle().await;
                if !emitted_before {
                    server.io().emit("news", 1).await.unwrap();
                }
                // The waiting GET is released by a probe that was answered, or has the event.
                let mut came = String::new();
                if let Some(poll) = poll {
                    came = poll.answer().await.packets().to_owned();
                }
                while !came.contains("news") {
                    assert!(came.is_empty() || came == "6", "{came}");
                    came = server.fetch(&peer.sid).await;
                }
                assert_eq!(came, r#"42["news",1]"#, "{at:?}");
                peer.assert_alive().await;

                let mut again = server.upgrade(&peer.sid).await;
                again.send_all(&["2probe", "5", r#"421["alive"]"#]).await;
                assert_eq!([again.text().await, again.text().await], ["3probe", "431[]"]);
                log.expect(&["connect", "alive[]", "alive[]"]).await;
            }
        }
    }
}

/// Probes without end are one at a time, and the session does not notice.
#[tokio::test(start_paused = true)]
async fn attack_40_endless_probes_harm_nothing() {
    let log = Log::default();
    let (server, mut peer) = joined(&log).await;
    for round in 0..100 {
        for at in [Asked, Open, HalfFrame, Probe, Answered] {
            abandon(&server, &peer.sid, at).await;
            settle().await;
        }
        if round % 10 == 0 {
            peer.assert_alive().await;
        }
    }
    sleep(Duration::from_secs(11)).await;
    peer.assert_alive().await;
    assert_eq!(server.sessions(), 1);
}
