//! Rows 21, 24, 25 and 32: packets of a wrong shape, each with the one thing that follows from it.

use crate::support::{BOTH, Breach, Got, Log, Peer, Request, Server, Via, assert_breach, witness};

/// So many arrays or objects inside each other, as the argument of an event or an ack (which stands one deep) or as the
/// payload of a CONNECT (which is the first).
fn nested(depth: usize, open: &str, close: &str) -> String {
    format!("{}1{}", open.repeat(depth), close.repeat(depth))
}

#[tokio::test(start_paused = true)]
async fn attack_21_payloads_nest_as_deep_as_the_limit_and_no_deeper() {
    for via in BOTH {
        for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
            let log = Log::default();
            let server = Server::new(witness(&log));
            let mut peer = Peer::open(&server, via).await;
            let auth = nested(63, open, close);
            peer.connect(&format!(r#"40{{"a":{auth}}}"#)).await;
            let deepest = nested(63, open, close);
            // The handler passes on what it has never parsed.
            peer.send(&format!(r#"42["relay",{deepest}]"#)).await;
            peer.send(&format!("430[{deepest}]")).await;
            peer.assert_alive().await;
            assert_eq!(log.lines()[1], format!("relay[{deepest}]"));
            for depth in [64, 65, 100, 1_000, 50_000] {
                let deep = nested(depth, open, close);
                for packet in [
                    format!(r#"42["relay",{deep}]"#),
                    format!(r#"421["relay",1,[],{deep}]"#),
                    format!("430[{deep}]"),
                    format!(r#"451-["relay",{deep},{{"_placeholder":true,"num":0}}]"#),
                    format!(r#"42["relay",{}"#, open.repeat(depth)),
                ] {
                    assert_breach(via, &[&packet], Breach::Undecodable).await;
                }
                let mut peer = Peer::open(&server, via).await;
                peer.send(&format!(r#"40{{"a":{deep}}}"#)).await;
                peer.assert_closed().await;
            }
        }
    }
}

/// What follows from a packet.
#[derive(Clone, Copy, Debug)]
enum Outcome {
    /// This event is handled.
    Event(&'static str),
    /// Nothing.
    Ignored,
    Closed,
}

use Outcome::{Closed, Event, Ignored};

/// Messages of a client that has joined, word for word, and what each is worth.
const SHAPES: [(&str, Outcome); 62] = [
    ("42", Closed),
    ("42{}", Closed),
    ("42[]", Closed),
    ("42[null]", Closed),
    ("42[true]", Closed),
    ("42[{}]", Closed),
    ("42[[]]", Closed),
    (r#"42"x""#, Closed),
    ("42x", Closed),
    ("42null", Closed),
    ("4200", Closed),
    (r#"42["x""#, Closed),
    (r#"42["x",]"#, Closed),
    (r#"42["x",,1]"#, Closed),
    (r#"42["x" 1]"#, Closed),
    (r#"42["x]"#, Closed),
    (r#"42['x']"#, Closed),
    ("42[x]", Closed),
    (r#"42["x",undefined]"#, Closed),
    (r#"42["x",NaN]"#, Closed),
    (r#"42["x",01]"#, Closed),
    (r#"42["x",1.]"#, Closed),
    (r#"42["x",.5]"#, Closed),
    (r#"42["x",+1]"#, Closed),
    (r#"42["x",0x10]"#, Closed),
    (r#"42["x","\x41"]"#, Closed),
    (r#"42["x","\u00"]"#, Closed),
    ("42[\"x\",\"\t\"]", Closed),
    ("42[\"x\",\"\0\"]", Closed),
    (r#"42["x",{a:1}]"#, Closed),
    (r#"42["x",{"a"}]"#, Closed),
    (r#"42["x",{1:1}]"#, Closed),
    (r#"42["x"]]"#, Closed),
    (r#"42["x"]y"#, Closed),
    (r#"42["x"]["y"]"#, Closed),
    (r#"42/["x"]"#, Closed),
    (r#"42-1["x"]"#, Closed),
    (r#"421.5["x"]"#, Closed),
    (r#"429007199254740993["x"]"#, Closed),
    (r#"4299999999999999999999["x"]"#, Closed),
    ("43{}", Closed),
    ("430{}", Closed),
    ("430null", Closed),
    ("430[", Closed),
    ("44", Closed),
    (r#"44{"message":"no"}"#, Closed),
    ("4", Closed),
    ("47", Closed),
    ("48[]", Closed),
    ("4a", Closed),
    ("4😀", Closed),
    (r#"42["x"]"#, Event("x[]")),
    (r#"42/,["x",1]"#, Event("x[1]")),
    (r#"42[1]"#, Event("1[]")),
    (r#"42[-1.5e3,2]"#, Event("-1.5e3[2]")),
    (r#"42[""]"#, Event("[]")),
    (r#"42["\u0078"]"#, Event("x[]")),
    ("42[ \"x\" , 1 ] ", Event("x[1]")),
    (r#"42["x",null]"#, Event("x[null]")),
    ("43", Ignored),
    ("43[]", Ignored),
    ("430[]", Ignored),
];

#[tokio::test(start_paused = true)]
async fn attack_24_each_shape_has_one_outcome() {
    for via in BOTH {
        for (packet, outcome) in SHAPES {
            let log = Log::default();
            let server = Server::new(witness(&log));
            let mut peer = Peer::join(&server, via).await;
            peer.send(packet).await;
            match outcome {
                Event(event) => {
                    peer.assert_alive().await;
                    assert_eq!(log.lines(), ["connect", event, "alive[]"], "{packet}");
                }
                Ignored => {
                    peer.assert_alive().await;
                    assert_eq!(log.lines(), ["connect", "alive[]"], "{packet}");
                }
                Closed => {
                    assert_eq!(peer.next().await, Got::Closed, "{packet} by {via:?}");
                    peer.assert_closed().await;
                    let lines = log.lines();
                    assert!(lines.len() == 2 && lines[1].starts_with("disconnect: "), "{packet}: {lines:?}");
                    assert_eq!(server.sessions(), 0);
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn attack_25_a_connect_carries_an_object_or_nothing() {
    let bad = [
        "[]",
        r#""text""#,
        "null",
        "true",
        "1.5",
        "{",
        "{]",
        "{}x",
        "{}{}",
        "{'a':1}",
        "{a:1}",
        r#"{"a":}"#,
        r#"{"a":1,}"#,
        "/admin",
        "/admin{}",
    ];
    for via in BOTH {
        for body in bad {
            for packet in [format!("40{body}"), format!("40/,{body}")] {
                let log = Log::default();
                let server = Server::new(witness(&log));
                let mut peer = Peer::open(&server, via).await;
                peer.send(&packet).await;
                // A name alone is a name of a namespace.
                if body == "/admin" && packet == "40/admin" {
                    peer.expect(r#"44/admin,{"message":"Invalid namespace"}"#).await;
                    continue;
                }
                match peer.next().await {
                    Got::Closed => {}
                    got => assert!(body.starts_with("/admin"), "{packet} got {got:?}"),
                }
                assert!(log.lines().is_empty(), "{packet}");
            }
        }
        for body in ["", "{}", " {}", r#"{"a":[1,{"b":null}]}"#, r#"{"__proto__":{"admin":true}}"#] {
            let server = Server::new(witness(&Log::default()));
            let mut peer = Peer::open(&server, via).await;
            peer.connect(&format!("40{body}")).await;
            peer.assert_alive().await;
        }
    }
}

/// Types that the engine does not know end the session. What it knows and has no use for is ignored, counted, and ends
/// the session beyond a bound.
#[tokio::test(start_paused = true)]
async fn attack_32_unknown_types_end_the_session() {
    for via in BOTH {
        for packet in ["7", "8", "9", "a", "B", " ", "\0", "-1", "é", "😀", "\u{feff}42[\"x\"]", "[]", "{}"]
        {
            let log = Log::default();
            let server = Server::new(witness(&log));
            let mut peer = Peer::join(&server, via).await;
            peer.send(packet).await;
            peer.assert_closed().await;
            log.expect(&["connect", "disconnect: parse error"]).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn attack_32_stray_packets_are_ignored_up_to_a_bound() {
    const MOST: usize = 128;
    for via in BOTH {
        for stray in ["0", "0{}", "5", "6", "3", "3probe"] {
            for count in [MOST, MOST + 1] {
                let log = Log::default();
                let server = Server::new(witness(&log));
                let mut peer = Peer::join(&server, via).await;
                peer.send_all(&vec![stray; count]).await;
                if count == MOST {
                    peer.assert_alive().await;
                } else {
                    peer.assert_closed().await;
                    log.expect(&["connect", "disconnect: transport error"]).await;
                }
            }
        }
        // One bound for all of them together.
        let mixed: Vec<&str> = ["0", "5", "6"].into_iter().cycle().take(MOST + 1).collect();
        let server = Server::new(witness(&Log::default()));
        let mut peer = Peer::join(&server, via).await;
        peer.send_all(&mixed).await;
        peer.assert_closed().await;
    }
}

/// A POST says at once what was wrong with it.
#[tokio::test(start_paused = true)]
async fn attack_32_a_post_with_a_bad_packet_is_refused() {
    let log = Log::default();
    let server = Server::new(witness(&log));
    let peer = Peer::join(&server, Via::Polling).await;
    server.send(Request::post(&peer.sid, "42[\"x\"]\x1e7\x1e42[\"y\"]")).await.assert_empty(400);
    log.expect(&["connect", "x[]", "disconnect: parse error"]).await;
}
