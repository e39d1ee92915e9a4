//! Lines 197 to 204: ack ids, and acks in both directions.

use bytes::Bytes;
use sockeye::{AckError, Acker, Args, Data, Namespace, Raw, Reply};

use crate::support::{BOTH, Breach, Log, Peer, Server, assert_breach, pair, server, witness};

#[tokio::test(start_paused = true)]
async fn edge_197_an_ack_id_is_a_whole_number() {
    for via in BOTH {
        let server = Server::new(witness(&Log::default()));
        let mut peer = Peer::join(&server, via).await;
        let written = [(r#"42007["x"]"#, "437[]"), (r#"420["x"]"#, "430[]"), (r#"42 7["x"]"#, "437[]")];
        for (packet, answer) in written {
            peer.ask(packet, answer).await;
        }
        // A blank that stands alone is read as the number nought.
        peer.ask(r#"42 ["x"]"#, "430[]").await;
        for packet in
            [r#"421.5["x"]"#, r#"42-1["x"]"#, r#"421e1["x"]"#, r#"42+1["x"]"#, r#"421 2["x"]"#, "43-1[]"]
        {
            assert_breach(via, &[packet], Breach::Undecodable).await;
        }
    }
}

/// A deliberate difference: an id that the client's own numbers cannot hold exactly is refused rather than answered
/// under another number (ARCHITECTURE, section 6: ids above 2^53 are refused).
#[tokio::test(start_paused = true)]
async fn edge_198_ack_ids_go_up_to_two_to_the_53() {
    for via in BOTH {
        let server = Server::new(witness(&Log::default()));
        let mut peer = Peer::join(&server, via).await;
        peer.ask(r#"429007199254740991["x"]"#, "439007199254740991[]").await;
        peer.ask(r#"429007199254740992["x"]"#, "439007199254740992[]").await;
        for id in ["9007199254740993", "18446744073709551616", "99999999999999999999999999999999"] {
            assert_breach(via, &[&format!(r#"42{id}["x"]"#)], Breach::Undecodable).await;
            assert_breach(via, &[&format!("43{id}[]")], Breach::Undecodable).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_199_an_ack_keeps_namespace_and_id() {
    for via in BOTH {
        let echo = || Namespace::new().on("echo", async |Args((a, b)): Args<(u8, String)>| Args((a, b)));
        let server = server([("/", echo()), ("/custom", echo())]);
        let mut peer = Peer::join(&server, via).await;
        peer.connect("40/custom,").await;
        peer.ask(r#"42456["echo",1,"2"]"#, r#"43456[1,"2"]"#).await;
        peer.ask(r#"42/custom,456["echo",3,"4"]"#, r#"43/custom,456[3,"4"]"#).await;
        // Nobody asked.
        peer.send(r#"42/custom,["echo",5,"6"]"#).await;
        peer.assert_silent().await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_200_an_ack_with_bytes_is_a_binary_ack() {
    for via in BOTH {
        let two = || {
            Namespace::new().on("two", async || Args((Bytes::from_static(b"\x01\x02"), Bytes::new(), "text")))
        };
        let server = server([("/", two()), ("/custom", two())]);
        let mut peer = Peer::join(&server, via).await;
        peer.connect("40/custom,").await;
        let payload = r#"[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1},"text"]"#;
        peer.ask(r#"42789["two"]"#, &format!("462-789{payload}")).await;
        peer.expect_attachment(b"\x01\x02").await;
        peer.expect_attachment(b"").await;
        peer.ask(r#"42/custom,790["two"]"#, &format!("462-/custom,790{payload}")).await;
        peer.expect_attachment(b"\x01\x02").await;
        peer.expect_attachment(b"").await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_201_of_two_answers_one_is_sent() {
    for via in BOTH {
        let twice = async |first: Acker, second: Acker, Data(how): Data<String>| -> Result<(), Reply> {
            first.send("first").await.unwrap();
            second.send("second").await.unwrap();
            if how == "fail" { Err(Reply::error("failed", "third")) } else { Ok(()) }
        };
        let server = Server::new(witness(&Log::default()).on("twice", twice));
        let mut peer = Peer::join(&server, via).await;
        for how in ["return", "fail"] {
            peer.ask(&format!(r#"421["twice","{how}"]"#), r#"431["first"]"#).await;
            peer.assert_silent().await;
            peer.assert_alive().await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_202_an_ack_may_say_nothing() {
    for via in BOTH {
        let server = Server::new(
            Namespace::new()
                .on("unit", async || {})
                .on("ok", async || Ok::<(), Reply>(()))
                .on("args", async || Args(()))
                .on("acker", async |acker: Acker| acker.send(()).await.unwrap()),
        );
        let mut peer = Peer::join(&server, via).await;
        for event in ["unit", "ok", "args", "acker"] {
            peer.ask(&format!(r#"4212["{event}"]"#), "4312[]").await;
            peer.assert_silent().await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_203_an_ack_that_nobody_waits_for_is_ignored() {
    for via in BOTH {
        let log = Log::default();
        let server = Server::new(witness(&log));
        let mut peer = Peer::join(&server, via).await;
        // Unknown ids, no id, no payload.
        for ack in ["4399[]", r#"430["x"]"#, "43[]", r#"43["x"]"#, "431", "43"] {
            peer.send(ack).await;
            peer.assert_alive().await;
        }
        peer.send_binary(r#"461-99[{"_placeholder":true,"num":0}]"#, &[b"x"]).await;
        peer.assert_alive().await;
        log.expect(&[&["connect"][..], &["alive[]"; 7]].concat()).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_204_an_ack_carries_an_array() {
    for via in BOTH {
        for payload in ["{}", r#""x""#, "null", "true", "[1", r#"{"0":1}"#] {
            assert_breach(via, &[&format!("431{payload}")], Breach::Undecodable).await;
        }
        // Also when somebody waits for it: the answer never comes.
        let mut pair = pair(via).await;
        let asked = pair.socket.emit_with_ack::<Raw>("question", ());
        pair.peer.expect(r#"420["question"]"#).await;
        pair.peer.send("430{}").await;
        pair.peer.assert_closed().await;
        assert!(matches!(asked.await, Err(AckError::Disconnected)));
    }
}
