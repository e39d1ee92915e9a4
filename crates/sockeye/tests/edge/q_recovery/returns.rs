//! What a client finds that comes back.

use std::time::Duration;

use axum::{Extension, Json};
use serde_json::{Value, json};
use sockeye::{Data, DisconnectReason, Io, Namespace, Refusal, Room, Socket, Subject};
use tokio::time::sleep;

use crate::support::{
    BOTH, Comer, Got, Log, Peer, Server, hands_out, recovering, recovering_with, recovery, settle,
};

/// Says what it sees of a socket when it joins.
async fn tells(socket: Socket, log: Log) {
    let mut rooms: Vec<String> = socket.rooms().iter().map(ToString::to_string).collect();
    rooms.sort();
    rooms.retain(|room| *room != socket.id().to_string());
    let score: Option<u32> = socket.data().field("score").unwrap();
    log.write(format!("recovered {}, rooms {rooms:?}, score {score:?}", socket.recovered()));
}

#[tokio::test(start_paused = true)]
async fn edge_321_missed_events_come_first_then_the_answer_with_the_old_names() {
    for via in BOTH {
        let (namespace, mut sockets) = hands_out();
        let server = recovering(namespace);
        let mut comer = Comer::new(&server, via).await;
        drop(sockets.next().await);
        server.io().emit("before", ()).await.unwrap();
        let (_, offset) = comer.event().await;
        let (id, pid) = comer.vanish().await;
        server.io().emit("one", ()).await.unwrap();
        server.io().emit("two", ()).await.unwrap();
        let mut back = Comer::again(&server, via, &pid, Some(&offset)).await;
        assert_eq!((&back.id, &back.pid), (&id, &pid));
        assert_eq!(back.missed(), [r#"42["one"]"#, r#"42["two"]"#]);
        server.io().emit("three", ()).await.unwrap();
        assert_eq!(back.event().await.0, r#"42["three"]"#);
        assert!(sockets.next().await.recovered());
        back.peer.assert_silent().await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_321_three_times_in_a_row_on_one_session() {
    for via in BOTH {
        let (namespace, mut sockets) = hands_out();
        let server = recovering(namespace);
        let mut comer = Comer::new(&server, via).await;
        drop(sockets.next().await);
        server.io().emit("0", ()).await.unwrap();
        let (_, mut offset) = comer.event().await;
        for round in 1..=3 {
            let (id, pid) = comer.vanish().await;
            server.io().emit(round.to_string(), ()).await.unwrap();
            comer = Comer::again(&server, via, &pid, Some(&offset)).await;
            assert_eq!((&comer.id, &comer.pid), (&id, &pid), "round {round}");
            assert_eq!(comer.missed(), [format!("42[\"{round}\"]")]);
            offset = crate::support::event(&comer.missed[0]).1;
            assert!(sockets.next().await.recovered());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_322_rooms_and_data_are_back_before_the_connect_handler_runs() {
    for via in BOTH {
        let (log, told) = (Log::default(), Log::default());
        let seen = log.clone();
        let namespace = Namespace::new().on_connect(async move |socket: Socket| {
            tells(socket.clone(), seen.clone()).await;
            let _ = socket.join(["a", "b"]).await;
            socket.data().set_field("score", &7).unwrap();
        });
        let said = told.clone();
        let namespace =
            namespace.on_disconnect(async move |reason: DisconnectReason| said.write(reason.to_string()));
        let server = recovering(namespace);
        let comer = Comer::new(&server, via).await;
        let (_, pid) = comer.vanish().await;
        assert_eq!(told.lines().len(), 1, "the disconnect handler has run: {:?}", told.lines());
        Comer::again(&server, via, &pid, None).await;
        log.expect(&[
            "recovered false, rooms [], score None",
            r#"recovered true, rooms ["a", "b"], score Some(7)"#,
        ])
        .await;
    }
}

/// Admits who has a token, and says whose session it is.
async fn admit(Json(auth): Json<Value>) -> Result<Extension<Subject>, Refusal> {
    match auth["token"].as_str() {
        Some(user) if auth.get("pid").is_none() => Ok(Extension(Subject(user.into()))),
        _ => Err(Refusal::new("who are you?")),
    }
}

#[tokio::test(start_paused = true)]
async fn edge_323_the_admission_is_asked_again_and_its_refusal_costs_nothing_but_this_try() {
    for via in BOTH {
        let (namespace, mut sockets) = hands_out();
        let server = recovering(namespace.admit(admit));
        let comer = Comer::with(&server, via, &json!({ "token": "ada" })).await;
        drop(sockets.next().await);
        let (id, pid) = comer.vanish().await;
        let mut refused = Peer::open(&server, via).await;
        refused.ask(&format!(r#"40{{"pid":"{pid}"}}"#), r#"44{"message":"who are you?"}"#).await;
        let back = Comer::with(&server, via, &json!({ "token": "ada", "pid": pid })).await;
        assert_eq!(back.id, id);
        assert!(sockets.next().await.recovered());
    }
}

#[tokio::test(start_paused = true)]
async fn edge_323_a_trusted_session_is_restored_without_the_admission_and_with_what_it_had_left() {
    for via in BOTH {
        let (namespace, mut sockets) = hands_out();
        let server = recovering_with(namespace.admit(admit), recovery().trust_session(), |builder| builder);
        let comer = Comer::with(&server, via, &json!({ "token": "ada" })).await;
        drop(sockets.next().await);
        let (mut id, mut pid) = comer.vanish().await;
        for _ in 0..2 {
            let back = Comer::again(&server, via, &pid, None).await;
            assert_eq!(back.id, id);
            let socket = sockets.next().await;
            assert_eq!(socket.admitted::<Subject>(), Some(&Subject("ada".into())));
            (id, pid) = back.vanish().await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_324_without_an_offset_everything_since_the_session_began_comes_again() {
    for via in BOTH {
        let (namespace, mut sockets) = hands_out();
        let server = recovering(namespace);
        server.io().emit("before it came", ()).await.unwrap();
        let mut comer = Comer::new(&server, via).await;
        drop(sockets.next().await);
        server.io().emit("one", ()).await.unwrap();
        drop(comer.event().await);
        let (id, pid) = comer.vanish().await;
        server.io().emit("two", ()).await.unwrap();
        let back = Comer::again(&server, via, &pid, None).await;
        assert_eq!((&back.id, back.missed()), (&id, vec![r#"42["one"]"#.into(), r#"42["two"]"#.into()]));
        // The offset of another run of the server is as good as none.
        let (_, pid) = back.vanish().await;
        let foreign = "ffffffff000000000001";
        let back = Comer::again(&server, via, &pid, Some(foreign)).await;
        assert_eq!((&back.id, back.missed().len()), (&id, 2));
    }
}

#[tokio::test(start_paused = true)]
async fn edge_324_what_makes_no_sense_is_a_new_session() {
    for via in BOTH {
        let server = recovering(Namespace::new());
        for (offset, wrong_pid) in [
            (json!(5), None),
            (json!("no offset"), None),
            (json!(null), Some(json!(7))),
            (json!({}), None),
            (json!("x"), Some(json!("AAAAAAAAAAAAAAAAAAAA"))),
        ] {
            let comer = Comer::new(&server, via).await;
            let (id, pid) = comer.vanish().await;
            let shown = wrong_pid.unwrap_or_else(|| json!(pid));
            let back = Comer::with(&server, via, &json!({ "pid": shown, "offset": offset })).await;
            assert!(back.id != id && back.pid != pid && back.missed.is_empty(), "{shown} {offset}");
        }
        // One that has never been given.
        let mut comer = Comer::new(&server, via).await;
        server.io().emit("x", ()).await.unwrap();
        let (_, offset) = comer.event().await;
        let (id, pid) = comer.vanish().await;
        let later = format!("{}{:012x}", &offset[..8], u64::from_str_radix(&offset[8..], 16).unwrap() + 1);
        assert_ne!(Comer::again(&server, via, &pid, Some(&later)).await.id, id);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_324_after_the_time_it_is_a_new_session() {
    for via in BOTH {
        for (seconds, recovered) in [(119, true), (121, false)] {
            let server = recovering(Namespace::new());
            let (id, pid) = Comer::new(&server, via).await.vanish().await;
            sleep(Duration::from_secs(seconds)).await;
            let back = Comer::again(&server, via, &pid, None).await;
            assert_eq!(back.id == id, recovered, "after {seconds} s on {via:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_324_who_saw_the_last_event_long_ago_has_missed_nothing() {
    for via in BOTH {
        let server = recovering(Namespace::new());
        let mut comer = Comer::new(&server, via).await;
        server.io().emit("x", ()).await.unwrap();
        let (_, offset) = comer.event().await;
        // Ten minutes with pings and nothing else; the event is no longer kept.
        for _ in 0..24 {
            while !matches!(comer.peer.raw().await, Got::Packet(packet) if packet == "2") {}
            comer.peer.send("3").await;
        }
        server.io().to("others").emit("not for it", ()).await.unwrap();
        let (id, pid) = comer.vanish().await;
        server.io().emit("y", ()).await.unwrap();
        let back = Comer::again(&server, via, &pid, Some(&offset)).await;
        assert_eq!((back.id.clone(), back.missed()), (id, vec![r#"42["y"]"#.to_owned()]));
    }
}

#[tokio::test(start_paused = true)]
async fn edge_325_where_it_is_off_a_secret_is_the_applications_own() {
    for via in BOTH {
        let log = Log::default();
        let seen = log.clone();
        let admit = async move |Json(auth): Json<Value>| seen.write(auth.to_string());
        let server = Server::new(Namespace::new().admit(admit));
        let mut peer = Peer::open(&server, via).await;
        peer.send(r#"40{"pid":"AAAAAAAAAAAAAAAAAAAA","offset":"x"}"#).await;
        assert!(!peer.packet().await.contains("pid"));
        log.expect(&[r#"{"offset":"x","pid":"AAAAAAAAAAAAAAAAAAAA"}"#]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_disconnect_handler_has_ended_before_the_session_goes_on() {
    for via in BOTH {
        let log = Log::default();
        let (came, left) = (log.clone(), log.clone());
        let namespace = Namespace::new()
            .on_connect(async move |socket: Socket| came.write(format!("came, {}", socket.recovered())))
            .on_disconnect(async move |_: Io| {
                sleep(Duration::from_secs(2)).await;
                left.write("left".to_owned());
            });
        let server = recovering(namespace);
        let (id, pid) = Comer::new(&server, via).await.vanish().await;
        settle().await;
        let back = Comer::again(&server, via, &pid, None).await;
        assert_eq!(back.id, id);
        log.expect(&["came, false", "left", "came, true"]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_322_hooks_of_rooms_run_where_recovery_is_on_and_again_after_a_return() {
    for via in BOTH {
        let log = Log::default();
        let (joined, left) = (log.clone(), log.clone());
        let namespace = Namespace::new()
            .on("join", async |socket: Socket, Data(room): Data<String>| socket.join(room).await.unwrap())
            .on_join(async move |room: Room| joined.write(format!("joined {room}")))
            .on_leave(async move |room: Room| left.write(format!("left {room}")));
        let server = recovering(namespace);
        let mut comer = Comer::new(&server, via).await;
        comer.peer.send(r#"42["join","a"]"#).await;
        settle().await;
        assert_eq!(log.lines(), ["joined a"]);
        let (id, pid) = comer.vanish().await;
        settle().await;
        assert_eq!(log.lines()[1..], ["left a"]);
        let mut back = Comer::again(&server, via, &pid, None).await;
        assert_eq!(back.id, id);
        back.peer.send(r#"42["join","b"]"#).await;
        settle().await;
        assert_eq!(log.lines()[2..], ["joined a", "joined b"]);
    }
}
