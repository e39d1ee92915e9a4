//! Section V: what the types of the API promise.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use serde::{Deserialize, Serialize};
use sockeye::{
    AckError, Acks, Admitted, Args, BroadcastError, Data, Id, IntoReply, Namespace, Reply, Socket,
    broadcast::Collected,
};

use crate::support::{BOTH, Pair, Peer, Server, hands_out, pair};

/// The question and the answer of one event.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Move {
    x: i32,
    y: i32,
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Moved {
    by: u32,
}

struct Blocked;

impl IntoReply for Blocked {
    fn into_reply(self) -> Reply {
        Reply::error("blocked", "something is in the way")
    }
}

/// Names are checked when they arrive and types when the program is built: what follows is a program only because each
/// type is the one that is meant. (What must not compile is held by the snapshots of `sockeye-macros`.)
#[tokio::test(start_paused = true)]
async fn edge_367_arguments_answers_and_errors_have_types() {
    async fn moves(Args((Move { x, y }, fast)): Args<(Move, Option<bool>)>) -> Result<Moved, Blocked> {
        if x < 0 {
            Err(Blocked)
        } else {
            Ok(Moved { by: (x + y).unsigned_abs() * if fast == Some(true) { 2 } else { 1 } })
        }
    }
    for via in BOTH {
        let (namespace, mut sockets) = hands_out();
        let server = Server::new(namespace.on("move", moves));
        let mut peer = Peer::join(&server, via).await;
        let socket = sockets.next().await;
        peer.ask(r#"421["move",{"x":1,"y":2},true]"#, r#"431[{"by":6}]"#).await;
        peer.ask(r#"422["move",{"x":1,"y":2}]"#, r#"432[{"by":3}]"#).await;
        let blocked = r#"433[{"error":{"code":"blocked","message":"something is in the way"}}]"#;
        peer.ask(r#"423["move",{"x":-1,"y":2}]"#, blocked).await;
        for wrong in [r#"{"x":1}"#, r#"{"x":"1","y":2}"#, "[]", r#"{"x":1,"y":2},3"#] {
            peer.send(&format!(r#"424["move",{wrong}]"#)).await;
            let told = peer.packet().await;
            assert!(told.starts_with(r#"434[{"error":{"code":"invalid_payload","#), "{wrong}: {told}");
        }

        // The answer's type is inferred from its use, and an error is part of it.
        let asked = socket.emit_with_ack("move", &Move { x: 1, y: 1 });
        peer.expect(r#"420["move",{"x":1,"y":1}]"#).await;
        peer.send(r#"430[{"by":2}]"#).await;
        let answer: Result<Moved, AckError> = asked.await;
        assert_eq!(answer.unwrap(), Moved { by: 2 });
        let asked = socket.emit_with_ack::<Moved>("move", ());
        peer.expect(r#"421["move"]"#).await;
        peer.send(r#"431["far"]"#).await;
        let error = asked.await.unwrap_err();
        assert!(matches!(error, AckError::Decode(_)), "{error}");

        // A broadcast has a list of answers, and a list of errors.
        let asked: Result<Acks<Moved>, BroadcastError> = server.io().emit_with_ack("move", ()).await;
        peer.expect(r#"422["move"]"#).await;
        peer.send(r#"432[{"by":4}]"#).await;
        let Collected { answers, missing, .. } = asked.unwrap().collected().await;
        let answers: Vec<(Id, Moved)> = answers;
        let missing: Vec<(Id, AckError)> = missing;
        assert_eq!(answers, [(socket.id(), Moved { by: 4 })]);
        assert!(missing.is_empty());
    }
}

/// One name may mean different things in the two directions, and what is kept beside a socket is found by its type.
/// (Events between servers have no counterpart yet.)
#[tokio::test(start_paused = true)]
async fn edge_368_each_direction_and_each_value_has_its_own_type() {
    #[derive(Clone)]
    struct User(&'static str);
    #[derive(Clone, Default)]
    struct Score(Arc<AtomicU32>);

    async fn score(socket: Socket, Admitted(User(name)): Admitted<User>, Data(more): Data<u32>) -> Data<u32> {
        let Score(score) = socket.extensions().get().unwrap_or_default();
        let sum = score.fetch_add(more, Ordering::Relaxed) + more;
        socket.extensions().insert(Score(score));
        // To this client the same name brings text.
        socket.emit("score", format!("{name} has {sum}")).await.ok();
        Data(sum)
    }
    for via in BOTH {
        let admit = async || axum::Extension(User("ada"));
        let server = Server::new(Namespace::new().admit(admit).on("score", score));
        let mut peer = Peer::join(&server, via).await;
        for sum in [2, 4] {
            peer.ask(r#"421["score",2]"#, &format!(r#"42["score","ada has {sum}"]"#)).await;
            peer.expect(&format!("431[{sum}]")).await;
        }
        // Nobody else's score.
        let mut other = Peer::join(&server, via).await;
        other.ask(r#"421["score",1]"#, r#"42["score","ada has 1"]"#).await;

        let Pair { socket, .. } = pair(via).await;
        assert!(socket.admitted::<User>().is_none() && socket.extensions().get::<Score>().is_none());
    }
}
