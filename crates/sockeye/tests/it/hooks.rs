//! What a namespace's handlers are told beside events.

use std::time::Duration;

use sockeye::{
    Data, EventName, JoinError, Joining, Namespace, Room, Socket, SocketConfig, Sockeye, extract::Handshake,
};

use crate::kit::{BOTH, Client, Gate, Log, Via, serve, settle};

/// Writes down whatever happens.
fn told(log: &Log) -> Namespace {
    let [connects, parts] = [log.clone(), log.clone()];
    let [created, joined, left, deleted] = [log.clone(), log.clone(), log.clone(), log.clone()];
    Namespace::new()
        .on_connect(async move |socket: Socket| {
            socket.join("lobby").await.unwrap();
            connects.write("connect");
        })
        .on_disconnect(async move || parts.write("disconnect"))
        .on_room_created(async move |room: Room, EventName(name): EventName| {
            created.write(format!("{name} {room}"));
        })
        .on_join(async move |room: Room, EventName(name): EventName| joined.write(format!("{name} {room}")))
        .on_leave(async move |room: Room, EventName(name): EventName| left.write(format!("{name} {room}")))
        .on_room_deleted(async move |room: Room, EventName(name): EventName| {
            deleted.write(format!("{name} {room}"));
        })
        .on("join", async |socket: Socket, Data(rooms): Data<Vec<String>>| {
            Data(socket.join(rooms).await.is_ok())
        })
        .on("leave", async |socket: Socket, Data(room): Data<String>| Data(socket.leave(room).await.is_ok()))
}

#[tokio::test(start_paused = true)]
async fn rooms_are_told_in_order_between_connect_and_disconnect() {
    for via in BOTH {
        let log = Log::default();
        let app = serve(told(&log));
        let (mut ada, id) = Client::join(&app, via).await;
        let first = ["connect", "create-room lobby", "join-room lobby"];
        assert_eq!(log.wait(3).await, first, "and nothing of her own id");
        ada.send(&format!(r#"42["join",["a","lobby","a","{id}"]]"#)).await;
        ada.send(r#"42["leave","a"]"#).await;
        ada.send(r#"42["leave","a"]"#).await;
        let next = ["create-room a", "join-room a", "leave-room a", "delete-room a"];
        assert_eq!(log.wait(7).await[3..], next);
        let (bob, _) = Client::join(&app, via).await;
        assert_eq!(log.wait(9).await[7..], ["connect", "join-room lobby"]);
        ada.send("41").await;
        assert_eq!(log.wait(11).await[9..], ["leave-room lobby", "disconnect"]);
        bob.vanish().await;
        assert_eq!(log.wait(14).await[11..], ["leave-room lobby", "delete-room lobby", "disconnect"]);
    }
}

#[tokio::test(start_paused = true)]
async fn rooms_chosen_by_the_admission_are_told_after_connect_and_those_of_who_is_refused_never() {
    for via in BOTH {
        let log = Log::default();
        let (joins, connects) = (log.clone(), log.clone());
        let namespace = Namespace::new()
            .admit(async |Joining(socket): Joining, axum::Json(auth): axum::Json<serde_json::Value>| {
                socket.join("chosen").await.unwrap();
                if auth["in"] == true { Ok(()) } else { Err(http::StatusCode::FORBIDDEN) }
            })
            .on_connect(async move || connects.write("connect"))
            .on_join(async move |room: Room| joins.write(room.as_str()));
        let app = serve(namespace);
        let mut refused = Client::open(&app, via).await;
        refused.send("40").await;
        assert!(refused.packet().await.starts_with("44"));
        let mut client = Client::open(&app, via).await;
        client.connect(r#"40{"in":true}"#).await;
        assert_eq!(log.wait(2).await, ["connect", "chosen"]);
        settle().await;
        assert_eq!(log.lines().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn hooks_run_one_at_a_time_and_hold_neither_the_join_nor_events_up() {
    for via in BOTH {
        let (log, gate) = (Log::default(), Gate::closed());
        let (joins, door) = (log.clone(), gate.clone());
        let namespace = Namespace::new()
            .on_join(async move |room: Room| {
                joins.write(format!("{room} begins"));
                door.pass().await;
                joins.write(format!("{room} ends"));
            })
            .on("join", async |socket: Socket, Data(room): Data<String>| {
                socket.join(&room).await.unwrap();
                Data(socket.rooms().len())
            });
        let app = serve(namespace);
        let (mut client, _) = Client::join(&app, via).await;
        for (number, room) in ["a", "b"].iter().enumerate() {
            client.send(&format!(r#"42{number}["join","{room}"]"#)).await;
            assert_eq!(client.packet().await, format!("43{number}[{}]", number + 2));
        }
        assert_eq!(log.lines(), ["a begins"]);
        gate.let_pass(1);
        assert_eq!(log.wait(3).await, ["a begins", "a ends", "b begins"]);
        // Whoever leaves waits for them no longer than for other handlers.
        client.send("41").await;
        tokio::time::sleep(Duration::from_secs(31)).await;
        gate.let_pass(5);
        settle().await;
        assert_eq!(log.lines().len(), 3, "cut");
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_a_hook_costs_this_hook_alone() {
    let log = Log::default();
    let joins = log.clone();
    let namespace = Namespace::new()
        .on_join(async move |room: Room| {
            assert!(room.as_str() != "bad", "in a hook");
            joins.write(room.as_str());
        })
        .on("join", async |socket: Socket, Data(room): Data<String>| {
            socket.join(room).await.unwrap();
        });
    let app = serve(namespace);
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    for room in ["a", "bad", "b"] {
        client.send(&format!(r#"421["join","{room}"]"#)).await;
        assert_eq!(client.packet().await, "431[]");
    }
    assert_eq!(log.wait(2).await, ["a", "b"]);
}

#[tokio::test(start_paused = true)]
async fn no_more_hooks_wait_than_the_bound_and_leaving_is_always_possible() {
    let (gate, log) = (Gate::closed(), Log::default());
    let (door, joins) = (gate.clone(), log.clone());
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let namespace = Namespace::new().on_connect(async move |socket: Socket| drop(tell.send(socket))).on_join(
        async move |room: Room| {
            door.pass().await;
            joins.write(room.as_str());
        },
    );
    let sockeye = Sockeye::builder().max_room_hooks(3).namespace("/", namespace).build();
    let (_client, _) = Client::join(&sockeye.router(), Via::WebSocket).await;
    let socket = told.recv().await.unwrap();
    socket.join("runs").await.unwrap();
    settle().await;
    assert_eq!(socket.join(["a", "b", "c", "d"]).await, Err(JoinError::Full));
    assert_eq!(socket.rooms().len(), 2, "none of them");
    socket.join(["a", "b", "c"]).await.unwrap();
    assert_eq!(socket.join("d").await, Err(JoinError::Full));
    socket.leave(["a", "b"]).await.unwrap();
    gate.let_pass(1);
    log.wait(1).await;
    settle().await;
    socket.join("d").await.unwrap();
    gate.let_pass(9);
    assert_eq!(log.wait(5).await, ["runs", "a", "b", "c", "d"]);
    assert_eq!(SocketConfig::default().max_room_hooks, 4096);
}

#[tokio::test(start_paused = true)]
async fn events_wait_for_hooks_that_do_not_keep_up() {
    let (gate, log) = (Gate::closed(), Log::default());
    let (door, events) = (gate.clone(), log.clone());
    let namespace = Namespace::new().on_join(async move || door.pass().await).on(
        "join",
        async move |socket: Socket, Data(room): Data<String>| {
            socket.join(room).await.unwrap();
            events.write("joined");
        },
    );
    let app = Sockeye::builder().namespace("/", namespace).build().router();
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    let packets: Vec<String> = (0..200).map(|room| format!(r#"42["join","{room}"]"#)).collect();
    client.send_all(&packets.iter().map(String::as_str).collect::<Vec<_>>()).await;
    settle().await;
    assert_eq!(log.lines().len(), 65);
    gate.let_pass(1000);
    assert_eq!(log.wait(200).await.len(), 200);
}

/// The extractors of a hook are those of any handler.
#[tokio::test(start_paused = true)]
async fn a_hook_is_a_handler() {
    let log = Log::default();
    let joins = log.clone();
    let namespace = Namespace::new()
        .on_connect(async |socket: Socket| socket.join("tea").await.unwrap())
        .on_join(async move |socket: Socket, Handshake(method): Handshake<http::Method>, room: Room| {
            joins.write(format!("{method} {room} {}", socket.rooms().len()));
        });
    let app = serve(namespace);
    let (_client, _) = Client::join(&app, Via::Polling).await;
    assert_eq!(log.wait(1).await, ["GET tea 2"]);
}
