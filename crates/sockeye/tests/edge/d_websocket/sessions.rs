//! Bytes, bursts and second websockets (lines 123 to 126).

use std::time::Duration;

use bytes::Bytes;
use sockeye::{Args, Data, Namespace, Sockeye};
use tokio::time::{sleep, timeout};

use crate::support::{BOTH, Got, Log, Peer, Request, Server, Via, witness};

use super::joined;

/// Rust has one kind of bytes, and slices of it.
#[tokio::test(start_paused = true)]
async fn edge_123_bytes_stay_as_they_are() {
    let slices = async |Args((bytes, from, to)): Args<(Bytes, usize, usize)>| Data(bytes.slice(from..to));
    let server = Server::new(Namespace::new().on("slice", slices));
    let all: Vec<u8> = (0..=255).collect();
    for via in BOTH {
        let mut peer = Peer::join(&server, via).await;
        for (from, to) in [(0, 256), (10, 20), (255, 256), (7, 7)] {
            let packet = format!(r#"451-7["slice",{{"_placeholder":true,"num":0}},{from},{to}]"#);
            peer.send_binary(&packet, &[&all]).await;
            assert_eq!(peer.packet().await, r#"461-7[{"_placeholder":true,"num":0}]"#);
            assert_eq!(peer.attachment().await, all[from..to]);
        }
    }
}

/// Messages that wait for slow handlers do not let the session die: while it is not read, the pong that may be stuck
/// behind them is not missed.
#[tokio::test(start_paused = true)]
async fn edge_124_a_burst_does_not_starve_the_heartbeat() {
    for via in BOTH {
        let log = Log::default();
        let heard = log.clone();
        let slow = async move |Args((number, text)): Args<(u32, String)>| {
            sleep(Duration::from_millis(30)).await;
            heard.write(format!("{number} {}", text.len()));
        };
        let ends = log.clone();
        let namespace = Namespace::new()
            .sequential()
            .on("big", slow)
            .on_disconnect(async move || ends.write("disconnect"));
        let sockeye = Sockeye::builder()
            .ping_interval(Duration::from_millis(200))
            .ping_timeout(Duration::from_millis(100))
            .namespace("/", namespace);
        let server = Server::built(sockeye);
        let mut peer = Peer::join(&server, via).await;
        let text = "x".repeat(65_536);
        let packets: Vec<_> = (0..100).map(|number| format!(r#"42["big",{number},"{text}"]"#)).collect();
        for packet in &packets {
            peer.send(packet).await;
            answer_pings(&mut peer).await;
        }
        while log.lines().len() < 100 {
            answer_pings(&mut peer).await;
        }
        let lines: Vec<_> = (0..100).map(|number| format!("{number} 65536")).collect();
        log.expect(&lines.iter().map(String::as_str).collect::<Vec<_>>()).await;
    }
}

/// Answers the pings that have come, as a client does that has a moment between two packets.
async fn answer_pings(peer: &mut Peer) {
    while let Ok(got) = timeout(Duration::from_millis(1), peer.raw()).await {
        assert_eq!(got, Got::Packet("2".to_owned()));
        peer.send("3").await;
    }
}

/// Refused before the 101, so that the client learns it as a status; the reference closes it behind the 101.
#[tokio::test(start_paused = true)]
async fn edge_125_a_second_websocket_for_an_upgraded_session() {
    let log = Log::default();
    let server = Server::new(witness(&log));
    let peer = Peer::join(&server, Via::Polling).await;
    let mut first = server.upgrade(&peer.sid).await;
    first.send("2probe").await;
    assert_eq!(first.text().await, "3probe");
    first.send("5").await;
    first.send(r#"421["there"]"#).await;
    assert_eq!(first.text().await, "431[]");
    let second = Request::websocket(&format!("EIO=4&transport=websocket&sid={}", peer.sid));
    server.send(second).await.assert_refused(3, "Bad request");
    first.send(r#"422["still"]"#).await;
    assert_eq!(first.text().await, "432[]");
    log.expect(&["connect", "there[]", "still[]"]).await;
}

/// There is nothing to upgrade: the session has its websocket. Refused as in line 125.
#[tokio::test(start_paused = true)]
async fn edge_126_a_second_websocket_for_a_session_that_has_one() {
    let log = Log::default();
    let (server, mut first, sid) = joined(&log).await;
    let second = Request::websocket(&format!("EIO=4&transport=websocket&sid={sid}"));
    server.send(second).await.assert_refused(3, "Bad request");
    first.send(r#"421["still"]"#).await;
    assert_eq!(first.text().await, "431[]");
    assert_eq!(server.sessions(), 1);
    log.expect(&["connect", "still[]"]).await;
}
