//! Rows 26 and 27: answers that nobody asked for, and answers that do not come.

use std::time::Duration;

use sockeye::{AckError, EmitError};
use tokio::time::sleep;

use crate::support::{BOTH, Breach, Got, Log, Pair, Peer, Server, Via, assert_breach, pair, settle, witness};

/// The bound of packets that are ignored within a minute.
const MOST: usize = 10_000;

/// So many answers, each to another question that nobody asked.
fn invented(answers: usize) -> Vec<String> {
    (0..answers).map(|id| format!("43{id}[{id}]")).collect()
}

async fn send(peer: &mut Peer, packets: &[String]) {
    for burst in packets.chunks(5_000) {
        peer.send_all(&burst.iter().map(String::as_str).collect::<Vec<_>>()).await;
    }
}

#[tokio::test(start_paused = true)]
async fn attack_26_invented_answers_are_ignored_up_to_a_bound() {
    for via in BOTH {
        for answers in [MOST, MOST + 1] {
            let log = Log::default();
            let server = Server::new(witness(&log));
            let mut peer = Peer::join(&server, via).await;
            send(&mut peer, &invented(answers)).await;
            if answers > MOST {
                peer.assert_closed().await;
                let reason = format!("disconnect: {}", Breach::Misplaced.reason(via));
                log.expect(&["connect", &reason]).await;
                continue;
            }
            // It was too much for a minute, not for ever.
            peer.assert_alive().await;
            sleep(Duration::from_secs(20)).await;
            peer.assert_alive().await;
            for _ in 0..2 {
                // Answers the pings of that time.
                assert!(tokio::time::timeout(Duration::from_secs(21), peer.next()).await.is_err());
            }
            send(&mut peer, &invented(answers)).await;
            peer.assert_alive().await;
        }
    }
}

/// An answer counts as asked for once.
#[tokio::test(start_paused = true)]
async fn attack_26_the_same_answer_again_is_invented() {
    for via in BOTH {
        let Pair { mut peer, socket, server } = pair(via).await;
        let asked = tokio::spawn({
            let socket = socket.clone();
            async move { socket.emit_with_ack::<u8>("ask", ()).await }
        });
        peer.expect(r#"420["ask"]"#).await;
        send(&mut peer, &vec!["430[7]".to_owned(); MOST + 1]).await;
        settle().await;
        assert!(matches!(asked.await, Ok(Ok(7))));
        assert_eq!((server.sessions(), socket.pending_acks()), (1, 0));
        send(&mut peer, &["430[8]".to_owned()]).await;
        peer.assert_closed().await;
        assert_eq!(server.sessions(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn attack_26_ids_are_whole_numbers_that_both_sides_can_count() {
    for via in BOTH {
        let server = Server::new(witness(&Log::default()));
        let mut peer = Peer::join(&server, via).await;
        for id in ["0", "007", "9007199254740992"] {
            peer.send(&format!("43{id}[]")).await;
        }
        peer.assert_alive().await;
        for id in ["9007199254740993", "18446744073709551616", "99999999999999999999999", "1.5", "-1"] {
            assert_breach(via, &[&format!("43{id}[]")], Breach::Undecodable).await;
            assert_breach(via, &[&format!(r#"42{id}["x"]"#)], Breach::Undecodable).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn attack_27_awaited_answers_are_bounded_and_leave_nothing_behind() {
    const MOST: usize = 1_024;
    for via in BOTH {
        let Pair { mut peer, socket, server } = pair(via).await;
        // As the client reads, what waits to be sent is no bound of this.
        let reads = tokio::spawn(async move {
            let mut questions = 0;
            while let Got::Packet(packet) = peer.next().await {
                questions += usize::from(packet.ends_with(r#"["ask"]"#));
            }
            questions
        });
        let mut asked = Vec::new();
        for _ in 0..MOST {
            asked.push(Box::pin(socket.emit_with_ack::<u8>("ask", ())));
        }
        assert_eq!(socket.pending_acks(), MOST);
        let refused = socket.emit_with_ack::<u8>("ask", ()).await;
        assert!(matches!(refused, Err(AckError::Emit(EmitError::Full))), "{refused:?}");

        for answer in asked.split_off(MOST / 2) {
            // Whoever does not wait any longer frees a place at once.
            drop(answer);
        }
        assert_eq!(socket.pending_acks(), MOST / 2);
        for answer in asked {
            assert!(matches!(answer.await, Err(AckError::Timeout)));
        }
        assert_eq!((socket.pending_acks(), server.sessions()), (0, 1));
        // An answer to each of them would come too late, and is no crime.
        socket.close().await;
        assert_eq!(reads.await.unwrap(), MOST);
    }
}

/// Whose client goes is told at once, and does not wait for a deadline.
#[tokio::test(start_paused = true)]
async fn attack_27_no_answer_is_awaited_from_who_has_left() {
    for via in BOTH {
        let Pair { mut peer, socket, .. } = pair(via).await;
        let asked = socket.timeout(Duration::from_secs(3600)).emit_with_ack::<u8>("ask", ());
        peer.expect(r#"420["ask"]"#).await;
        match via {
            Via::Polling => peer.send("41").await,
            Via::WebSocket => peer.vanish().await,
        }
        assert!(matches!(asked.await, Err(AckError::Disconnected)));
        assert_eq!(socket.pending_acks(), 0);
    }
}
