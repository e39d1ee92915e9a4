//! Section H: CONNECT.

use std::time::Duration;

use axum::Json;
use serde_json::Value;
use sockeye::{Data, EventName, Io, Joining, Namespace, Refusal, Socket};
use tokio::time::Instant;

use crate::support::{
    BOTH, Breach, Gate, Log, Peer, Request, Server, Via, assert_breach, server, server_with, settle, witness,
};

/// The id in an answer to CONNECT that says nothing else.
#[track_caller]
fn id_in<'a>(answer: &'a str, before: &str) -> &'a str {
    let id = answer.strip_prefix(before).and_then(|rest| rest.strip_prefix(r#"{"sid":""#));
    let id = id.and_then(|rest| rest.strip_suffix(r#""}"#));
    let id = id.unwrap_or_else(|| panic!(r#"{answer} is not {before}{{"sid":"…"}}"#));
    assert_eq!(id.len(), 20, "{id}");
    id
}

/// A namespace whose connect handler writes down what the client sent along.
fn tells_auth(log: &Log) -> Namespace {
    let log = log.clone();
    Namespace::new().on_connect(async move |socket: Socket| {
        log.write(format!("{} {}", socket.namespace_name(), str::from_utf8(socket.auth()).unwrap()));
    })
}

#[tokio::test(start_paused = true)]
async fn edge_167_connect_is_answered_with_an_id() {
    for via in BOTH {
        let server = Server::new(Namespace::new());
        let mut peer = Peer::open(&server, via).await;
        peer.send("40").await;
        let answer = peer.packet().await;
        assert_ne!(id_in(&answer, "40"), peer.sid, "the name of the session is a secret");
        peer.assert_silent().await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_168_auth_is_there_for_handlers_and_admission() {
    for via in BOTH {
        let log = Log::default();
        let admits = log.clone();
        let admit = async move |Json(auth): Json<Value>| admits.write(format!("admit {auth}"));
        let server = Server::new(tells_auth(&log).admit(admit));
        let mut peer = Peer::open(&server, via).await;
        peer.send(r#"40{"token":"123"}"#).await;
        id_in(&peer.packet().await, "40");
        log.expect(&[r#"admit {"token":"123"}"#, r#"/ {"token":"123"}"#]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_169_a_custom_namespace_likewise() {
    for via in BOTH {
        let log = Log::default();
        let server = server([("/", tells_auth(&log)), ("/custom", tells_auth(&log))]);
        let mut peer = Peer::open(&server, via).await;
        peer.send(r#"40/custom,{"token":"abc"}"#).await;
        id_in(&peer.packet().await, "40/custom,");
        peer.send("41/custom,").await;
        // The comma may be missing where nothing follows.
        peer.send("40/custom").await;
        id_in(&peer.packet().await, "40/custom,");
        log.expect(&[r#"/custom {"token":"abc"}"#, "/custom {}"]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_170_three_ways_to_write_the_main_namespace() {
    for via in BOTH {
        for connect in ["40", "40/", "40/,"] {
            let log = Log::default();
            let server = Server::new(tells_auth(&log));
            let mut peer = Peer::open(&server, via).await;
            peer.send(connect).await;
            id_in(&peer.packet().await, "40");
            log.expect(&["/ {}"]).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_171_an_unknown_namespace_is_refused_and_the_session_lives() {
    for via in BOTH {
        let server = Server::new(witness(&Log::default()));
        let mut peer = Peer::open(&server, via).await;
        let refusal = r#"44/random,{"message":"Invalid namespace"}"#;
        peer.ask("40/random,", refusal).await;
        peer.ask(r#"40/random,{"token":"123"}"#, refusal).await;
        peer.connect("40").await;
        peer.ask("40/random", refusal).await;
        peer.assert_alive().await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_172_query_text_is_part_of_the_name() {
    for via in BOTH {
        let server = server([("/known", Namespace::new())]);
        let mut peer = Peer::open(&server, via).await;
        let refusal = r#"44/random?token=1&x=y,{"message":"Invalid namespace"}"#;
        peer.ask("40/random?token=1&x=y,", refusal).await;
        peer.ask("40/known?token=1,", r#"44/known?token=1,{"message":"Invalid namespace"}"#).await;
        peer.connect("40/known,").await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_173_auth_that_is_no_object_ends_the_session() {
    for via in BOTH {
        for auth in ["[]", r#""x""#, "null", "true", "{", r#"{"a"}"#, "{}{}", "{]"] {
            let log = Log::default();
            let server = server([("/", witness(&log)), ("/custom", witness(&log))]);
            for namespace in ["", "/custom,"] {
                let mut peer = Peer::open(&server, via).await;
                peer.send(&format!("40{namespace}{auth}")).await;
                peer.assert_closed().await;
            }
            log.expect(&[]).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_174_nothing_but_connect_before_a_namespace_is_joined() {
    for via in BOTH {
        let binary = r#"451-["x",{"_placeholder":true,"num":0}]"#;
        for packet in [r#"42["x"]"#, r#"421["x"]"#, "41", "430[]", "44{}", binary, "461-0[]"] {
            let log = Log::default();
            let server = Server::new(witness(&log));
            let mut peer = Peer::open(&server, via).await;
            peer.send(packet).await;
            peer.assert_closed().await;
            log.expect(&[]).await;
            assert_eq!(server.sessions(), 0, "{packet}");
        }
    }
}

fn impatient(namespace: Namespace) -> Server {
    server_with(namespace, |builder| builder.connect_timeout(Duration::from_millis(250)))
}

#[track_caller]
fn assert_about(since: Instant, millis: u128) {
    let elapsed = since.elapsed().as_millis();
    assert!((millis..=millis + 2).contains(&elapsed), "{elapsed} ms instead of {millis}");
}

#[tokio::test(start_paused = true)]
async fn edge_175_who_does_not_connect_in_time_is_closed() {
    let server = impatient(Namespace::new());
    let (mut websocket, _) = server.open_websocket().await;
    let opened = Instant::now();
    websocket.assert_closed(None).await;
    assert_about(opened, 250);

    let sid = server.open().await;
    let opened = Instant::now();
    let poll = server.poll(&sid).await;
    assert_eq!(poll.answer().await.packets(), "1");
    assert_about(opened, 250);
    server.send(Request::poll(&sid)).await.assert_unknown();

    for via in BOTH {
        let mut peer = Peer::join(&server, via).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        peer.assert_silent().await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_176_a_refused_or_pending_connect_does_not_stop_the_timer() {
    for via in BOTH {
        let refuses = async || Refusal::new("no");
        let pends = async || std::future::pending::<()>().await;
        for (namespace, answer) in [
            (Namespace::new().admit(refuses), Some(r#"44{"message":"no"}"#)),
            (Namespace::new().admit(pends), None),
        ] {
            let server = impatient(namespace);
            let mut peer = Peer::open(&server, via).await;
            let opened = Instant::now();
            peer.send("40").await;
            if let Some(answer) = answer {
                peer.expect(answer).await;
            }
            peer.assert_closed().await;
            assert_about(opened, 250);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_177_a_second_connect_of_a_joined_namespace_ends_the_session() {
    for via in BOTH {
        for connect in ["40", "40/", "40/,{}"] {
            assert_breach(via, &[connect], Breach::Misplaced).await;
        }
    }
}

/// One admission of a namespace and session at a time: a client must not run the application's login many times over
/// by one burst of packets.
#[tokio::test(start_paused = true)]
async fn edge_178_a_second_connect_while_the_first_is_pending_ends_the_session() {
    for via in BOTH {
        for apart in [false, true] {
            let log = Log::default();
            let gate = Gate::closed();
            let (admits, waits) = (log.clone(), gate.clone());
            let admit = async move || {
                admits.write("admission");
                waits.pass().await;
                admits.write("admitted");
            };
            let server = Server::new(witness(&log).admit(admit));
            let mut peer = Peer::open(&server, via).await;
            if apart {
                peer.send("40").await;
                settle().await;
                peer.send("40").await;
            } else {
                peer.send_all(&["40", "40"]).await;
            }
            peer.assert_closed().await;
            gate.let_pass(2);
            settle().await;
            let lines = log.lines();
            assert!(lines.iter().all(|line| line == "admission") && lines.len() <= 1, "{lines:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_179_an_ack_id_in_connect_is_ignored() {
    for via in BOTH {
        let log = Log::default();
        let server = Server::new(tells_auth(&log));
        let mut peer = Peer::open(&server, via).await;
        peer.send("405{}").await;
        id_in(&peer.packet().await, "40");
        log.expect(&["/ {}"]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_180_a_client_may_not_send_connect_error() {
    for via in BOTH {
        for packet in ["44{}", r#"44{"message":"no"}"#] {
            assert_breach(via, &[packet], Breach::Misplaced).await;
        }
        assert_breach(via, &["44"], Breach::Undecodable).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_181_leaving_and_joining_again_gives_a_new_id() {
    for via in BOTH {
        for apart in [false, true] {
            let log = Log::default();
            let server = Server::new(witness(&log));
            let mut peer = Peer::open(&server, via).await;
            let first = peer.connect("40").await;
            if apart {
                peer.send("41").await;
                settle().await;
                peer.send("40").await;
            } else {
                peer.send_all(&["41", "40"]).await;
            }
            let answer = peer.packet().await;
            assert_ne!(id_in(&answer, "40"), first);
            peer.assert_alive().await;
            let mut lines = log.lines();
            lines[1..3].sort();
            assert_eq!(lines, ["connect", "connect", "disconnect: client namespace disconnect", "alive[]"]);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_182_packets_for_a_namespace_that_is_not_joined_end_the_session() {
    for via in BOTH {
        let packets = [
            r#"42/other,["x"]"#,
            r#"42/other,1["x"]"#,
            "43/other,1[]",
            "41/other,",
            r#"451-/other,["x",{"_placeholder":true,"num":0}]"#,
            "461-/other,1[]",
        ];
        for packet in packets {
            assert_breach(via, &[packet], Breach::Misplaced).await;
        }
        // A namespace that is known to the server and not joined by this client is no better.
        let log = Log::default();
        let server = server([("/", witness(&log)), ("/other", witness(&log))]);
        let mut peer = Peer::join(&server, via).await;
        peer.send(r#"42/other,["x"]"#).await;
        peer.assert_closed().await;
        let reason = format!("disconnect: {}", Breach::Misplaced.reason(via));
        log.expect(&["connect", &reason]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_183_names_are_compared_exactly() {
    for via in BOTH {
        let server = server([("/", Namespace::new()), ("/chat", Namespace::new())]);
        for name in ["/Chat", "/chat/", "/cha", "/chatt", "//chat", "/%63hat", "/chat "] {
            let mut peer = Peer::open(&server, via).await;
            peer.ask(&format!("40{name},"), &format!(r#"44{name},{{"message":"Invalid namespace"}}"#)).await;
        }
        for packet in ["40nope", "40chat,", r#"40chat,{"token":1}"#] {
            let mut peer = Peer::open(&server, via).await;
            peer.send(packet).await;
            peer.assert_closed().await;
        }
        assert_breach(via, &[r#"42/Chat,["x"]"#], Breach::Misplaced).await;
        assert_breach(via, &["40nope"], Breach::Undecodable).await;
    }
}

/// `connect` and `connection` are one handler here. What the line asks for is that the socket is whole by then: it is
/// in the room of its id, and the reply has been sent.
#[tokio::test(start_paused = true)]
async fn edge_184_reply_and_own_room_come_before_the_connect_handler() {
    for via in BOTH {
        let log = Log::default();
        let greets = log.clone();
        let server = Server::new(Namespace::new().on_connect(async move |socket: Socket, io: Io| {
            let own = socket.rooms() == [socket.id().as_str()];
            greets.write(format!("connected {}, own room {own}", socket.connected()));
            io.to(socket.id()).emit("by id", ()).await.unwrap();
        }));
        let mut peer = Peer::open(&server, via).await;
        peer.send("40").await;
        id_in(&peer.packet().await, "40");
        peer.expect(r#"42["by id"]"#).await;
        log.expect(&["connected true, own room true"]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_185_an_event_of_the_connect_handler_follows_the_reply() {
    for via in BOTH {
        let welcomes = async |socket: Socket| {
            socket.emit("welcome", 1).await.unwrap();
            socket.emit("welcome", 2).await.unwrap();
        };
        let server = server([("/chat", Namespace::new().on_connect(welcomes))]);
        let mut peer = Peer::open(&server, via).await;
        peer.send("40/chat,").await;
        id_in(&peer.packet().await, "40/chat,");
        peer.expect(r#"42/chat,["welcome",1]"#).await;
        peer.expect(r#"42/chat,["welcome",2]"#).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_186_an_event_of_the_admission_precedes_the_reply() {
    for via in BOTH {
        let admit = async |Joining(socket): Joining, Json(auth): Json<Value>| {
            socket.emit("wait", ()).await.unwrap();
            if auth["bad"] == true { Err(Refusal::new("no")) } else { Ok(()) }
        };
        let server = Server::new(Namespace::new().admit(admit));
        let mut peer = Peer::open(&server, via).await;
        peer.ask(r#"40{"bad":true}"#, r#"42["wait"]"#).await;
        peer.expect(r#"44{"message":"no"}"#).await;
        peer.ask("40", r#"42["wait"]"#).await;
        id_in(&peer.packet().await, "40");
    }
}

#[tokio::test(start_paused = true)]
async fn edge_187_namespaces_of_one_session_are_independent() {
    let named = |name: &'static str| {
        Namespace::new().fallback(async move |EventName(event): EventName, Data(n): Data<u32>| {
            Data(format!("{name} {event} {n}"))
        })
    };
    for via in BOTH {
        let server = server([("/", named("main")), ("/a", named("a")), ("/b", named("b"))]);
        let mut ada = Peer::open(&server, via).await;
        let mut bob = Peer::open(&server, via).await;
        let mut ids = Vec::new();
        for peer in [&mut ada, &mut bob] {
            // All asked for at once, and answered in that order.
            peer.send_all(&["40", "40/a,", "40/b,"]).await;
            for before in ["40", "40/a,", "40/b,"] {
                ids.push(id_in(&peer.packet().await, before).to_owned());
            }
        }
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 6, "each has an id of its own");

        ada.send_all(&[r#"42/b,7["x",1]"#, r#"427["x",2]"#, r#"42/a,7["x",3]"#]).await;
        // Each namespace keeps its own order; between them there is none.
        let mut answers = [ada.packet().await, ada.packet().await, ada.packet().await];
        answers.sort();
        assert_eq!(answers, [r#"43/a,7["a x 3"]"#, r#"43/b,7["b x 1"]"#, r#"437["main x 2"]"#]);

        ada.send("41/a,").await;
        settle().await;
        server.io().of("/a").emit("news", ()).await.unwrap();
        bob.expect(r#"42/a,["news"]"#).await;
        ada.ask(r#"42/b,8["y",1]"#, r#"43/b,8["b y 1"]"#).await;
        ada.ask(r#"428["y",2]"#, r#"438["main y 2"]"#).await;
        ada.assert_silent().await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_188_an_event_before_the_admission_has_ended_ends_the_session() {
    for via in BOTH {
        for packet in [r#"42["x"]"#, r#"421["x"]"#, "43[]", "430[]", "41"] {
            let log = Log::default();
            let gate = Gate::closed();
            let waits = gate.clone();
            let server = Server::new(witness(&log).admit(async move || waits.pass().await));
            let mut peer = Peer::open(&server, via).await;
            peer.send("40").await;
            settle().await;
            peer.send(packet).await;
            peer.assert_closed().await;
            gate.let_pass(1);
            log.expect(&[]).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_189_both_sides_know_the_socket_by_one_id() {
    for via in BOTH {
        let log = Log::default();
        let tells = || {
            let (comes, goes) = (log.clone(), log.clone());
            Namespace::new()
                .on_connect(async move |socket: Socket| comes.write(socket.id().as_str()))
                .on_disconnect(async move |socket: Socket| goes.write(format!("{} left", socket.id())))
        };
        let server = server([("/", tells()), ("/custom", tells())]);
        let mut peer = Peer::open(&server, via).await;
        let main = peer.connect("40").await;
        let custom = peer.connect("40/custom,").await;
        assert_ne!(main, custom);
        peer.send("41/custom,").await;
        log.expect(&[&main, &custom, &format!("{custom} left")]).await;
        let again = peer.connect("40/custom,").await;
        assert_ne!(again, custom);
        let mut other = Peer::open(&server, Via::WebSocket).await;
        let reconnected = other.connect("40").await;
        assert_ne!(reconnected, main);
        log.expect(&[&main, &custom, &format!("{custom} left"), &again, &reconnected]).await;
    }
}
