//! Rows 16 to 20: packets whose attachments are too many, too late, none, or not what is said of them.

use std::time::Duration;

use serde_json::json;
use sockeye::{Data, Namespace, Raw};
use tokio::time::timeout;

use crate::support::{BOTH, Breach, Got, Log, Peer, Server, assert_breach, server_with, witness};

const SECOND: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(10);

/// An event `x` with so many attachments announced and as many placeholders.
fn header(attachments: usize) -> String {
    let places: Vec<_> = (0..attachments).map(|num| json!({ "_placeholder": true, "num": num })).collect();
    let places = serde_json::to_string(&places).unwrap();
    format!(r#"45{attachments}-["x",{places}]"#)
}

#[tokio::test(start_paused = true)]
async fn attack_16_too_many_attachments_are_refused_at_the_header() {
    for via in BOTH {
        for most in [1, 10] {
            let log = Log::default();
            let server = server_with(witness(&log), |builder| builder.max_attachments(most));
            let mut peer = Peer::join(&server, via).await;
            peer.send_binary(&header(most), &vec![&b"a"[..]; most]).await;
            peer.assert_alive().await;
            assert_eq!(log.lines().len(), 3);
            // Not one of the attachments has been sent.
            peer.send(&header(most + 1)).await;
            peer.assert_closed().await;
            assert_eq!((log.lines().len(), server.sessions()), (4, 0));
        }
        for count in ["11", "1000000000", "18446744073709551616", "99999999999999999999999999999999", "1e9"] {
            let packet = format!(r#"45{count}-["x",{{"_placeholder":true,"num":0}}]"#);
            assert_breach(via, &[&packet], Breach::Undecodable).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn attack_17_attachments_that_do_not_arrive_end_the_session_at_their_deadline() {
    for via in BOTH {
        for sent in [0, 1, 2] {
            let log = Log::default();
            let server = server_with(witness(&log), |builder| builder.attachment_timeout(20 * SECOND));
            let mut peer = Peer::join(&server, via).await;
            peer.send(&header(3)).await;
            let begun = tokio::time::Instant::now();
            for _ in 0..sent {
                // Each attachment that does come gives the others no more time.
                assert!(timeout(6 * SECOND, peer.next()).await.is_err());
                peer.send_attachment(b"late").await;
            }
            let left = 20 * SECOND - begun.elapsed();
            assert!(timeout(left - TICK, peer.next()).await.is_err());
            assert_eq!(server.sessions(), 1);
            assert_eq!(timeout(2 * TICK, peer.next()).await, Ok(Got::Closed));
            let reason = format!("disconnect: {}", Breach::Misplaced.reason(via));
            log.expect(&["connect", &reason]).await;
            assert_eq!(server.sessions(), 0);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn attack_17_attachments_in_time_are_delivered() {
    for via in BOTH {
        let log = Log::default();
        let server = server_with(witness(&log), |builder| builder.attachment_timeout(20 * SECOND));
        let mut peer = Peer::join(&server, via).await;
        peer.send(&header(2)).await;
        assert!(timeout(10 * SECOND, peer.next()).await.is_err());
        peer.send_attachment(b"a").await;
        assert!(timeout(10 * SECOND - TICK, peer.next()).await.is_err());
        peer.send_attachment(b"b").await;
        peer.assert_alive().await;
        assert!(timeout(20 * SECOND, peer.next()).await.is_err());
        peer.assert_alive().await;
    }
}

/// The packet's text and its attachments are one budget, that of a single message.
#[tokio::test(start_paused = true)]
async fn attack_17_a_packet_and_its_attachments_share_max_payload() {
    const MOST: usize = 10_000;
    for via in BOTH {
        for beyond in [0, 1] {
            let log = Log::default();
            let server = server_with(witness(&log), |builder| builder.max_payload(MOST));
            let mut peer = Peer::join(&server, via).await;
            let header = header(4);
            // The engine's own `4` is none of the packet's bytes.
            let text = header.len() - 1;
            let whole = vec![b'a'; (MOST - text) / 4];
            let last = vec![b'a'; MOST - text - 3 * whole.len() + beyond];
            peer.send(&header).await;
            for attachment in [&whole, &whole, &whole, &last] {
                peer.send_attachment(attachment).await;
            }
            if beyond == 0 {
                peer.assert_alive().await;
                assert_eq!(log.lines().len(), 3);
            } else {
                peer.assert_closed().await;
                log.expect(&["connect", "disconnect: forced close"]).await;
            }
        }
    }
}

/// A binary packet that announces no attachment is complete at once and leaves nothing behind that waits.
#[tokio::test(start_paused = true)]
async fn attack_18_zero_attachments_are_complete_at_once() {
    for via in BOTH {
        let log = Log::default();
        let server = Server::new(witness(&log));
        let mut peer = Peer::join(&server, via).await;
        peer.send(r#"450-["a"]"#).await;
        peer.send(r#"450-7["b",{"x":[1]}]"#).await;
        peer.expect("437[]").await;
        peer.send(r#"4500-/,["c"]"#).await;
        // Nobody waits for these answers.
        peer.send("460-1[]").await;
        peer.send("460-1").await;
        peer.send(r#"42["d"]"#).await;
        peer.send_binary(r#"451-["e",{"_placeholder":true,"num":0}]"#, &[b""]).await;
        peer.send(r#"42["f"]"#).await;
        let placeholder = r#"e[{"_placeholder":true,"num":0}] +0"#;
        log.expect(&["connect", "a[]", r#"b[{"x":[1]}]"#, "c[]", "d[]", placeholder, "f[]"]).await;
        // No bytes belong to it.
        peer.send_attachment(b"x").await;
        peer.assert_closed().await;
    }
    for via in BOTH {
        for packet in
            [r#"450-["x",{"_placeholder":true,"num":0}]"#, r#"460-1[{"_placeholder":true,"num":0}]"#]
        {
            assert_breach(via, &[packet], Breach::Undecodable).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn attack_19_no_text_comes_between_attachments() {
    let between = [
        r#"42["x"]"#,
        r#"42/b,["x"]"#,
        "430[]",
        "40",
        "40/b,",
        "41",
        "4",
        "4x",
        r#"451-["x",{"_placeholder":true,"num":0}]"#,
    ];
    for via in BOTH {
        for sent in [0, 1] {
            for packet in between {
                let log = Log::default();
                let server = Server::new(witness(&log));
                let mut peer = Peer::join(&server, via).await;
                peer.send_binary(&header(2), &vec![&b"a"[..]; sent]).await;
                peer.send(packet).await;
                peer.assert_closed().await;
                log.expect(&["connect", "disconnect: forced close"]).await;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn attack_19_no_attachment_comes_before_its_packet() {
    for via in BOTH {
        for before in [&[][..], &[r#"42["x"]"#], &["41", "40"]] {
            let log = Log::default();
            let server = Server::new(witness(&log));
            let mut peer = Peer::join(&server, via).await;
            peer.send_all(before).await;
            peer.send_attachment(b"a").await;
            while peer.next().await != Got::Closed {}
            assert_eq!(server.sessions(), 0, "{via:?} {before:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn attack_20_a_placeholder_names_an_attachment_once() {
    let bad = [
        r#"{"_placeholder":true}"#,
        r#"{"_placeholder":true,"num":null}"#,
        r#"{"_placeholder":true,"num":1}"#,
        r#"{"_placeholder":true,"num":-1}"#,
        r#"{"_placeholder":true,"num":-0.5}"#,
        r#"{"_placeholder":true,"num":0.5}"#,
        r#"{"_placeholder":true,"num":1e300}"#,
        r#"{"_placeholder":true,"num":18446744073709551616}"#,
        r#"{"_placeholder":true,"num":"0"}"#,
        r#"{"_placeholder":true,"num":[0]}"#,
        r#"{"_placeholder":true,"num":{"_placeholder":true,"num":0}}"#,
        r#"{"_placeholder":true,"num":"__proto__"}"#,
        r#"{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}"#,
        r#"[{"a":{"_placeholder":true,"num":0}},{"_placeholder":true,"num":0}]"#,
        r#"{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}"#,
    ];
    for via in BOTH {
        for argument in bad {
            // At the header: no attachment has been sent.
            assert_breach(via, &[&format!(r#"451-["x",{argument}]"#)], Breach::Undecodable).await;
            assert_breach(via, &[&format!(r#"461-0[{argument}]"#)], Breach::Undecodable).await;
        }
    }
}

/// What looks like a placeholder in an event without attachments is plain data: it finds no bytes, of this event or of
/// any other.
#[tokio::test(start_paused = true)]
async fn attack_20_a_placeholder_cannot_be_forged() {
    const FORGED: &str = r#"[{"_placeholder":true,"num":0}]"#;
    for via in BOTH {
        let log = Log::default();
        let (raw, bytes) = (log.clone(), log.clone());
        let namespace = Namespace::new()
            .on("raw", async move |Raw(arguments): Raw| {
                raw.write(format!("{} {}", arguments.as_json(), arguments.attachments().len()));
            })
            .on("bytes", async move |Data(found): Data<bytes::Bytes>| {
                bytes.write(format!("{} bytes", found.len()));
            });
        let server = Server::new(namespace);
        let mut peer = Peer::join(&server, via).await;
        peer.send_binary(r#"451-["bytes",{"_placeholder":true,"num":0}]"#, &[b"secret"]).await;
        peer.send(r#"42["raw",{"_placeholder":true,"num":0}]"#).await;
        peer.send(r#"421["bytes",{"_placeholder":true,"num":0}]"#).await;
        let refused = peer.packet().await;
        assert!(refused.starts_with(r#"431[{"error":{"code":"invalid_payload""#), "{refused}");
        log.expect(&["6 bytes", &format!("{FORGED} 0")]).await;
    }
}
