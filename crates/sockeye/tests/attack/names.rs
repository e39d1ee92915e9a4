//! Rows 22, 23 and 28: names of events, rooms and namespaces that mean something elsewhere, or are without end.

use sockeye::{Data, EventName, JoinError, Joining, Namespace, Raw, Room, Socket, Sockeye};

use crate::support::{
    BOTH, Breach, Log, Pair, Peer, Request, Server, Via, assert_breach, pair, server_with, settle, witness,
};

const RESERVED: [&str; 6] =
    ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];

#[tokio::test(start_paused = true)]
async fn attack_22_reserved_names_are_refused_from_clients() {
    for via in BOTH {
        for name in RESERVED {
            // Spelled with escapes it is the same name.
            let escaped: String = name.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
            let half = format!("\\u{:04x}{}", u32::from(name.chars().next().unwrap()), &name[1..]);
            for spelled in [name, &*escaped, &*half] {
                for packet in [
                    format!(r#"42["{spelled}"]"#),
                    format!(r#"421["{spelled}",{{"a":1}}]"#),
                    format!(r#"42 ["{spelled}"]"#),
                    format!(r#"451-["{spelled}",{{"_placeholder":true,"num":0}}]"#),
                ] {
                    assert_breach(via, &[&packet], Breach::Undecodable).await;
                }
            }
        }
    }
}

/// What only looks like one is the application's.
#[tokio::test(start_paused = true)]
async fn attack_22_other_names_are_ordinary() {
    let names = [
        "Connect",
        "CONNECT",
        "connect ",
        " connect",
        "connected",
        "reconnect",
        "connection",
        "error",
        "message",
        "ping",
        "pong",
        "newlistener",
        "toString",
        "",
    ];
    for via in BOTH {
        let log = Log::default();
        let server = Server::new(witness(&log));
        let mut peer = Peer::join(&server, via).await;
        for name in names {
            peer.send(&format!(r#"42["{name}"]"#)).await;
        }
        peer.assert_alive().await;
        let expected = names.map(|name| format!("{name}[]"));
        assert_eq!(log.lines()[1..=names.len()], expected);
    }
}

/// Names that other languages trip over.
const STRANGE: [&str; 12] = [
    "__proto__",
    "constructor",
    "prototype",
    "hasOwnProperty",
    "toString",
    "valueOf",
    "__defineGetter__",
    "isPrototypeOf",
    "length",
    "undefined",
    "null",
    "NaN",
];

#[tokio::test(start_paused = true)]
async fn attack_23_prototype_names_are_plain_names() {
    let echo = async |socket: Socket, EventName(name): EventName, Raw(arguments): Raw| {
        // A room of that name is there when somebody has joined it, and not before.
        assert!(!socket.rooms().iter().any(|room| *room == *name));
        assert!(socket.local().to(&*name).sockets().await.unwrap().is_empty());
        socket.join(&*name).await.unwrap();
        assert_eq!(socket.rooms(), [Room::from(socket.id()), Room::from(&*name)]);
        socket.leave(&*name).await.unwrap();
        Data(arguments.as_json().to_owned())
    };
    for via in BOTH {
        let server = Server::built(
            Sockeye::builder()
                .namespace("/", Namespace::new().fallback(echo))
                .namespace("/__proto__", Namespace::new().fallback(async || Data("there"))),
        );
        let mut peer = Peer::join(&server, via).await;
        for name in STRANGE {
            let arguments = format!(r#"[{{"{name}":{{"admin":true}}}}]"#);
            let quoted = serde_json::to_string(&arguments).unwrap();
            let inner = &arguments[1..arguments.len() - 1];
            peer.ask(&format!(r#"421["{name}",{inner}]"#), &format!("431[{quoted}]")).await;
            if name != "__proto__" {
                let refused = format!(r#"44/{name},{{"message":"Invalid namespace"}}"#);
                peer.ask(&format!("40/{name},"), &refused).await;
            }
            server.send(Request::poll(name)).await.assert_unknown();
            let query = format!("EIO=4&transport={name}");
            server.send(Request::query("GET", &query)).await.assert_refused(0, "Transport unknown");
        }
        // Only what was built is there.
        peer.send("40/__proto__,").await;
        assert!(peer.packet().await.starts_with(r#"40/__proto__,{"sid":"#));
        peer.ask(r#"42/__proto__,2["a"]"#, r#"43/__proto__,2["there"]"#).await;
        for auth in [r#"{"__proto__":{"admin":true}}"#, r#"{"constructor":{"prototype":{"admin":true}}}"#] {
            Peer::open(&server, via).await.connect(&format!("40{auth}")).await;
        }
    }
}

/// Joins whatever its client names, as many applications do.
fn joins() -> Namespace {
    Namespace::new()
        .on("join", async |socket: Socket, Data(room): Data<String>| socket.join(room).await)
        .on("leave", async |socket: Socket, Data(room): Data<String>| socket.leave(room).await)
        .on("rooms", async |socket: Socket| Data(socket.rooms().len()))
}

#[tokio::test(start_paused = true)]
async fn attack_28_a_socket_joins_so_many_rooms_and_no_more() {
    for via in BOTH {
        for most in [3, 1_024] {
            let server = match most {
                1_024 => Server::new(joins()),
                most => server_with(joins(), |builder| builder.max_rooms(most)),
            };
            let mut peer = Peer::join(&server, via).await;
            let rooms: Vec<String> = (0..most).map(|room| format!(r#"42["join","{room}"]"#)).collect();
            peer.send_all(&rooms.iter().map(String::as_str).collect::<Vec<_>>()).await;
            // All of them and its own.
            peer.ask(r#"421["rooms"]"#, &format!("431[{}]", most + 1)).await;
            // One that it is in already is none more.
            peer.ask(r#"422["join","0"]"#, "432[]").await;
            let full =
                r#"433[{"error":{"code":"too_many_rooms","message":"the socket is in too many rooms"}}]"#;
            for _ in 0..10 {
                peer.ask(r#"423["join","one more"]"#, full).await;
            }
            peer.ask(r#"421["rooms"]"#, &format!("431[{}]", most + 1)).await;
            peer.ask(r#"424["leave","1"]"#, "434[]").await;
            peer.ask(r#"425["join","one more"]"#, "435[]").await;
            peer.ask(r#"423["join","1"]"#, full).await;
        }
    }
}

/// A million attempts leave as many rooms behind as one too many does.
#[tokio::test(start_paused = true)]
async fn attack_28_a_flood_of_joins_leaves_nothing_behind() {
    let Pair { socket, server, .. } = pair(Via::WebSocket).await;
    let (mut joined, mut refused) = (0, 0);
    for room in 0..100_000 {
        match socket.join(format!("room {room}")).await {
            Ok(()) => joined += 1,
            Err(error) => {
                assert_eq!(error, JoinError::TooManyRooms);
                refused += 1;
            }
        }
    }
    assert_eq!((joined, refused, socket.rooms().len()), (1_024, 98_976, 1_025));
    assert_eq!(server.io().to("room 1024").sockets().await.unwrap().len(), 0);
    // The room of its own id is none of them.
    assert_eq!(socket.join(socket.id()).await, Ok(()));
    socket.disconnect().await;
    settle().await;
    assert_eq!(server.io().to("room 0").sockets().await.unwrap().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn attack_28_several_rooms_are_joined_together_or_not_at_all() {
    let Pair { socket, .. } = pair(Via::WebSocket).await;
    let rooms = |count: usize| (0..count).map(|room| room.to_string());
    assert_eq!(socket.join(rooms(1_025)).await, Err(JoinError::TooManyRooms));
    assert_eq!(socket.rooms().len(), 1);
    assert_eq!(socket.join(rooms(1_024)).await, Ok(()));
    // What comes twice, or was there before, or is its own, is not counted again.
    assert_eq!(socket.join(rooms(1_024).chain(rooms(1_024))).await, Ok(()));
    assert_eq!(socket.join([socket.id()]).await, Ok(()));
    assert_eq!(socket.leave("7").await, Ok(()));
    assert_eq!(socket.join(["a", "b"]).await, Err(JoinError::TooManyRooms));
    assert_eq!(socket.join(["a", "a", "0"]).await, Ok(()));
    assert_eq!(socket.rooms().len(), 1_025);
}

#[tokio::test(start_paused = true)]
async fn attack_28_names_of_rooms_are_so_long_and_no_longer() {
    for via in BOTH {
        for most in [5, 512] {
            let server = match most {
                512 => Server::new(joins()),
                most => server_with(joins(), |builder| builder.max_room_len(most)),
            };
            let mut peer = Peer::join(&server, via).await;
            let name = "x".repeat(most);
            peer.ask(&format!(r#"421["join","{name}"]"#), "431[]").await;
            let long =
                r#"432[{"error":{"code":"name_too_long","message":"the name of the room is too long"}}]"#;
            peer.ask(&format!(r#"422["join","{name}x"]"#), long).await;
            // Bytes count, not characters.
            peer.ask(&format!(r#"422["join","{}é"]"#, &name[1..]), long).await;
            peer.ask(&format!(r#"422["join","{}"]"#, "x".repeat(900_000)), long).await;
            peer.ask(r#"423["rooms"]"#, "433[2]").await;
        }
    }
}

/// Who is not admitted yet is bounded too.
#[tokio::test(start_paused = true)]
async fn attack_28_rooms_are_bounded_during_the_admission() {
    let admit = async |Joining(socket): Joining| {
        let rooms = |count: usize| (0..count).map(|room| room.to_string());
        assert_eq!(socket.join(rooms(4)).await, Err(JoinError::TooManyRooms));
        assert_eq!(socket.rooms().len(), 0);
        assert_eq!(socket.join(rooms(3)).await, Ok(()));
        assert_eq!(socket.join(socket.id()).await, Ok(()));
        assert_eq!(socket.join("one more").await, Err(JoinError::TooManyRooms));
        assert_eq!(socket.join("a long name").await, Err(JoinError::NameTooLong));
    };
    for via in BOTH {
        let server = server_with(joins().admit(admit), |builder| builder.max_rooms(3).max_room_len(10));
        let mut peer = Peer::join(&server, via).await;
        peer.ask(r#"421["rooms"]"#, "431[4]").await;
        let full = r#"432[{"error":{"code":"too_many_rooms","message":"the socket is in too many rooms"}}]"#;
        peer.ask(r#"422["join","one more"]"#, full).await;
    }
}
