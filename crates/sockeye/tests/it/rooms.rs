//! Who hears a broadcast.

use std::time::Duration;

use sockeye::{AckError, Args, Io, Namespace, Socket, Sockeye};
use tokio::sync::mpsc;

use crate::kit::{BOTH, Client, Via, settle};

/// Three clients of the namespace `/`, with the server's side of each.
struct Three {
    io: Io,
    clients: Vec<Client>,
    sockets: Vec<Socket>,
}

async fn three(via: Via) -> Three {
    let (tell, mut told) = mpsc::unbounded_channel();
    let namespace = Namespace::new().on_connect(async move |socket: Socket| drop(tell.send(socket)));
    let sockeye = Sockeye::builder().namespace("/", namespace).namespace("/other", Namespace::new()).build();
    let (mut clients, mut sockets) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        clients.push(Client::join(&sockeye.router(), via).await.0);
        sockets.push(told.recv().await.unwrap());
    }
    Three { io: sockeye.io().clone(), clients, sockets }
}

impl Three {
    /// Exactly these clients get exactly this event.
    async fn assert_heard(&mut self, event: &str, by: &[usize]) {
        for (n, client) in self.clients.iter_mut().enumerate() {
            if by.contains(&n) {
                assert_eq!(client.packet().await, format!(r#"42["{event}"]"#), "client {n}");
            }
            client.assert_silent().await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn everybody_or_everybody_but_me() {
    for via in BOTH {
        let mut three = three(via).await;
        three.io.emit("all", ()).await.unwrap();
        three.assert_heard("all", &[0, 1, 2]).await;
        three.sockets[0].broadcast().emit("others", ()).await.unwrap();
        three.assert_heard("others", &[1, 2]).await;
        three.sockets[0].emit("me", ()).await.unwrap();
        three.assert_heard("me", &[0]).await;
        three.io.of("/other").emit("elsewhere", ()).await.unwrap();
        three.assert_heard("elsewhere", &[]).await;
        assert!(three.io.of("/nowhere").emit("x", ()).await.is_err());
    }
}

#[tokio::test(start_paused = true)]
async fn rooms_are_joined_united_excepted_and_left() {
    for via in BOTH {
        let mut three = three(via).await;
        let [ada, bob, carol] = [0, 1, 2].map(|n: usize| three.sockets[n].clone());
        ada.join(["a", "b"]).await.unwrap();
        bob.join("b").await.unwrap();
        carol.join("c").await.unwrap();
        let io = three.io.clone();

        io.to("a").to("b").emit("union", ()).await.unwrap();
        three.assert_heard("union", &[0, 1]).await;
        io.to(["a", "b", "c"]).except("a").emit("except", ()).await.unwrap();
        three.assert_heard("except", &[1, 2]).await;
        io.except("b").emit("others", ()).await.unwrap();
        three.assert_heard("others", &[2]).await;
        ada.to("b").emit("not the sender", ()).await.unwrap();
        three.assert_heard("not the sender", &[1]).await;
        io.to("b").emit("the sender too", ()).await.unwrap();
        three.assert_heard("the sender too", &[0, 1]).await;
        io.to("empty").emit("nobody", ()).await.unwrap();
        three.assert_heard("nobody", &[]).await;
        // Operators are values: `to` on one changes no other.
        let lobby = io.to("a");
        let _ = lobby.clone().to("c");
        lobby.emit("immutable", ()).await.unwrap();
        three.assert_heard("immutable", &[0]).await;

        ada.leave("a").await.unwrap();
        ada.leave("never joined").await.unwrap();
        io.to("a").emit("left", ()).await.unwrap();
        three.assert_heard("left", &[]).await;
        assert_eq!(ada.rooms().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn send_is_the_event_message_of_every_handle_and_a_socket_leaves_itself_out() {
    for via in BOTH {
        let mut three = three(via).await;
        let [ada, bob, _] = [0, 1, 2].map(|n: usize| three.sockets[n].clone());
        three.io.send(()).await.unwrap();
        three.assert_heard("message", &[0, 1, 2]).await;
        three.io.of("/").to(ada.id()).send(()).await.unwrap();
        three.assert_heard("message", &[0]).await;
        ada.broadcast().send(()).await.unwrap();
        three.assert_heard("message", &[1, 2]).await;

        ada.to(ada.id()).emit("nobody", ()).await.unwrap();
        three.assert_heard("nobody", &[]).await;
        ada.join("a").await.unwrap();
        bob.join("a").await.unwrap();
        ada.broadcast().to("a").emit("room", ()).await.unwrap();
        three.assert_heard("room", &[1]).await;
        ada.except("a").emit("others", ()).await.unwrap();
        three.assert_heard("others", &[2]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn my_id_is_a_room() {
    for via in BOTH {
        let mut three = three(via).await;
        let [ada, bob, _] = [0, 1, 2].map(|n: usize| three.sockets[n].clone());
        let io = three.io.clone();
        bob.to(ada.id()).emit("private", ()).await.unwrap();
        three.assert_heard("private", &[0]).await;
        io.to(ada.id().as_str()).emit("from a route", ()).await.unwrap();
        three.assert_heard("from a route", &[0]).await;
        ada.join(ada.id()).await.unwrap();
        assert_eq!(ada.rooms(), [ada.id().as_str()]);
        io.except(ada.id()).emit("not me", ()).await.unwrap();
        three.assert_heard("not me", &[1, 2]).await;

        ada.leave(ada.id()).await.unwrap();
        assert!(ada.rooms().is_empty());
        io.to(ada.id()).emit("nobody", ()).await.unwrap();
        three.assert_heard("nobody", &[]).await;
        ada.emit("still", ()).await.unwrap();
        three.assert_heard("still", &[0]).await;
        ada.broadcast().emit("still not me", ()).await.unwrap();
        three.assert_heard("still not me", &[1, 2]).await;
        // A room that looks like an id, of nobody.
        io.to("AAAAAAAAAAAAAAAAAAAA").emit("nobody", ()).await.unwrap();
        three.assert_heard("nobody", &[]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn who_has_left_hears_nothing_and_a_room_goes_with_its_last_member() {
    for via in BOTH {
        let mut three = three(via).await;
        for socket in &three.sockets {
            socket.join("room").await.unwrap();
        }
        three.clients[0].send("41").await;
        settle().await;
        three.io.to("room").emit("news", ()).await.unwrap();
        three.assert_heard("news", &[1, 2]).await;
        assert!(three.sockets[0].join("room").await.is_err(), "edge line 262");
        assert_eq!(three.io.to("room").sockets().await.unwrap().len(), 2);
        assert_eq!(three.io.of("/").sockets().await.unwrap().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn whole_rooms_join_leave_and_are_disconnected() {
    for via in BOTH {
        let mut three = three(via).await;
        let io = three.io.clone();
        three.sockets[0].join("a").await.unwrap();
        three.sockets[1].join("a").await.unwrap();
        io.to("a").join(["b", "c"]).await.unwrap();
        assert_eq!(io.to("b").sockets().await.unwrap().len(), 2);
        io.to("b").except(three.sockets[0].id()).leave("c").await.unwrap();
        let in_c = io.to("c").sockets().await.unwrap();
        assert_eq!(in_c.iter().map(|info| info.id()).collect::<Vec<_>>(), [three.sockets[0].id()]);
        assert!(in_c[0].rooms().iter().any(|room| *room == "a"));

        io.to("a").emit("bye", ()).await.unwrap();
        io.to("a").disconnect().await.unwrap();
        for client in &mut three.clients[..2] {
            assert_eq!(client.packet().await, r#"42["bye"]"#, "edge line 269: the packet first");
            assert_eq!(client.packet().await, "41");
        }
        three.clients[2].assert_silent().await;
        io.of("/").close().await.unwrap();
        three.clients[2].assert_closed().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_broadcast_collects_answers() {
    for via in BOTH {
        let mut three = three(via).await;
        let io = three.io.clone();
        let [ada, bob, carol] = [0, 1, 2].map(|n: usize| three.sockets[n].id());
        let asked = io.timeout(Duration::from_secs(2)).emit_with_ack::<Args<(u32, String)>>("load", 1);
        let acks = asked.await.unwrap();
        let mut packets = Vec::new();
        for client in &mut three.clients {
            packets.push(client.packet().await);
        }
        assert!(packets.iter().all(|packet| *packet == packets[0]), "one id for all: {packets:?}");
        let id = packets[0].strip_prefix("42").unwrap().split_once('[').unwrap().0;
        three.clients[0].send(&format!(r#"43{id}[1,"a"]"#)).await;
        three.clients[0].send(&format!(r#"43{id}[2,"twice"]"#)).await;
        three.clients[1].send("41").await;
        let collected = acks.collected().await;
        let answers: Vec<_> = collected.answers.iter().map(|(id, Args(answer))| (*id, answer.0)).collect();
        assert_eq!(answers, [(ada, 1)]);
        assert!(
            collected.missing.iter().any(|(id, error)| *id == bob && matches!(error, AckError::Disconnected))
        );
        assert!(
            collected.missing.iter().any(|(id, error)| *id == carol && matches!(error, AckError::Timeout))
        );

        let nobody = io.to("empty").emit_with_ack::<u8>("load", ()).await.unwrap().collected().await;
        assert!(nobody.answers.is_empty() && nobody.missing.is_empty(), "edge line 278");
    }
}

#[tokio::test(start_paused = true)]
async fn a_broadcast_is_encoded_once_and_shared() {
    let three = three(Via::Polling).await;
    let text = "x".repeat(1000);
    three.io.emit("news", &text).await.unwrap();
    let mut frames = Vec::new();
    for socket in &three.sockets {
        let mut taken = std::collections::VecDeque::new();
        socket.outbox().take(usize::MAX, &mut taken);
        frames.push(taken.pop_front().unwrap().websocket().as_ptr());
    }
    assert!(frames.iter().all(|frame| *frame == frames[0]));
}

#[tokio::test(start_paused = true)]
async fn one_emitters_broadcasts_reach_a_member_in_order() {
    for via in BOTH {
        let mut three = three(via).await;
        for n in 0..200 {
            three.io.emit("n", n).await.unwrap();
        }
        for client in &mut three.clients {
            for n in 0..200 {
                assert_eq!(client.packet().await, format!(r#"42["n",{n}]"#));
            }
        }
    }
}
