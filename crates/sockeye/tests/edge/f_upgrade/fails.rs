//! Upgrades that come to nothing: the session polls on (lines 143, 144, 146 to 149).

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::support::{Log, Request, frame, settle, witness};

use super::{assert_polls, assert_upgrades, polling, polling_with, probe};

#[tokio::test(start_paused = true)]
async fn edge_143_a_first_frame_that_is_no_probe() {
    let binary = frame(2, b"2probe");
    for first in ["2", "2other", "3probe", "1", "6", r#"42["x"]"#, "abc", ""]
        .map(|it| frame(1, it))
        .iter()
        .chain([&binary])
    {
        let log = Log::default();
        let (server, sid) = polling(&log).await;
        let mut websocket = server.upgrade(&sid).await;
        websocket.connection.write(first).await;
        websocket.assert_closed(None).await;
        assert_polls(&server, &sid).await;
        log.expect(&["connect", "still[]"]).await;
        assert_upgrades(&server, &sid).await;
    }
}

/// The reference takes the upgrade. The protocol has a probe in front of it, which shows that the websocket carries
/// both ways; without one it does not become the transport (Engine.IO 4, "Upgrade").
#[tokio::test(start_paused = true)]
async fn edge_144_an_upgrade_without_a_probe() {
    let log = Log::default();
    let (server, sid) = polling(&log).await;
    let poll = server.poll(&sid).await;
    let mut websocket = server.upgrade(&sid).await;
    websocket.send("5").await;
    websocket.assert_closed(None).await;
    assert!(poll.is_waiting());
    server.post(&sid, r#"421["still"]"#).await;
    assert_eq!(poll.answer().await.packets(), "431[]");
    log.expect(&["connect", "still[]"]).await;
    assert_upgrades(&server, &sid).await;
}

#[tokio::test(start_paused = true)]
async fn edge_146_a_message_before_the_upgrade() {
    for message in [frame(1, r#"42["x"]"#), frame(2, "x"), frame(1, "3"), frame(1, "1")] {
        let log = Log::default();
        let (server, sid) = polling(&log).await;
        let mut websocket = probe(&server, &sid).await;
        websocket.connection.write([message, frame(1, "5")].concat()).await;
        websocket.assert_closed(None).await;
        assert_polls(&server, &sid).await;
        log.expect(&["connect", "still[]"]).await;
        assert_upgrades(&server, &sid).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_147_an_upgrade_that_takes_too_long() {
    let log = Log::default();
    let (server, sid) = polling_with(witness(&log), |it| it.upgrade_timeout(Duration::from_secs(2))).await;
    for probes in [false, true] {
        let since = Instant::now();
        let mut websocket = server.upgrade(&sid).await;
        if probes {
            websocket.send("2probe").await;
            assert_eq!(websocket.text().await, "3probe");
        }
        websocket.assert_closed(None).await;
        assert!((2000..2010).contains(&since.elapsed().as_millis()), "{:?}", since.elapsed());
        assert_polls(&server, &sid).await;
    }
    // A GET waits again, now that no probe is answered.
    let poll = server.poll(&sid).await;
    assert!(poll.is_waiting());
    let _websocket = assert_upgrades(&server, &sid).await;
    assert_eq!(poll.answer().await.packets(), "6");
    log.expect(&["connect", "still[]", "still[]", "moved[]"]).await;
}

#[tokio::test(start_paused = true)]
async fn edge_148_a_probing_websocket_that_dies() {
    let log = Log::default();
    let (server, sid) = polling(&log).await;
    let half_a_frame = &frame(1, "2probe")[..4];
    for bytes in [&b""[..], half_a_frame, &frame(1, "2probe"), &frame(8, ""), b"\x81\x01x"] {
        let mut websocket = server.upgrade(&sid).await;
        websocket.connection.write(bytes).await;
        settle().await;
        drop(websocket);
        settle().await;
        server.io().emit("news", ()).await.unwrap();
        assert_eq!(server.fetch(&sid).await, r#"42["news"]"#);
    }
    assert_upgrades(&server, &sid).await;
    log.expect(&["connect", "moved[]", "disconnect: transport close"]).await;
}

/// The second one is refused before its 101, so that the client learns it as a status; the reference closes it behind
/// the 101.
#[tokio::test(start_paused = true)]
async fn edge_149_a_second_websocket_while_the_first_probes() {
    for probes in [false, true] {
        let log = Log::default();
        let (server, sid) = polling(&log).await;
        let mut first = server.upgrade(&sid).await;
        if probes {
            first.send("2probe").await;
            assert_eq!(first.text().await, "3probe");
        }
        let second = Request::websocket(&format!("EIO=4&transport=websocket&sid={sid}"));
        server.send(second).await.assert_refused(3, "Bad request");
        if !probes {
            first.send("2probe").await;
            assert_eq!(first.text().await, "3probe");
        }
        first.send_all(&["5", r#"421["moved"]"#]).await;
        assert_eq!(first.text().await, "431[]");
        sleep(Duration::from_secs(1)).await;
        log.expect(&["connect", "moved[]"]).await;
    }
}
