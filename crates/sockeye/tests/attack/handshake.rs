//! Rows 3, 8 and 9: handshakes without end, and names of sessions that were guessed.

use std::{collections::HashSet, time::Duration};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sockeye::Namespace;
use tokio::time::sleep;

use crate::{
    kit::{Counter, Turns},
    support::{Answer, BOTH, Connection, Peer, Request, Server, Via, server_with},
};

/// Opens a session, or is told to come back later.
async fn knock(server: &Server, via: Via, address: &str) -> Option<Connection> {
    let request = match via {
        Via::Polling => Request::open(),
        Via::WebSocket => Request::websocket("EIO=4&transport=websocket"),
    };
    let (answer, connection) = server.ask_websocket(request.header("x-forwarded-for", address)).await;
    if answer.status == 503 {
        assert_eq!((answer.header("retry-after"), answer.text()), (Some("1"), ""));
        return None;
    }
    assert_eq!(answer.status, if via == Via::Polling { 200 } else { 101 });
    Some(connection)
}

/// Each address has its share, and all together have theirs; who has joined a namespace takes no place.
#[tokio::test(start_paused = true)]
async fn attack_03_handshakes_that_nobody_uses_are_bounded_and_expire() {
    const ALL: usize = 5_000;
    const EACH: usize = 1_000;
    for via in BOTH {
        let server = server_with(Namespace::new(), |builder| {
            builder.trusted_proxies(["192.0.2.1"]).max_unclaimed(ALL).max_unclaimed_per_address(EACH)
        });
        let mut kept = Vec::new();
        for address in ["198.51.100.1", "198.51.100.2", "198.51.100.3", "198.51.100.4", "198.51.100.5"] {
            for _ in 0..EACH {
                kept.push(knock(&server, via, address).await.expect("there is room"));
            }
            assert!(knock(&server, via, address).await.is_none());
        }
        assert!(knock(&server, via, "198.51.100.6").await.is_none());
        assert_eq!(server.sessions(), ALL);

        sleep(Duration::from_secs(46)).await;
        assert_eq!(server.sessions(), 0);
        for mut connection in kept.drain(..).filter(|_| via == Via::WebSocket) {
            // The server has let go of it.
            assert!(!connection.rest().await.is_empty());
        }
        assert!(knock(&server, via, "198.51.100.1").await.is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn attack_03_who_has_joined_takes_no_place() {
    for via in BOTH {
        let server = server_with(Namespace::new(), |builder| builder.max_unclaimed_per_address(1));
        let mut peers = Vec::new();
        for _ in 0..20 {
            peers.push(Peer::join(&server, via).await);
        }
        let _last = Peer::open(&server, via).await;
        assert!(knock(&server, via, "").await.is_none());
        assert_eq!(server.sessions(), 21);
    }
}

#[tokio::test(start_paused = true)]
async fn attack_08_a_sid_is_120_random_bits() {
    const SIDS: usize = 1_000;
    let server = Server::new(Namespace::new());
    let mut sids = HashSet::new();
    let mut ones = [0; 120];
    for _ in 0..SIDS {
        let sid = server.open().await;
        assert_eq!(sid.len(), 20);
        let bytes = URL_SAFE_NO_PAD.decode(&sid).unwrap();
        let bits = bytes.iter().flat_map(|byte| (0..8).map(move |bit| usize::from(byte >> bit & 1)));
        ones.iter_mut().zip(bits).for_each(|(ones, bit)| *ones += bit);
        assert!(sids.insert(sid), "the same sid twice");
    }
    // Eight standard deviations: a fair coin leaves this range once in the age of the universe.
    assert!(ones.iter().all(|ones| (374..=626).contains(ones)), "{ones:?}");
}

/// Whether a guess is close or wild, and whether it was right a moment ago, shows neither in the answer nor in what is
/// done for it.
#[tokio::test(start_paused = true)]
async fn attack_08_a_wrong_guess_learns_nothing() {
    let server = Server::new(Namespace::new());
    let live = server.open().await;
    let ended = server.open().await;
    server.post(&ended, "1").await;
    let close = format!("{}{}", &live[..19], if live.ends_with('A') { 'B' } else { 'A' });
    let turns = Turns::watch(&Counter::default());
    let mut learnt = HashSet::new();
    for guess in [&*ended, &close, "AAAAAAAAAAAAAAAAAAAA", "____________________"] {
        for request in requests(guess) {
            let before = turns.count();
            let answer = server.send(request.clone()).await;
            let method = String::from_utf8(request.bytes()).unwrap().split(' ').next().unwrap().to_owned();
            let websocket = request.bytes().windows(9).any(|text| text == b"websocket");
            learnt.insert((method, websocket, turns.count() - before, told(&answer)));
        }
    }
    assert_eq!(learnt.len(), 3, "one way to answer for each kind of request: {learnt:?}");
    assert_eq!(server.sessions(), 1);
}

/// All that names no session, on every transport, before anything of a body or of a websocket is looked at.
#[tokio::test(start_paused = true)]
async fn attack_09_what_is_no_sid_of_ours_is_refused() {
    let server = Server::new(Namespace::new());
    let mut peer = Peer::join(&server, Via::Polling).await;
    let live = peer.sid.clone();
    let flipped: String = live
        .chars()
        .map(|c| if c.is_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
        .collect();
    let bad = [
        "x".to_owned(),
        "AAAAAAAAAAAAAAAAAAA".to_owned(),
        "AAAAAAAAAAAAAAAAAAAAA".to_owned(),
        "A".repeat(4_000),
        "__proto__".to_owned(),
        "constructor".to_owned(),
        "hasOwnProperty".to_owned(),
        "%00".to_owned(),
        "%FF%FE".to_owned(),
        "%E2%82%AC".repeat(20),
        "..%2f..%2f".to_owned(),
        "%0d%0aset-cookie:%20a=b".to_owned(),
        "undefined".to_owned(),
        "null".to_owned(),
        "[object%20Object]".to_owned(),
        "*".to_owned(),
        "'%20OR%20'1'='1".to_owned(),
        flipped,
        live[1..].to_owned(),
        live[..19].to_owned(),
        format!("{live}="),
        format!("{live}%20"),
        format!("%20{live}"),
        format!("{live}%00"),
        format!("{live}A"),
        format!("{live}&sid=x"),
    ];
    for sid in &bad {
        for request in requests(sid) {
            server.send(request).await.assert_unknown();
        }
    }
    assert_eq!(server.sessions(), 1);
    peer.ask(r#"421["nobody listens"]"#, NOBODY).await;
}

const NOBODY: &str = r#"431[{"error":{"code":"unknown_event","message":"nobody listens to this event"}}]"#;

/// One of each kind that names a session.
fn requests(sid: &str) -> [Request; 3] {
    let websocket = Request::websocket(&format!("EIO=4&transport=websocket&sid={sid}"));
    [Request::poll(sid), Request::post(sid, "40"), websocket]
}

/// All of an answer but its date.
fn told(answer: &Answer) -> (u16, Option<String>, Option<String>, String) {
    let header = |name| answer.header(name).map(str::to_owned);
    (answer.status, header("content-type"), header("content-length"), answer.text().to_owned())
}
