//! Who gets a secret, which events carry an offset, and which of them are sent again.

use std::time::Duration;

use bytes::Bytes;

use sockeye::{Namespace, Room};

use crate::support::{
    BOTH, Comer, Got, Peer, Server, event, hands_out, recovering, recovering_with, recovery, settle,
};

#[tokio::test(start_paused = true)]
async fn edge_319_the_answer_to_connect_has_a_secret_only_where_recovery_is_on() {
    for via in BOTH {
        let server = Server::new(Namespace::new());
        let mut peer = Peer::open(&server, via).await;
        peer.send("40").await;
        let answer: serde_json::Value = serde_json::from_str(&peer.packet().await[2..]).unwrap();
        assert_eq!(answer.as_object().unwrap().keys().collect::<Vec<_>>(), ["sid"]);

        let server = recovering(Namespace::new());
        let (one, two) = (Comer::new(&server, via).await, Comer::new(&server, via).await);
        assert_eq!((one.pid.len(), one.id.len()), (20, 20));
        assert!(one.pid != one.id && one.pid != two.pid && one.pid != one.peer.sid);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_320_every_event_without_an_ack_carries_an_offset_and_only_recoverable_ones_move_it() {
    for via in BOTH {
        let (namespace, mut sockets) = hands_out();
        let server = recovering(namespace);
        let mut comer = Comer::new(&server, via).await;
        let socket = sockets.next().await;
        socket.emit("direct", ("a", 1)).await.unwrap();
        let (packet, first) = comer.event().await;
        assert_eq!(packet, r#"42["direct","a",1]"#);
        server.io().emit("all", ()).await.unwrap();
        let (packet, second) = comer.event().await;
        assert_eq!(packet, r#"42["all"]"#);
        assert!(second > first);
        socket.emit("binary", Bytes::from_static(b"\x01")).await.unwrap();
        let (packet, third) = comer.event().await;
        assert_eq!(packet, r#"451-["binary",{"_placeholder":true,"num":0}]"#);
        assert_eq!(comer.peer.attachment().await, b"\x01");
        // A volatile one that carried none would make a string of its own arguments the client's offset.
        let emits = async {
            settle().await;
            socket.volatile().emit("cursor", "here").await.unwrap();
        };
        let ((packet, fourth), ()) = tokio::join!(comer.event(), emits);
        assert_eq!((packet.as_str(), &fourth), (r#"42["cursor","here"]"#, &third));
        // Where an ack is asked for the client's listener expects its callback last.
        drop(socket.emit_with_ack::<()>("question", "x"));
        assert_eq!(comer.peer.packet().await, r#"420["question","x"]"#);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_326_only_what_was_for_the_old_rooms_is_sent_again() {
    for via in BOTH {
        let (namespace, mut sockets) = hands_out();
        let server = recovering(namespace);
        let mut comer = Comer::new(&server, via).await;
        let socket = sockets.next().await;
        socket.join(["a", "b"]).await.unwrap();
        socket.emit("last seen", ()).await.unwrap();
        let (_, offset) = comer.event().await;
        let (id, pid) = comer.vanish().await;

        let io = server.io();
        io.to("a").emit("to a", ()).await.unwrap();
        io.to("c").emit("to c", ()).await.unwrap();
        io.to("a").to("b").emit("to both", Bytes::from_static(b"x")).await.unwrap();
        io.to("a").except("b").emit("not b", ()).await.unwrap();
        io.except(id.as_str()).emit("not me", ()).await.unwrap();
        io.to(id.as_str()).emit("me", ()).await.unwrap();
        io.volatile().emit("volatile", ()).await.unwrap();
        drop(io.timeout(Duration::from_secs(1)).emit_with_ack::<()>("ack", ()).await);
        io.emit("all", ()).await.unwrap();

        let back = Comer::again(&server, via, &pid, Some(&offset)).await;
        assert_eq!((&back.id, &back.pid), (&id, &pid));
        let got: Vec<String> = back
            .missed
            .iter()
            .map(|got| match got {
                Got::Packet(_) => event(got).0,
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(
            got,
            [
                r#"42["to a"]"#,
                r#"451-["to both",{"_placeholder":true,"num":0}]"#,
                "Attachment([120])",
                r#"42["me"]"#,
                r#"42["all"]"#,
            ]
        );
        let socket = sockets.next().await;
        assert!(socket.recovered());
        let mut rooms = socket.rooms();
        rooms.sort();
        let mut expected = [Room::from("a"), Room::from("b"), Room::from(id)];
        expected.sort();
        assert_eq!(rooms, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_326_whom_an_event_was_for_is_decided_by_where_he_was_then() {
    for via in BOTH {
        let (namespace, mut sockets) = hands_out();
        let server = recovering(namespace);
        let comer = Comer::new(&server, via).await;
        let socket = sockets.next().await;
        let io = server.io();
        // Nothing of this is ever read.
        socket.join("a").await.unwrap();
        io.to("a").emit("in a", ()).await.unwrap();
        io.to("b").emit("not in b", ()).await.unwrap();
        socket.leave("a").await.unwrap();
        socket.join("b").await.unwrap();
        io.to("a").emit("not in a", ()).await.unwrap();
        io.to("b").emit("in b", ()).await.unwrap();
        let (_, pid) = match via {
            crate::support::Via::WebSocket => comer.vanish().await,
            crate::support::Via::Polling => {
                // It never asks for what waits; its heartbeat ends.
                tokio::time::sleep(Duration::from_secs(60)).await;
                (comer.id, comer.pid)
            }
        };
        let back = Comer::again(&server, via, &pid, None).await;
        assert_eq!(back.missed(), [r#"42["in a"]"#, r#"42["in b"]"#]);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_326_what_was_dropped_for_want_of_room_makes_a_new_session_and_never_a_gap() {
    for via in BOTH {
        let (namespace, mut sockets) = hands_out();
        let server = recovering_with(namespace, recovery().bytes(4096), |builder| builder);
        let mut comer = Comer::new(&server, via).await;
        let socket = sockets.next().await;
        socket.emit("seen", ()).await.unwrap();
        let (_, offset) = comer.event().await;
        let (id, pid) = comer.vanish().await;
        server.io().emit("small", ()).await.unwrap();
        let back = Comer::again(&server, via, &pid, Some(&offset)).await;
        assert_eq!((&back.id, back.missed().len()), (&id, 1));
        let (_, pid) = back.vanish().await;
        for _ in 0..3 {
            server.io().emit("large", "x".repeat(1500)).await.unwrap();
        }
        let back = Comer::again(&server, via, &pid, Some(&offset)).await;
        assert!(back.id != id && back.pid != pid && back.missed.is_empty());
        drop(sockets.next().await);
        assert!(!sockets.next().await.recovered());
    }
}
