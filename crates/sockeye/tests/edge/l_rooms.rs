//! Section L: rooms and broadcasts.

mod many;

use bytes::Bytes;
use sockeye::{DisconnectReason, Io, JoinError, Namespace, Socket};

use crate::support::{BOTH, Log, Peer, Server, Sockets, Via, hands_out, server, settle};

/// Three clients that have joined `/`, and the server's side of each.
struct Three {
    server: Server,
    peers: Vec<Peer>,
    sockets: [Socket; 3],
}

async fn three(via: Via) -> Three {
    let (namespace, mut sockets) = hands_out();
    let server = server([("/", namespace), ("/other", Namespace::new())]);
    let mut peers = Vec::new();
    for _ in 0..3 {
        peers.push(Peer::join(&server, via).await);
    }
    let sockets = [sockets.next().await, sockets.next().await, sockets.next().await];
    Three { server, peers, sockets }
}

impl Three {
    fn io(&self) -> Io {
        self.server.io().clone()
    }

    fn sockets(&self) -> [Socket; 3] {
        self.sockets.clone()
    }

    /// Exactly these clients hear exactly this event, once.
    async fn assert_heard(&mut self, event: &str, by: &[usize]) {
        for (n, peer) in self.peers.iter_mut().enumerate() {
            if by.contains(&n) {
                assert_eq!(peer.packet().await, format!(r#"42["{event}"]"#), "client {n}");
            }
            peer.assert_silent().await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_253_everybody_in_the_namespace_and_nobody_outside() {
    for via in BOTH {
        let mut three = three(via).await;
        three.peers[2].connect("40/other,").await;
        let io = three.io();
        io.emit("all", ()).await.unwrap();
        three.assert_heard("all", &[0, 1, 2]).await;
        io.of("/").emit("of", ()).await.unwrap();
        three.assert_heard("of", &[0, 1, 2]).await;
        io.of("/other").emit("elsewhere", ()).await.unwrap();
        three.peers[2].expect(r#"42/other,["elsewhere"]"#).await;
        three.assert_heard("", &[]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_254_bytes_arrive_intact_at_all() {
    for via in BOTH {
        let mut three = three(via).await;
        let photo = Bytes::from((0..=255).collect::<Vec<u8>>());
        three.io().emit("photo", (&photo, "sea", Bytes::from_static(b"\x00"))).await.unwrap();
        for peer in &mut three.peers {
            peer.expect(r#"452-["photo",{"_placeholder":true,"num":0},"sea",{"_placeholder":true,"num":1}]"#)
                .await;
            peer.expect_attachment(&photo).await;
            peer.expect_attachment(b"\x00").await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_255_everybody_but_the_sender() {
    for via in BOTH {
        let mut three = three(via).await;
        three.peers[1].connect("40/other,").await;
        let [ada, ..] = three.sockets();
        ada.broadcast().emit("others", ()).await.unwrap();
        three.assert_heard("others", &[1, 2]).await;
        ada.emit("me", ()).await.unwrap();
        three.assert_heard("me", &[0]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_256_rooms_are_united_without_duplicates() {
    for via in BOTH {
        let mut three = three(via).await;
        let [ada, bob, carol] = three.sockets();
        ada.join(["a", "b"]).await.unwrap();
        bob.join("b").await.unwrap();
        carol.join("c").await.unwrap();
        let io = three.io();
        io.to("a").to("b").emit("union", ()).await.unwrap();
        three.assert_heard("union", &[0, 1]).await;
        io.to(["a", "b", "a"]).emit("list", ()).await.unwrap();
        three.assert_heard("list", &[0, 1]).await;
        ada.to("b").to("c").emit("not the sender", ()).await.unwrap();
        three.assert_heard("not the sender", &[1, 2]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_257_rooms_and_ids_are_excepted() {
    for via in BOTH {
        let mut three = three(via).await;
        let [ada, bob, carol] = three.sockets();
        for socket in [&ada, &bob, &carol] {
            socket.join("a").await.unwrap();
        }
        bob.join("muted").await.unwrap();
        let io = three.io();
        io.to("a").except("muted").emit("room", ()).await.unwrap();
        three.assert_heard("room", &[0, 2]).await;
        io.except("muted").to("a").emit("other order", ()).await.unwrap();
        three.assert_heard("other order", &[0, 2]).await;
        io.to("a").except(ada.id()).emit("id", ()).await.unwrap();
        three.assert_heard("id", &[1, 2]).await;
        io.except(["muted", carol.id().as_str()]).emit("both", ()).await.unwrap();
        three.assert_heard("both", &[0]).await;
        ada.to("a").except("muted").emit("sender", ()).await.unwrap();
        three.assert_heard("sender", &[2]).await;
        io.except(["a", "muted"]).emit("nobody", ()).await.unwrap();
        three.assert_heard("nobody", &[]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_258_who_has_left_hears_nothing_and_the_room_goes_with_the_last() {
    for via in BOTH {
        let mut three = three(via).await;
        let [ada, bob, carol] = three.sockets();
        let io = three.io();
        let members = async || io.to("room").sockets().await.unwrap().len();
        for socket in [&ada, &bob, &carol] {
            socket.join("room").await.unwrap();
        }
        ada.leave("room").await.unwrap();
        io.to("room").emit("left the room", ()).await.unwrap();
        three.assert_heard("left the room", &[1, 2]).await;
        assert_eq!(members().await, 2);

        three.peers[1].send("41").await;
        settle().await;
        io.to("room").emit("left the namespace", ()).await.unwrap();
        three.assert_heard("left the namespace", &[2]).await;
        assert_eq!(members().await, 1);

        three.peers.pop().unwrap().vanish().await;
        settle().await;
        assert_eq!(members().await, 0);
        assert!(carol.rooms().is_empty());
        io.to("room").emit("empty", ()).await.unwrap();
        three.assert_heard("empty", &[]).await;
        assert_eq!(io.of("/").sockets().await.unwrap().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_259_several_rooms_are_joined_at_once() {
    for via in BOTH {
        let mut three = three(via).await;
        let [ada, bob, _] = three.sockets();
        ada.join(["a", "b", "c"]).await.unwrap();
        bob.join((0..3).map(|n| format!("room {n}"))).await.unwrap();
        assert_eq!(ada.rooms(), [ada.id().as_str(), "a", "b", "c"]);
        assert_eq!(bob.rooms(), [bob.id().as_str(), "room 0", "room 1", "room 2"]);
        for room in ["a", "b", "c"] {
            three.io().to(room).emit(room, ()).await.unwrap();
            three.assert_heard(room, &[0]).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_260_a_broadcast_does_not_change_when_another_is_made_of_it() {
    for via in BOTH {
        let mut three = three(via).await;
        let [ada, bob, carol] = three.sockets();
        for (socket, room) in [(&ada, "a"), (&bob, "b"), (&carol, "c")] {
            socket.join(room).await.unwrap();
        }
        let io = three.io();
        let a = io.to("a");
        let both = a.clone().to("b");
        let _ = both.clone().except("a").volatile();
        a.emit("one", ()).await.unwrap();
        three.assert_heard("one", &[0]).await;
        both.emit("two", ()).await.unwrap();
        three.assert_heard("two", &[0, 1]).await;
        // And what was said last changes nothing of what is said next.
        let _ = carol.to("a");
        io.emit("all", ()).await.unwrap();
        three.assert_heard("all", &[0, 1, 2]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_261_no_room_means_everybody() {
    for via in BOTH {
        let mut three = three(via).await;
        three.io().to([""; 0]).emit("all", ()).await.unwrap();
        three.assert_heard("all", &[0, 1, 2]).await;
        three.sockets[0].to(Vec::<String>::new()).emit("others", ()).await.unwrap();
        three.assert_heard("others", &[1, 2]).await;
    }
}

/// A deliberate difference: joining after the end fails instead of doing nothing in silence (ARCHITECTURE, section 6:
/// `join` after close fails).
#[tokio::test(start_paused = true)]
async fn edge_262_joining_after_the_end_fails() {
    for via in BOTH {
        let mut three = three(via).await;
        let [ada, bob, _] = three.sockets();
        three.peers[0].send("41").await;
        settle().await;
        bob.disconnect().await;
        settle().await;
        for socket in [ada, bob] {
            assert_eq!(socket.join("room").await, Err(JoinError::Closed));
            assert_eq!(socket.leave("room").await, Err(JoinError::Closed));
            assert!(socket.rooms().is_empty());
        }
        assert!(three.io().to("room").sockets().await.unwrap().is_empty());
    }
}

/// One handler stands for `disconnecting` and `disconnect`: its socket remembers the rooms, and has left them, so that
/// whoever asks for their members does not find it.
#[tokio::test(start_paused = true)]
async fn edge_263_the_disconnect_handler_sees_the_rooms_that_were_left() {
    for via in BOTH {
        let log = Log::default();
        let goes = log.clone();
        let (namespace, mut sockets) = hands_out();
        let server = Server::new(namespace.on_disconnect(async move |socket: Socket, io: Io| {
            goes.write(format!("{:?}", &socket.rooms()[1..]));
            goes.write(format!("{} in the room", io.to("a").sockets().await.unwrap().len()));
        }));
        let mut peer = Peer::join(&server, via).await;
        let socket = sockets.next().await;
        socket.join(["a", "b"]).await.unwrap();
        assert_eq!(server.io().to("a").sockets().await.unwrap().len(), 1);
        peer.send("41").await;
        log.expect(&[r#"["a", "b"]"#, "0 in the room"]).await;
        assert!(socket.rooms().is_empty(), "when the handler has ended");
    }
}

#[tokio::test(start_paused = true)]
async fn edge_265_leaving_twice_is_no_error() {
    for via in BOTH {
        let three = three(via).await;
        let [ada, bob, _] = three.sockets();
        ada.join("room").await.unwrap();
        bob.join("room").await.unwrap();
        for _ in 0..2 {
            ada.leave("room").await.unwrap();
            ada.leave(["room", "never joined"]).await.unwrap();
        }
        assert_eq!(bob.rooms(), [bob.id().as_str(), "room"]);
        assert_eq!(three.io().to("room").sockets().await.unwrap().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_266_an_event_for_an_empty_room_is_no_error() {
    for via in BOTH {
        let mut three = three(via).await;
        let [ada, ..] = three.sockets();
        three.io().to("empty").emit("nobody", ()).await.unwrap();
        ada.to("empty").emit("nobody", ()).await.unwrap();
        // The form of an id, of nobody.
        three.io().to("AAAAAAAAAAAAAAAAAAAA").emit("nobody", ()).await.unwrap();
        three.assert_heard("nobody", &[]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_267_close_ends_all_namespaces_of_the_client() {
    for via in BOTH {
        let log = Log::default();
        let (mut of, mut namespaces) = (Vec::<Sockets>::new(), Vec::new());
        for name in ["/", "/a", "/b"] {
            let goes = log.clone();
            let (namespace, sockets) = hands_out();
            of.push(sockets);
            let tells = async move |socket: Socket, reason: DisconnectReason| {
                goes.write(format!("{} {reason}", socket.namespace_name()));
            };
            namespaces.push((name, namespace.on_disconnect(tells)));
        }
        let server = server(namespaces);
        let mut peer = Peer::join(&server, via).await;
        peer.connect("40/a,").await;
        peer.connect("40/b,").await;
        let mut bystander = Peer::join(&server, via).await;

        let socket = of[1].next().await;
        socket.close().await;
        let mut told = [peer.packet().await, peer.packet().await, peer.packet().await];
        told.sort();
        assert_eq!(told, ["41", "41/a,", "41/b,"]);
        peer.assert_closed().await;
        settle().await;
        let mut lines = log.lines();
        lines.sort();
        assert_eq!(lines, ["/", "/a", "/b"].map(|name| format!("{name} server namespace disconnect")));
        assert_eq!(server.sessions(), 1);
        server.io().emit("still here", ()).await.unwrap();
        bystander.expect(r#"42["still here"]"#).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_269_a_packet_emitted_before_the_disconnect_comes_first() {
    for via in BOTH {
        let mut three = three(via).await;
        let io = three.io();
        drop(io.emit("bye", ()));
        drop(io.of("/").disconnect());
        for peer in &mut three.peers {
            peer.expect(r#"42["bye"]"#).await;
            peer.expect("41").await;
            peer.assert_silent().await;
            peer.connect("40").await;
        }
        drop(io.emit("bye", ()));
        drop(io.of("/").close());
        for peer in &mut three.peers {
            peer.expect(r#"42["bye"]"#).await;
            peer.expect("41").await;
            peer.assert_closed().await;
        }
        let reason = three.sockets[0].disconnect_reason();
        assert_eq!(reason, Some(DisconnectReason::Server));
    }
}
