//! Lines 190 to 196, 216 and 217: packets of the right and of the wrong shape.

use sockeye::{Data, Namespace};

use crate::support::{BOTH, Breach, Log, Peer, Server, assert_breach, server, witness};

const PLACEHOLDER: &str = r#"{"_placeholder":true,"num":0}"#;

#[tokio::test(start_paused = true)]
async fn edge_190_an_event_is_an_array_that_begins_with_a_name() {
    let payloads =
        ["[]", "{}", r#""x""#, "[true]", "[null]", "[{}]", r#"[["x"]]"#, "null", "[", r#"["x""#, "[,]", "x"];
    for via in BOTH {
        for payload in payloads {
            assert_breach(via, &[&format!("42{payload}")], Breach::Undecodable).await;
            assert_breach(via, &[&format!("42/,7{payload}")], Breach::Undecodable).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_191_a_number_names_an_event_by_its_text() {
    for via in BOTH {
        let log = Log::default();
        let server = Server::new(witness(&log).on("1", async |Data(text): Data<String>| Data(text)));
        let mut peer = Peer::join(&server, via).await;
        peer.ask(r#"427[1,"a"]"#, r#"437["a"]"#).await;
        peer.ask(r#"428["1","b"]"#, r#"438["b"]"#).await;
        peer.send_all(&["42[-1.5e3,true]", "42[0]"]).await;
        log.expect(&["connect", "-1.5e3[true]", "0[]"]).await;
    }
}

/// A deliberate difference: an event without a name is not an event (protocol, "Packet encoding": the payload of an
/// EVENT is a non-empty array), so it ends the session as every packet of a wrong shape does, and no handler is called
/// for nothing.
#[tokio::test(start_paused = true)]
async fn edge_192_an_event_without_payload_ends_the_session() {
    for via in BOTH {
        for packet in ["42", "427", "42/", "42/,7", "451-", "461-7"] {
            assert_breach(via, &[packet], Breach::Undecodable).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_193_reserved_names_end_the_session() {
    let names = ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];
    for via in BOTH {
        for name in names {
            assert_breach(via, &[&format!(r#"42["{name}"]"#)], Breach::Undecodable).await;
            assert_breach(via, &[&format!(r#"427["{name}",1]"#)], Breach::Undecodable).await;
            let binary = format!(r#"451-["{name}",{PLACEHOLDER}]"#);
            assert_breach(via, &[&binary], Breach::Undecodable).await;
        }
        // Escapes hide nothing.
        assert_breach(via, &[r#"42["\u0063onnect"]"#], Breach::Undecodable).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_194_other_names_are_ordinary() {
    for via in BOTH {
        let log = Log::default();
        let server = Server::new(witness(&log).on("error", async || Data("handled")));
        let mut peer = Peer::join(&server, via).await;
        peer.ask(r#"421["error",{}]"#, r#"431["handled"]"#).await;
        for name in ["connection", "message", "Connect", "reconnect", "ping", ""] {
            peer.ask(&format!(r#"422["{name}",1]"#), "432[]").await;
        }
        let lines =
            ["connect", "connection[1]", "message[1]", "Connect[1]", "reconnect[1]", "ping[1]", "[1]"];
        log.expect(&lines).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_195_nothing_may_follow_the_payload() {
    for via in BOTH {
        for packet in
            [r#"42["x"]x"#, r#"42["x"]["y"]"#, r#"42["x"],"#, r#"421["x"]1"#, "431[]]", "41{}", "41x"]
        {
            assert_breach(via, &[packet], Breach::Undecodable).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_196_unknown_packet_types_end_the_session() {
    for via in BOTH {
        for packet in ["47", r#"47["x"]"#, "48", "49", "4-", "4x"] {
            assert_breach(via, &[packet], Breach::Undecodable).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_216_what_is_no_packet_ends_its_own_session_and_no_other() {
    for via in BOTH {
        let log = Log::default();
        let server = server([("/", witness(&log)), ("/other", Namespace::new())]);
        let mut bystander = Peer::join(&server, via).await;
        for message in ["4", "4hello", "4\u{0}", "4 2[\"x\"]", "4\u{1f980}"] {
            let mut peer = Peer::join(&server, via).await;
            peer.connect("40/other,").await;
            peer.send(message).await;
            peer.assert_closed().await;
        }
        bystander.assert_alive().await;
        assert_eq!(server.sessions(), 1);
        let one = ["connect", "disconnect: forced close"];
        log.expect(&[&["connect"][..], &one, &one, &one, &one, &one, &["alive[]"]].concat()).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_217_an_empty_binary_message_that_nobody_waits_for_ends_the_session() {
    for via in BOTH {
        let log = Log::default();
        let server = Server::new(witness(&log));
        let mut peer = Peer::join(&server, via).await;
        peer.send_binary(r#"42["before"]"#, &[b""]).await;
        peer.assert_closed().await;
        log.expect(&["connect", "before[]", "disconnect: forced close"]).await;
    }
}
