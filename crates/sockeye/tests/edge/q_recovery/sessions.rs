//! Which ends a session survives, and who may go on with it.

use std::time::Duration;

use sockeye::{DisconnectReason, Namespace, Socket};

use crate::support::{BOTH, Comer, Got, Log, Via, hands_out, recovering, settle, witness};

#[tokio::test(start_paused = true)]
async fn edge_327_who_has_left_on_purpose_has_a_new_session() {
    for via in BOTH {
        for end in ["client", "server", "close", "parse error"] {
            let (namespace, mut sockets) = hands_out();
            let server = recovering(namespace);
            let mut comer = Comer::new(&server, via).await;
            let socket = sockets.next().await;
            match end {
                "client" => comer.peer.send("41").await,
                "server" => socket.disconnect().await,
                "close" => socket.close().await,
                _ => comer.peer.send("no packet at all").await,
            }
            settle().await;
            let expected = match end {
                "client" => "client namespace disconnect",
                "parse error" => "parse error",
                _ => "server namespace disconnect",
            };
            assert_eq!(socket.disconnect_reason().unwrap().as_str(), expected, "{via:?}");
            let back = Comer::again(&server, via, &comer.pid, None).await;
            assert!(back.id != comer.id && back.pid != comer.pid, "{end} on {via:?}");
            assert!(!sockets.next().await.recovered());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_328_after_a_violation_of_the_protocol_it_may_go_on() {
    for via in BOTH {
        let server = recovering(Namespace::new());
        for packet in ["42{}", "40"] {
            let mut comer = Comer::new(&server, via).await;
            comer.peer.send(packet).await;
            comer.peer.assert_closed().await;
            assert_eq!(Comer::again(&server, via, &comer.pid, None).await.id, comer.id, "{packet}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_328_after_a_heartbeat_that_was_not_answered_it_may_go_on() {
    for via in BOTH {
        let (namespace, mut sockets) = hands_out();
        let server = recovering(namespace);
        let mut comer = Comer::new(&server, via).await;
        let socket = sockets.next().await;
        while comer.peer.raw().await != Got::Closed {}
        assert_eq!(socket.disconnect_reason().unwrap().as_str(), "ping timeout");
        assert_eq!(Comer::again(&server, via, &comer.pid, None).await.id, comer.id);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_329_the_secret_of_an_open_session_takes_it_over() {
    for via in BOTH {
        let log = Log::default();
        let (came, left) = (log.clone(), log.clone());
        let namespace = Namespace::new()
            .on_connect(async move |socket: Socket| {
                came.write(format!("came, {}", socket.recovered()));
                let _ = socket.join("room").await;
            })
            .on_disconnect(async move |reason: DisconnectReason| left.write(format!("left: {reason}")));
        let server = recovering(namespace);
        let mut old = Comer::new(&server, via).await;
        settle().await;
        server.io().to("room").emit("in flight", ()).await.unwrap();
        let new = Comer::again(&server, via, &old.pid, None).await;
        assert_eq!((&new.id, &new.pid), (&old.id, &old.pid));
        assert_eq!(new.missed(), [r#"42["in flight"]"#]);
        log.expect(&["came, false", "left: taken over", "came, true"]).await;
        // The old end is told, and is nobody any more.
        assert_eq!(old.event().await.0, r#"42["in flight"]"#);
        assert_eq!(old.peer.packet().await, "41");
        server.io().to(old.id.as_str()).emit("to one", ()).await.unwrap();
        old.peer.assert_silent().await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_330_after_a_recovery_the_same_secret_takes_over_again_and_no_two_sockets_share_an_id() {
    for via in BOTH {
        let log = Log::default();
        let server = recovering(witness(&log));
        let first = Comer::new(&server, via).await;
        let (id, pid) = first.vanish().await;
        let mut comers = Vec::new();
        for _ in 0..3 {
            comers.push(Comer::again(&server, via, &pid, None).await);
            assert_eq!(comers.last().unwrap().id, id);
            let here = server.io().of("/").sockets().await.unwrap();
            assert_eq!(here.iter().map(|socket| socket.id().to_string()).collect::<Vec<_>>(), [&*id]);
        }
        assert_eq!(comers[0].peer.packet().await, "41");
        comers[2].peer.assert_alive().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_goes_on_by_the_other_transport() {
    let server = recovering(Namespace::new());
    let mut comer = Comer::new(&server, Via::Polling).await;
    server.io().emit("seen", ()).await.unwrap();
    let (_, offset) = comer.event().await;
    let (id, pid) = comer.vanish().await;
    server.io().emit("missed", ()).await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let back = Comer::again(&server, Via::WebSocket, &pid, Some(&offset)).await;
    assert_eq!((back.id.clone(), back.missed()), (id, vec![r#"42["missed"]"#.to_owned()]));
}
