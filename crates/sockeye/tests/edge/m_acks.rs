//! Section M: acknowledgements that the server asks for, and how long it waits.

mod many;

use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;
use sockeye::{AckError, Args, EmitError, Socket};
use tokio::time::{Instant, sleep};

use crate::support::{BOTH, Pair, Peer, hands_out, pair, server, settle};

const FIRST: &str = r#"{"_placeholder":true,"num":0}"#;
const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn edge_271_the_server_asks_by_events_of_either_kind() {
    for via in BOTH {
        let Pair { socket, mut peer, .. } = pair(via).await;
        let photo = Bytes::from_static(b"\x01\x02");

        let asked = socket.emit_with_ack::<Value>("text", (1, "2"));
        peer.expect(r#"420["text",1,"2"]"#).await;
        peer.send(r#"430[{"a":3},"surplus"]"#).await;
        assert_eq!(asked.await.unwrap()["a"], 3);

        let asked = socket.emit_with_ack::<Args<(u8, Option<String>)>>("photo", (&photo, "sea"));
        peer.expect(&format!(r#"451-1["photo",{FIRST},"sea"]"#)).await;
        peer.expect_attachment(&photo).await;
        peer.send("431[4]").await;
        assert_eq!(asked.await.unwrap(), Args((4, None)));

        let asked = socket.emit_with_ack::<Bytes>("bytes", ());
        peer.expect(r#"422["bytes"]"#).await;
        peer.send_binary(&format!("461-2[{FIRST}]"), &[b"\xff"]).await;
        assert_eq!(asked.await.unwrap(), Bytes::from_static(b"\xff"));

        let asked = socket.emit_with_ack::<Args<(String, Bytes)>>("both", &photo);
        peer.expect(&format!(r#"451-3["both",{FIRST}]"#)).await;
        peer.expect_attachment(&photo).await;
        peer.send_binary(&format!(r#"461-3["x",{FIRST}]"#), &[b""]).await;
        assert_eq!(asked.await.unwrap(), Args(("x".to_owned(), Bytes::new())));
    }
}

#[tokio::test(start_paused = true)]
async fn edge_272_no_answer_in_time_is_an_error() {
    for via in BOTH {
        let Pair { socket, mut peer, .. } = pair(via).await;
        for (id, millis) in [(0, 0), (1, 50), (2, 5000)] {
            let asked = Instant::now();
            let answer = socket.timeout(Duration::from_millis(millis)).emit_with_ack::<u8>("q", ()).await;
            let elapsed = asked.elapsed().as_millis();
            assert!(
                (millis.into()..=u128::from(millis) + 1).contains(&elapsed),
                "{elapsed} ms, not {millis}"
            );
            let error = answer.unwrap_err();
            assert!(matches!(error, AckError::Timeout));
            assert_eq!(error.to_string(), "the client did not answer in time");
            // Asked it was all the same.
            peer.expect(&format!(r#"42{id}["q"]"#)).await;
            assert_eq!(socket.pending_acks(), 0);
        }
        // Who does not say how long waits for 30 s.
        let asked = Instant::now();
        assert!(matches!(socket.emit_with_ack::<u8>("q", ()).await, Err(AckError::Timeout)));
        assert_eq!(asked.elapsed().as_secs(), 30);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_273_an_answer_in_time_is_the_value() {
    for via in BOTH {
        let Pair { socket, mut peer, .. } = pair(via).await;
        let asked = socket.timeout(SECOND).emit_with_ack::<String>("q", ());
        let answer = tokio::spawn(asked);
        peer.expect(r#"420["q"]"#).await;
        sleep(Duration::from_millis(900)).await;
        peer.send(r#"430["in time"]"#).await;
        assert_eq!(answer.await.unwrap().unwrap(), "in time");
        // Nothing comes of the time that passes afterwards.
        sleep(SECOND).await;
        assert_eq!(socket.pending_acks(), 0);
        assert!(socket.connected());
    }
}

/// There is one form, a future; it may be awaited where it was made, given to another task, or be looked at long after
/// its answer has come.
#[tokio::test(start_paused = true)]
async fn edge_274_the_future_ends_the_same_wherever_it_is_awaited() {
    for via in BOTH {
        let Pair { socket, mut peer, .. } = pair(via).await;
        let ask = || socket.timeout(SECOND).emit_with_ack::<u8>("q", ());
        let (spawned, kept, silent, silent_spawned) =
            (tokio::spawn(ask()), ask(), ask(), tokio::spawn(ask()));
        // All have asked when they were made, whether their tasks have run or not.
        for id in 0..4 {
            peer.expect(&format!(r#"42{id}["q"]"#)).await;
        }
        peer.send_all(&["430[10]", "431[11]"]).await;
        assert_eq!(spawned.await.unwrap().unwrap(), 10);
        sleep(10 * SECOND).await;
        assert_eq!(kept.await.unwrap(), 11, "the answer was there in time, though nobody looked");
        assert!(matches!(silent.await, Err(AckError::Timeout)));
        assert!(matches!(silent_spawned.await.unwrap(), Err(AckError::Timeout)));
    }
}

#[tokio::test(start_paused = true)]
async fn edge_275_a_late_answer_is_ignored() {
    for via in BOTH {
        let Pair { socket, mut peer, server } = pair(via).await;
        let late = socket.timeout(SECOND).emit_with_ack::<u8>("q", ()).await;
        assert!(matches!(late, Err(AckError::Timeout)));
        peer.expect(r#"420["q"]"#).await;
        peer.send("430[1]").await;
        let next = socket.timeout(SECOND).emit_with_ack::<u8>("q", ());
        peer.expect(r#"421["q"]"#).await;
        // It is not taken for the answer to the next question either.
        peer.send_all(&["430[2]", "431[3]", "431[4]"]).await;
        assert_eq!(next.await.unwrap(), 3);
        peer.assert_silent().await;
        assert_eq!((server.sessions(), socket.connected()), (1, true));
    }
}

/// How a client leaves.
#[derive(Clone, Copy, Debug)]
enum Leaves {
    ByWord,
    Vanishing,
    ThrownOut,
}

impl Leaves {
    const ALL: [Self; 3] = [Self::ByWord, Self::Vanishing, Self::ThrownOut];

    async fn leave(self, mut peer: Peer, socket: &Socket) {
        match self {
            Self::ByWord => peer.send("41").await,
            Self::Vanishing => peer.vanish().await,
            Self::ThrownOut => socket.disconnect().await,
        }
        settle().await;
    }
}

/// A deliberate difference: whoever waits for a client that has left is told so at once, with or without a timeout
/// (ARCHITECTURE, section 9: a caller gets a result for what it has asked).
#[tokio::test(start_paused = true)]
async fn edge_282_who_waits_for_a_client_that_left_is_told_at_once() {
    for via in BOTH {
        for how in Leaves::ALL {
            let Pair { socket, mut peer, .. } = pair(via).await;
            let plain = socket.emit_with_ack::<u8>("q", ());
            let timed = socket.timeout(60 * SECOND).emit_with_ack::<u8>("q", ());
            peer.expect(r#"420["q"]"#).await;
            peer.expect(r#"421["q"]"#).await;
            how.leave(peer, &socket).await;
            let left = Instant::now();
            assert!(matches!(plain.await, Err(AckError::Disconnected)), "{via:?} {how:?}");
            assert!(matches!(timed.await, Err(AckError::Disconnected)), "{via:?} {how:?}");
            assert_eq!(left.elapsed(), Duration::ZERO);
            // Who asks now is told that nothing was asked.
            let refused = socket.emit_with_ack::<u8>("q", ()).await;
            assert!(matches!(refused, Err(AckError::Emit(EmitError::Closed))), "{refused:?}");
        }
    }
}

/// The line is about the client; on this side all that is awaited fails at the end, in any number, and is forgotten.
#[tokio::test(start_paused = true)]
async fn edge_283_all_that_is_awaited_ends_with_the_socket() {
    for via in BOTH {
        for how in Leaves::ALL {
            let Pair { socket, mut peer, .. } = pair(via).await;
            let asked: Vec<_> = (0..100)
                .map(|n| tokio::spawn(socket.timeout((n + 1) * 60 * SECOND).emit_with_ack::<u8>("q", n)))
                .collect();
            peer.expect(r#"420["q",0]"#).await;
            peer.send("430[7]").await;
            settle().await;
            assert_eq!(socket.pending_acks(), 99);
            how.leave(peer, &socket).await;
            assert_eq!(socket.pending_acks(), 0);
            for (n, asked) in asked.into_iter().enumerate() {
                match asked.await.unwrap() {
                    Ok(answer) => assert_eq!((n, answer), (0, 7)),
                    Err(error) => assert!(n > 0 && matches!(error, AckError::Disconnected), "{n}: {error}"),
                }
            }
        }
    }
}

/// The line is about the client. On this side the time runs from the emit, whether the client fetches or not; the
/// event stays queued, since it was accepted (ARCHITECTURE, section 8, promise 2), and its answer comes too late.
#[tokio::test(start_paused = true)]
async fn edge_284_the_time_runs_while_nobody_fetches() {
    let (namespace, mut sockets) = hands_out();
    let server = server([("/", namespace)]);
    let sid = server.open().await;
    server.post(&sid, "40").await;
    let socket = sockets.next().await;
    server.fetch(&sid).await;
    let asked = Instant::now();
    let answer = socket.timeout(SECOND).emit_with_ack::<u8>("q", ()).await;
    assert!(matches!(answer, Err(AckError::Timeout)));
    assert_eq!(asked.elapsed().as_secs(), 1);
    assert_eq!(server.fetch(&sid).await, r#"420["q"]"#);
    server.post(&sid, "430[1]").await;
    assert!(server.poll(&sid).await.is_waiting());
    assert_eq!(socket.pending_acks(), 0);
}

#[tokio::test(start_paused = true)]
async fn edge_286_ack_ids_are_counted_by_the_namespace() {
    for via in BOTH {
        let (main, mut sockets) = hands_out();
        let (other, mut others) = hands_out();
        let server = server([("/", main), ("/other", other)]);
        let mut ada = Peer::join(&server, via).await;
        let mut bob = Peer::join(&server, via).await;
        ada.connect("40/other,").await;
        let (of_ada, of_bob, elsewhere) = (sockets.next().await, sockets.next().await, others.next().await);
        let asked = [&of_ada, &of_bob, &elsewhere, &of_ada].map(|socket| socket.emit_with_ack::<u8>("q", ()));
        ada.expect(r#"420["q"]"#).await;
        bob.expect(r#"421["q"]"#).await;
        ada.expect(r#"42/other,0["q"]"#).await;
        ada.expect(r#"422["q"]"#).await;
        // One answers for the other in vain: an id is the business of the socket that was asked.
        bob.send_all(&["430[90]", "432[92]", "431[1]"]).await;
        ada.send_all(&["431[91]", "43/other,0[2]", "432[3]", "430[0]"]).await;
        let mut answers = Vec::new();
        for asked in asked {
            answers.push(asked.await.unwrap());
        }
        assert_eq!(answers, [0, 1, 2, 3]);
    }
}
