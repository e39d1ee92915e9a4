//! How sockets leave, what they are told, and who is told.

use std::time::Duration;

use sockeye::{CloseReason, Data, DisconnectReason, EmitError, Io, JoinError, Namespace, Socket, Sockeye};
use tokio::time::{Instant, sleep};

use crate::kit::{BOTH, Client, Gate, Got, Log, Via, serve, settle};

/// Writes down who comes and who goes, and why.
fn witness(log: &Log) -> Namespace {
    let (comes, goes) = (log.clone(), log.clone());
    Namespace::new()
        .on_connect(async move || comes.write("connect"))
        .on_disconnect(async move |reason: DisconnectReason| goes.write(reason.as_str()))
}

#[tokio::test(start_paused = true)]
async fn the_client_leaves_one_namespace() {
    for via in BOTH {
        let log = Log::default();
        let app = Sockeye::builder()
            .namespace("/", witness(&log))
            .namespace("/other", Namespace::new().on("ping", async || Data("pong")))
            .build()
            .router();
        let (mut client, first) = Client::join(&app, via).await;
        client.connect("40/other,").await;
        client.send("41").await;
        assert_eq!(log.wait(2).await, ["connect", "client namespace disconnect"]);
        client.send(r#"42/other,1["ping"]"#).await;
        assert_eq!(client.packet().await, r#"43/other,1["pong"]"#);
        assert_ne!(client.connect("40").await, first, "a new socket on the same session");
    }
}

#[tokio::test(start_paused = true)]
async fn the_server_disconnects_one_namespace() {
    for via in BOTH {
        let log = Log::default();
        let app = Sockeye::builder()
            .namespace(
                "/",
                witness(&log).on("go", async |socket: Socket| {
                    let _ = socket.emit("last", ()).await;
                    socket.disconnect().await;
                    assert!(!socket.connected());
                    assert!(matches!(socket.emit("too late", ()).await, Err(EmitError::Closed)));
                    socket.disconnect().await;
                }),
            )
            .namespace("/other", Namespace::new().on("ping", async || Data("pong")))
            .build()
            .router();
        let (mut client, _) = Client::join(&app, via).await;
        client.connect("40/other,").await;
        client.send(r#"42["go"]"#).await;
        assert_eq!(client.packet().await, r#"42["last"]"#);
        assert_eq!(client.packet().await, "41");
        assert_eq!(log.wait(2).await, ["connect", "server namespace disconnect"]);
        // What was under way is ignored, and the other namespace lives.
        client.send_all(&[r#"42["stray"]"#, r#"42/other,1["ping"]"#]).await;
        assert_eq!(client.packet().await, r#"43/other,1["pong"]"#);
        client.connect("40").await;
    }
}

#[tokio::test(start_paused = true)]
async fn close_ends_all_namespaces_and_the_session() {
    for via in BOTH {
        let log = Log::default();
        let close = async |socket: Socket| socket.close().await;
        let app = Sockeye::builder()
            .namespace("/", witness(&log).on("close", close))
            .namespace("/other", witness(&log))
            .build()
            .router();
        let (mut client, _) = Client::join(&app, via).await;
        client.connect("40/other,").await;
        client.send(r#"421["close"]"#).await;
        let mut got = Vec::new();
        while let Got::Packet(packet) = client.next().await {
            got.push(packet);
        }
        got.sort();
        assert!(got.contains(&"41".to_owned()) && got.contains(&"41/other,".to_owned()), "{got:?}");
        let lines = log.wait(4).await;
        assert_eq!(&lines[2..], ["server namespace disconnect"; 2]);
    }
}

#[tokio::test(start_paused = true)]
async fn the_transport_ends() {
    let log = Log::default();
    let app = serve(witness(&log));
    let (client, _) = Client::join(&app, Via::WebSocket).await;
    client.vanish().await;
    assert_eq!(log.wait(2).await, ["connect", "transport close"]);

    let log = Log::default();
    let app = serve(witness(&log));
    let (client, _) = Client::join(&app, Via::Polling).await;
    client.vanish().await;
    assert_eq!(log.wait(2).await, ["connect", "transport error"]);
}

#[tokio::test(start_paused = true)]
async fn nobody_answers_the_ping() {
    for via in BOTH {
        let log = Log::default();
        let app = serve(witness(&log));
        let (client, _) = Client::join(&app, via).await;
        let before = Instant::now();
        assert_eq!(log.wait(2).await, ["connect", "ping timeout"]);
        assert_eq!(before.elapsed().as_secs(), 45);
        drop(client);
    }
}

#[tokio::test(start_paused = true)]
async fn a_broken_protocol_closes_with_the_references_words() {
    let cases = [
        // Undecodable: the same on both (edge lines 190, 299).
        (r#"42{"not":"an array"}"#, "forced close", "forced close"),
        ("47", "forced close", "forced close"),
        // Decodable, and not allowed (edge lines 177, 182, 298).
        ("40", "forced close", "forced server close"),
        (r#"42/nowhere,["x"]"#, "forced close", "forced server close"),
        // No Engine.IO at all (edge line 300).
        ("x", "parse error", "parse error"),
    ];
    for (packet, on_websocket, on_polling) in cases {
        for (via, reason) in [(Via::WebSocket, on_websocket), (Via::Polling, on_polling)] {
            let log = Log::default();
            let app = serve(witness(&log));
            let (mut client, _) = Client::join(&app, via).await;
            client.send(packet).await;
            assert_eq!(log.wait(2).await, ["connect", reason], "{packet} on {via:?}");
            client.assert_closed().await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn who_never_joins_is_closed() {
    for via in BOTH {
        let app = serve(Namespace::new());
        let mut client = Client::open(&app, via).await;
        let before = Instant::now();
        client.assert_closed().await;
        assert_eq!(before.elapsed().as_secs(), 45);
    }
}

/// Events before the end still run, and the disconnect handler runs behind them, a hundred times over.
#[tokio::test(start_paused = true)]
async fn the_end_keeps_its_place_behind_earlier_events() {
    for via in BOTH {
        for _ in 0..100 {
            let log = Log::default();
            let written = log.clone();
            let app =
                serve(witness(&log).on("bye", async move |Data(text): Data<String>| written.write(text)));
            let (mut client, _) = Client::join(&app, via).await;
            client.send_all(&[r#"42["bye","User clicked logout"]"#, "41"]).await;
            assert_eq!(log.wait(3).await, ["connect", "User clicked logout", "client namespace disconnect"]);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn events_read_before_the_transport_died_still_start() {
    let log = Log::default();
    let (first, second) = (log.clone(), log.clone());
    let slow = async move |_: crate::order::Slow| first.write("slow");
    let app = serve(witness(&log).on("slow", slow).on("fast", async move |socket: Socket| {
        second.write(format!("fast, connected: {}", socket.connected()));
    }));
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    client.send_all(&[r#"42["slow"]"#, r#"42["fast"]"#]).await;
    settle().await;
    client.vanish().await;
    assert_eq!(log.wait(4).await, ["connect", "slow", "fast, connected: false", "transport close"]);
}

#[tokio::test(start_paused = true)]
async fn whom_the_server_throws_out_is_not_served_any_longer() {
    let log = Log::default();
    let gate = Gate::closed();
    let (written, first) = (log.clone(), gate.clone());
    let app = serve(
        witness(&log)
            .sequential()
            .on("go", async move |socket: Socket| {
                first.pass().await;
                socket.disconnect().await;
            })
            .on("more", async move || written.write("more")),
    );
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    client.send_all(&[r#"42["go"]"#, r#"42["more"]"#]).await;
    settle().await;
    gate.let_pass(1);
    assert_eq!(log.wait(2).await, ["connect", "server namespace disconnect"]);
    settle().await;
    assert_eq!(log.lines().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn rooms_are_left_first_and_remembered_for_the_disconnect_handler() {
    let io = Io::new();
    let log = Log::default();
    let (written, outside) = (log.clone(), io.clone());
    let namespace = Namespace::new()
        .on_connect(async |socket: Socket| socket.join(["a", "b"]).await.unwrap())
        .on_disconnect(async move |socket: Socket| {
            let rooms = socket.rooms();
            assert!(rooms.iter().any(|room| *room == socket.id().as_str()));
            written.write(format!("{:?}", &rooms[1..]));
            written.write(outside.of("/").sockets().await.unwrap().len().to_string());
            assert!(matches!(socket.join("c").await, Err(JoinError::Closed)));
            assert!(matches!(socket.emit("x", ()).await, Err(EmitError::Closed)));
            written.write(socket.disconnect_reason().unwrap().as_str());
        });
    let app = Sockeye::builder().handle(&io).namespace("/", namespace).build().router();
    let (client, _) = Client::join(&app, Via::WebSocket).await;
    assert_eq!(io.of("/").sockets().await.unwrap().len(), 1);
    client.vanish().await;
    assert_eq!(log.wait(3).await, [r#"["a", "b"]"#, "0", "transport close"]);
}

#[tokio::test(start_paused = true)]
async fn handlers_of_a_client_that_left_go_on_for_their_grace() {
    let log = Log::default();
    let (quick, stuck) = (log.clone(), log.clone());
    struct Dropped(Log);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.write("dropped");
        }
    }
    let app = Sockeye::builder()
        .handler_grace(Duration::from_secs(20))
        .namespace(
            "/",
            witness(&log)
                .on("quick", async move || {
                    sleep(Duration::from_secs(19)).await;
                    quick.write("quick");
                })
                .on("stuck", async move || {
                    let _dropped = Dropped(stuck);
                    std::future::pending::<()>().await;
                }),
        )
        .build()
        .router();
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    client.send_all(&[r#"42["quick"]"#, r#"42["stuck"]"#]).await;
    settle().await;
    client.vanish().await;
    let left = Instant::now();
    assert_eq!(
        log.wait(2).await,
        ["connect", "transport close"],
        "both had entered, so nobody waits for them"
    );
    assert_eq!(log.wait(4).await[2..], ["quick", "dropped"]);
    assert_eq!(left.elapsed().as_secs(), 20);
}

#[tokio::test(start_paused = true)]
async fn an_event_stuck_on_its_way_holds_the_disconnect_handler_up_for_the_grace_at_most() {
    struct Never;
    impl<S: Sync> axum::extract::FromRequestParts<S> for Never {
        type Rejection = std::convert::Infallible;

        async fn from_request_parts(_: &mut http::request::Parts, _: &S) -> Result<Self, Self::Rejection> {
            std::future::pending().await
        }
    }
    let log = Log::default();
    let written = log.clone();
    let app = serve(
        witness(&log).on("never", async |_: Never| {}).on("behind", async move || written.write("behind")),
    );
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    client.send_all(&[r#"42["never"]"#, r#"42["behind"]"#]).await;
    settle().await;
    client.vanish().await;
    let left = Instant::now();
    assert_eq!(log.wait(2).await, ["connect", "transport close"]);
    assert_eq!(left.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn a_connect_handler_under_way_is_followed_by_the_disconnect_handler() {
    let log = Log::default();
    let (comes, goes) = (log.clone(), log.clone());
    let app = serve(
        Namespace::new()
            .on_connect(async move || {
                sleep(Duration::from_secs(5)).await;
                comes.write("connected");
            })
            .on_disconnect(async move |reason: DisconnectReason| {
                assert_eq!(reason, DisconnectReason::Session(CloseReason::TransportClose));
                goes.write("left");
            }),
    );
    let (client, _) = Client::join(&app, Via::WebSocket).await;
    client.vanish().await;
    assert_eq!(log.wait(2).await, ["connected", "left"]);
}

#[tokio::test(start_paused = true)]
async fn a_disconnect_handler_that_never_ends_is_dropped_in_the_end() {
    let io = Io::new();
    let namespace = Namespace::new().on_disconnect(async || std::future::pending::<()>().await);
    let app = Sockeye::builder().handle(&io).namespace("/", namespace).build().router();
    let (client, _) = Client::join(&app, Via::WebSocket).await;
    client.vanish().await;
    settle().await;
    let before = Instant::now();
    // A shutdown waits for the tasks of sessions.
    io.shutdown().grace(Duration::from_secs(300)).await;
    assert_eq!(before.elapsed().as_secs(), 29);
}

/// On a clock that moves: two packets of one burst are decoded a moment apart.
#[tokio::test]
async fn a_late_packet_behind_a_goodbye_does_not_end_the_other_namespaces() {
    for via in BOTH {
        let app = Sockeye::builder()
            .namespace("/", Namespace::new())
            .namespace("/other", Namespace::new().on("ping", async || Data("pong")))
            .build()
            .router();
        let (mut client, _) = Client::join(&app, via).await;
        client.connect("40/other,").await;
        client.send_all(&["41", r#"42["late"]"#, r#"42/other,1["ping"]"#]).await;
        assert_eq!(client.packet().await, r#"43/other,1["pong"]"#);
    }
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_is_due_when_the_client_runs_out_of_time_still_ends() {
    let log = Log::default();
    let written = log.clone();
    let namespace = Namespace::new().on("slow", async move || {
        sleep(Duration::from_secs(5)).await;
        written.write("done");
    });
    let app = Sockeye::builder()
        .attachment_timeout(Duration::from_secs(5))
        .namespace("/", namespace)
        .build()
        .router();
    let (mut client, _) = Client::join(&app, Via::Polling).await;
    client.send_all(&[r#"42["slow"]"#, r#"451-["x",{"_placeholder":true,"num":0}]"#]).await;
    // Nobody polls, so the session is closing for a while yet.
    sleep(Duration::from_secs(6)).await;
    assert_eq!(log.lines(), ["done"]);
}
