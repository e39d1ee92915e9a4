//! Rows 4, 5, 6 and 13: sessions that do not say what they are for, and connections that only look alive.

use std::time::Duration;

use sockeye::{Namespace, Sockeye};
use tokio::time::{sleep, timeout};

use crate::{
    kit::{Counter, Dice},
    support::{
        BOTH, Breach, Frame, Gate, Got, Log, Peer, Server, Via, assert_breach, frame, server_with, settle,
        witness,
    },
};

const SECOND: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(10);

/// Answers pings of the server, and counts them as nothing else.
#[tokio::test(start_paused = true)]
async fn attack_04_who_never_connects_is_closed_however_many_pongs_it_sends() {
    for via in BOTH {
        let log = Log::default();
        let server = server_with(witness(&log), |builder| builder.connect_timeout(60 * SECOND));
        let mut peer = Peer::open(&server, via).await;
        assert!(timeout(60 * SECOND - TICK, peer.next()).await.is_err());
        assert_eq!(server.sessions(), 1);
        assert_eq!(timeout(2 * TICK, peer.next()).await, Ok(Got::Closed));
        assert_eq!((server.sessions(), log.lines().len()), (0, 0));

        let mut peer = Peer::open(&server, via).await;
        assert!(timeout(60 * SECOND - TICK, peer.next()).await.is_err());
        peer.connect("40").await;
        assert!(timeout(60 * SECOND, peer.next()).await.is_err());
        peer.assert_alive().await;
    }
}

#[tokio::test(start_paused = true)]
async fn attack_04_websocket_pings_do_not_extend_it() {
    let server = Server::new(Namespace::new());
    let (mut websocket, _) = server.open_websocket().await;
    let mut pongs = 0;
    for _ in 0..45 {
        assert_eq!(server.sessions(), 1);
        websocket.connection.write(frame(9, "still here")).await;
        let until = tokio::time::Instant::now() + SECOND;
        while let Ok(got) = tokio::time::timeout_at(until, websocket.next()).await {
            match got {
                Frame::Pong(_) => pongs += 1,
                Frame::Text(ping) => {
                    assert_eq!(ping, "2");
                    websocket.send("3").await;
                }
                Frame::Close(None) => assert_eq!(websocket.next().await, Frame::End),
                Frame::End => break,
                other => panic!("unexpected {other:?}"),
            }
        }
    }
    sleep(TICK).await;
    assert_eq!((pongs, server.sessions()), (45, 0));
}

/// What may not be said before there is a namespace.
const EARLY: [&str; 7] = [
    r#"42["a"]"#,
    r#"421["a"]"#,
    r#"451-["a",{"_placeholder":true,"num":0}]"#,
    "430[]",
    "461-0[]",
    "41",
    "44{}",
];

#[tokio::test(start_paused = true)]
async fn attack_05_nothing_is_handled_before_a_namespace_is_joined() {
    for via in BOTH {
        for packet in EARLY {
            let log = Log::default();
            let server = Server::new(witness(&log));
            let mut peer = Peer::open(&server, via).await;
            peer.send(packet).await;
            peer.assert_closed().await;
            assert_eq!((server.sessions(), log.lines().len()), (0, 0), "{packet}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn attack_05_nothing_is_handled_in_a_namespace_that_is_not_joined() {
    for via in BOTH {
        for packet in [r#"42/b,["a"]"#, r#"42/b,1["a"]"#, "43/b,0[]", "41/b,", r#"42/never,["a"]"#] {
            assert_breach(via, &[packet], Breach::Misplaced).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn attack_06_a_second_connect_ends_the_session_whether_the_first_is_decided_or_not() {
    for via in BOTH {
        for decided in [true, false] {
            let (log, gate) = (Log::default(), Gate::closed());
            let waits = gate.clone();
            let server = Server::new(witness(&log).admit(async move || waits.pass().await));
            let mut peer = Peer::open(&server, via).await;
            gate.let_pass(usize::from(decided));
            peer.send("40").await;
            settle().await;
            peer.send("40").await;
            while let Got::Packet(packet) = peer.next().await {
                assert!(decided && packet.starts_with("40{"), "{packet}");
            }
            gate.let_pass(1);
            let seen: &[&str] = if decided { &["connect", Breach::Misplaced.reason(via)] } else { &[] };
            settle().await;
            let lines = log.lines();
            let reasons = lines.iter().map(|line| line.trim_start_matches("disconnect: "));
            assert!(reasons.eq(seen.iter().copied()), "{lines:?}");
            assert_eq!(server.sessions(), 0);
        }
    }
}

/// As many admissions may be under way as there may be namespaces, and not one more.
#[tokio::test(start_paused = true)]
async fn attack_06_pending_namespaces_are_bounded() {
    const MOST: usize = 64;
    for via in BOTH {
        for names in [MOST, MOST + 1] {
            let (asked, gate) = (Counter::default(), Gate::closed());
            let builder = (0..names).fold(Sockeye::builder(), |builder, name| {
                let (asked, waits) = (asked.clone(), gate.clone());
                let admit = async move || {
                    asked.count();
                    waits.pass().await;
                };
                builder.namespace(format!("/{name}"), Namespace::new().admit(admit))
            });
            let server = Server::built(builder);
            let mut peer = Peer::open(&server, via).await;
            let connects: Vec<String> = (0..names).map(|name| format!("40/{name},")).collect();
            for connect in &connects {
                peer.send(connect).await;
            }
            settle().await;
            assert_eq!(asked.get(), MOST, "{via:?}");
            if names > MOST {
                peer.assert_closed().await;
                assert_eq!(server.sessions(), 0);
                continue;
            }
            gate.let_pass(names);
            for _ in 0..MOST {
                assert!(peer.packet().await.contains(r#"{"sid":"#));
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn attack_06_connects_equal_disconnects_whatever_the_order() {
    const SAYS: [&[&str]; 8] = [
        &["40"],
        &["40/b,"],
        &["40", "40/b,"],
        &["41"],
        &["41/b,"],
        &["41", "40"],
        &["40", "41"],
        &["40/never,"],
    ];
    let log = Log::default();
    let gate = Gate::closed();
    let namespace = || {
        let waits = gate.clone();
        witness(&log).admit(async move || waits.pass().await)
    };
    let server = Server::built(Sockeye::builder().namespace("/", namespace()).namespace("/b", namespace()));
    for seed in 0..100 {
        let mut dice = Dice::new(seed);
        let via = *dice.choose(&BOTH);
        let mut peer = Peer::open(&server, via).await;
        for _ in 0..dice.roll(6) {
            gate.let_pass(dice.roll(3));
            peer.send_all(SAYS[dice.roll(SAYS.len())]).await;
            while let Ok(got) = timeout(TICK, peer.next()).await {
                if got == Got::Closed {
                    break;
                }
            }
        }
        drop(peer);
    }
    gate.let_pass(1000);
    sleep(120 * SECOND).await;
    let lines = log.lines();
    let connects = lines.iter().filter(|line| *line == "connect").count();
    assert!(connects > 20, "{connects}");
    assert_eq!((lines.len(), server.sessions()), (2 * connects, 0));
}

/// The client is there and does nothing: no byte goes either way.
#[tokio::test(start_paused = true)]
async fn attack_13_a_dead_connection_is_given_up_after_a_ping_without_pong() {
    for via in BOTH {
        for (polls, queued) in [(false, 0), (true, 0), (false, 5), (true, 5)] {
            let log = Log::default();
            let server = Server::new(witness(&log));
            let mut peer = Peer::join(&server, via).await;
            let polls = match (via, polls) {
                (Via::Polling, true) => Some(server.poll(&peer.sid).await),
                _ => None,
            };
            for _ in 0..queued {
                // Not awaited: nobody takes it.
                drop(server.io().emit("news", "x".repeat(100_000)));
            }
            // The waiting GET brings away what was queued first, so the ping is lost behind it.
            sleep(45 * SECOND - TICK).await;
            assert_eq!((server.sessions(), log.lines()), (1, vec!["connect".to_owned()]));
            sleep(2 * TICK).await;
            assert_eq!(server.sessions(), 0);
            log.expect(&["connect", "disconnect: ping timeout"]).await;
            drop(polls);
            while peer.raw().await != Got::Closed {}
        }
    }
}
