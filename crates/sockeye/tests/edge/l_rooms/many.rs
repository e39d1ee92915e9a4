//! What is told of rooms, and many sockets at once (lines 264, 268 and 270).

use std::sync::Arc;

use sockeye::{DisconnectReason, Id, Observer, Room, Socket};

use super::{Three, three};
use crate::support::{BOTH, Log, settle};

fn ids(of: &[Socket]) -> Vec<Id> {
    let mut ids: Vec<Id> = of.iter().map(Socket::id).collect();
    ids.sort();
    ids
}

impl Three {
    /// The ids of a list of sockets, sorted.
    async fn listed(&self, room: Option<&str>) -> Vec<Id> {
        let all = self.io().of("/");
        let meant = match room {
            Some(room) => all.to(room),
            None => all,
        };
        let mut ids: Vec<Id> = meant.sockets().await.unwrap().iter().map(|socket| socket.id()).collect();
        ids.sort();
        ids
    }
}

/// The reference's events of its adapter, in its names.
impl Observer for Log {
    fn room_created(&self, _: &str, room: &Room, _: Id) {
        self.write(format!("create-room {room}"));
    }

    fn room_joined(&self, _: &str, room: &Room, _: Id) {
        self.write(format!("join-room {room}"));
    }

    fn room_left(&self, _: &str, room: &Room, _: Id) {
        self.write(format!("leave-room {room}"));
    }

    fn room_deleted(&self, _: &str, room: &Room, _: Id) {
        self.write(format!("delete-room {room}"));
    }
}

#[tokio::test(start_paused = true)]
async fn edge_264_a_room_is_created_joined_left_and_deleted_and_joining_twice_is_joining_once() {
    for via in BOTH {
        let mut three = three(via).await;
        let [ada, bob, _] = three.sockets();
        let log = Log::default();
        let _told = three.io().observe(Arc::new(log.clone()));
        let io = three.io();
        let members = async || io.to("room").count().await.unwrap();
        assert_eq!(members().await, 0);
        ada.join("room").await.unwrap();
        log.expect(&["create-room room", "join-room room"]).await;
        ada.join(["room", "room"]).await.unwrap();
        bob.join("room").await.unwrap();
        log.expect(&["create-room room", "join-room room", "join-room room"]).await;
        assert_eq!((ada.rooms(), members().await), (vec![ada.id().into(), "room".into()], 2));
        io.to("room").emit("once", ()).await.unwrap();
        three.assert_heard("once", &[0, 1]).await;
        ada.leave("room").await.unwrap();
        bob.leave(["room", "room"]).await.unwrap();
        assert_eq!(log.lines()[3..], ["leave-room room", "leave-room room", "delete-room room"]);
        assert_eq!((members().await, ada.rooms().len()), (0, 1));
        ada.join("room").await.unwrap();
        assert_eq!(members().await, 1);
        assert_eq!(log.lines()[6..], ["create-room room", "join-room room"]);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_268_sockets_are_listed_join_leave_and_go_with_and_without_a_room() {
    for via in BOTH {
        let mut three = three(via).await;
        let sockets = three.sockets();
        let [ada, bob, carol] = &sockets;
        let chat = three.io().of("/");
        ada.join(["a", "b"]).await.unwrap();
        bob.join("b").await.unwrap();

        assert_eq!(three.listed(None).await, ids(&sockets));
        assert_eq!(three.listed(Some("b")).await, ids(&sockets[..2]));
        assert_eq!(three.listed(Some("nobody")).await, []);
        let listed = chat.clone().to("a").sockets().await.unwrap();
        assert_eq!(listed[0].rooms(), [ada.id().as_str(), "a", "b"]);
        assert!(listed[0].handshake().uri().starts_with("/socket.io/"));

        chat.join("all").await.unwrap();
        chat.clone().to("b").except("a").join(["c", "d"]).await.unwrap();
        assert_eq!(three.listed(Some("all")).await, ids(&sockets));
        assert_eq!(three.listed(Some("c")).await, [bob.id()]);
        assert_eq!(three.listed(Some("d")).await, [bob.id()]);
        chat.clone().to("b").leave("all").await.unwrap();
        assert_eq!(three.listed(Some("all")).await, [carol.id()]);
        chat.leave(["b", "never"]).await.unwrap();
        assert_eq!(three.listed(Some("b")).await, []);

        chat.clone().to("a").disconnect().await.unwrap();
        three.peers[0].expect("41").await;
        three.peers[0].connect("40").await;
        chat.clone().to("c").close().await.unwrap();
        three.peers[1].expect("41").await;
        three.peers[1].assert_closed().await;
        settle().await;
        assert_eq!(ada.disconnect_reason(), Some(DisconnectReason::Server));
        assert_eq!(chat.count().await.unwrap(), 2, "Ada's second socket and Carol's");
        chat.disconnect().await.unwrap();
        three.peers[0].expect("41").await;
        three.peers[2].expect("41").await;
        settle().await;
        assert_eq!((chat.count().await.unwrap(), three.server.sessions()), (0, 2));
    }
}

/// Alone, this process is all nodes; that `local` reaches the adapter is seen by the unit tests of the broadcast.
#[tokio::test(start_paused = true)]
async fn edge_270_local_is_this_process() {
    for via in BOTH {
        let mut three = three(via).await;
        let [ada, bob, carol] = three.sockets();
        bob.join("a").await.unwrap();
        three.io().local().emit("local", ()).await.unwrap();
        three.assert_heard("local", &[0, 1, 2]).await;
        three.io().to("a").local().emit("room", ()).await.unwrap();
        three.assert_heard("room", &[1]).await;
        ada.local().emit("others", ()).await.unwrap();
        three.assert_heard("others", &[1, 2]).await;
        let local = three.io().local();
        assert_eq!(local.sockets().await.unwrap().len(), 3);
        local.clone().except("a").join("b").await.unwrap();
        assert_eq!((bob.rooms().len(), carol.rooms().len()), (2, 2));
        local.to("b").disconnect().await.unwrap();
        settle().await;
        assert_eq!(three.io().of("/").count().await.unwrap(), 1);
    }
}
