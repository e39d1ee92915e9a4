//! Rows 41 and 42: answers that are lost on their way, and secrets in the hands of others.

use std::time::Duration;

use axum::{Extension, Json};
use serde_json::{Value, json};
use sockeye::{Namespace, Subject};
use tokio::time::sleep;

use crate::support::{BOTH, Comer, Peer, Via, hands_out, recovering, settle};

#[tokio::test(start_paused = true)]
async fn attack_41_what_was_in_an_answer_that_got_lost_comes_again() {
    let server = recovering(Namespace::new());
    let mut comer = Comer::new(&server, Via::Polling).await;
    server.io().emit("one", ()).await.unwrap();
    let (_, offset) = comer.event().await;
    // The server writes the answer, and has forgotten what was in it; the network eats it.
    let poll = server.poll(&comer.peer.sid).await;
    server.io().emit("two", ()).await.unwrap();
    settle().await;
    assert!(!poll.is_waiting(), "the answer has left");
    poll.abort().await;
    server.io().emit("three", ()).await.unwrap();
    let back = Comer::again(&server, Via::Polling, &comer.pid, Some(&offset)).await;
    assert_eq!(back.id, comer.id);
    assert_eq!(back.missed(), [r#"42["two"]"#, r#"42["three"]"#]);
}

#[tokio::test(start_paused = true)]
async fn attack_41_what_a_websocket_had_been_given_comes_again() {
    let server = recovering(Namespace::new());
    let mut comer = Comer::new(&server, Via::WebSocket).await;
    server.io().emit("one", ()).await.unwrap();
    let (_, offset) = comer.event().await;
    server.io().emit("two", ()).await.unwrap();
    settle().await;
    // It is in the pipe, and nobody will ever read it.
    let (id, pid) = comer.vanish().await;
    let back = Comer::again(&server, Via::WebSocket, &pid, Some(&offset)).await;
    assert_eq!((back.id.clone(), back.missed()), (id, vec![r#"42["two"]"#.to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn attack_42_of_two_that_show_one_secret_at_once_exactly_one_has_the_session() {
    for via in BOTH {
        let (namespace, mut sockets) = hands_out();
        // The admission takes its time, so that both are under way together.
        let slow = async || sleep(Duration::from_secs(1)).await;
        let server = recovering(namespace.admit(slow));
        let comer = Comer::new(&server, via).await;
        drop(sockets.next().await);
        let (id, pid) = comer.vanish().await;
        let (one, two) =
            tokio::join!(Comer::again(&server, via, &pid, None), Comer::again(&server, via, &pid, None));
        let winners = [&one, &two].iter().filter(|comer| comer.id == id && comer.pid == pid).count();
        assert_eq!(winners, 1, "{via:?}");
        assert!(one.id != two.id && one.pid != two.pid);
        let recovered = [sockets.next().await.recovered(), sockets.next().await.recovered()];
        assert_eq!(recovered.iter().filter(|recovered| **recovered).count(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn attack_42_a_secret_is_of_no_use_to_another_subject() {
    async fn admit(Json(auth): Json<Value>) -> Extension<Subject> {
        Extension(Subject(auth["user"].as_str().unwrap_or_default().to_owned()))
    }
    for via in BOTH {
        let (namespace, mut sockets) = hands_out();
        let server = recovering(namespace.admit(admit));
        let comer = Comer::with(&server, via, &json!({ "user": "ada" })).await;
        sockets.next().await.join("ada's").await.unwrap();
        let (id, pid) = comer.vanish().await;
        server.io().to("ada's").emit("private", ()).await.unwrap();
        let thief = Comer::with(&server, via, &json!({ "user": "mallory", "pid": pid })).await;
        assert!(thief.id != id && thief.pid != pid && thief.missed.is_empty());
        let socket = sockets.next().await;
        assert_eq!((socket.recovered(), socket.rooms().len()), (false, 1));
        // And the owner has lost nothing by it.
        let owner = Comer::with(&server, via, &json!({ "user": "ada", "pid": pid })).await;
        assert_eq!((owner.id.clone(), owner.missed()), (id, vec![r#"42["private"]"#.to_owned()]));
    }
}

#[tokio::test(start_paused = true)]
async fn attack_42_an_open_socket_is_closed_before_its_session_goes_on() {
    for via in BOTH {
        let (namespace, mut sockets) = hands_out();
        let server = recovering(namespace);
        let mut old = Comer::new(&server, via).await;
        let before = sockets.next().await;
        let new = Comer::again(&server, via, &old.pid, None).await;
        assert_eq!(new.id, old.id);
        assert_eq!(before.disconnect_reason().unwrap().as_str(), "taken over");
        assert_eq!(old.peer.packet().await, "41");
        assert_eq!(server.io().of("/").sockets().await.unwrap().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn attack_42_who_waits_for_a_session_and_goes_away_keeps_nobody_else_from_it() {
    for via in BOTH {
        let namespace = Namespace::new().on_disconnect(async || sleep(Duration::from_secs(3)).await);
        let server = recovering(namespace);
        let (id, pid) = Comer::new(&server, via).await.vanish().await;
        // The network is bad: the first try breaks while the session is still busy with its end.
        let mut first = Peer::open(&server, via).await;
        first.send(&format!("40{}", json!({ "pid": pid }))).await;
        settle().await;
        first.vanish().await;
        settle().await;
        let second = Comer::again(&server, via, &pid, None).await;
        assert_eq!((second.id, second.pid), (id, pid), "{via:?}");
    }
}
