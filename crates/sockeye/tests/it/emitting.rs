//! What the server says, and what becomes of it when a client does not listen.

use std::time::Duration;

use axum::extract::{FromRef, State};
use bytes::Bytes;
use serde_json::json;
use sockeye::{Data, DisconnectReason, EmitError, Encoded, Io, Namespace, Socket, Sockeye, debug_handler};
use tokio::{sync::mpsc, time::Instant};

use crate::kit::{BOTH, Client, Got, Log, Via, eventually, settle};

/// A client, and the server's side of it. The outbox is small.
async fn pair(via: Via) -> (Client, Socket, Log, Io) {
    let (tell, mut told) = mpsc::unbounded_channel();
    let log = Log::default();
    let goes = log.clone();
    let namespace = Namespace::new()
        .on_connect(async move |socket: Socket| drop(tell.send(socket)))
        .on_disconnect(async move |reason: DisconnectReason| goes.write(reason.as_str()));
    let sockeye = Sockeye::builder()
        .outbox_soft(100_000)
        .outbox_hard(300_000)
        .send_timeout(Duration::from_secs(5))
        .namespace("/", namespace)
        .build();
    let (client, _) = Client::join(&sockeye.router(), via).await;
    (client, told.recv().await.unwrap(), log, sockeye.io().clone())
}

/// Fills what lies between the server and a client that does not read, and the outbox up to its soft bound.
async fn fill(socket: &Socket) {
    let text = "x".repeat(10_000);
    while socket.try_emit("filler", &text).is_ok() {
        settle().await;
    }
}

#[tokio::test(start_paused = true)]
#[expect(clippy::needless_borrows_for_generic_args, reason = "the borrow is what makes a tuple one argument")]
async fn events_have_as_many_arguments_as_their_type_says() {
    for via in BOTH {
        let (mut client, socket, _, _) = pair(via).await;
        socket.emit("none", ()).await.unwrap();
        socket.emit("one", &(1, 2)).await.unwrap();
        socket
            .emit("several", ("Hey!", &json!({"ms": "jane"}), Bytes::from_static(&[4, 3, 3, 1])))
            .await
            .unwrap();
        socket.send(("hello world", 2)).await.unwrap();
        socket.emit_encoded(&Encoded::new("encoded", 1).unwrap()).await.unwrap();
        assert_eq!(client.packet().await, r#"42["none"]"#);
        assert_eq!(client.packet().await, r#"42["one",[1,2]]"#);
        let placeholder = r#"{"_placeholder":true,"num":0}"#;
        assert_eq!(client.packet().await, format!(r#"451-["several","Hey!",{{"ms":"jane"}},{placeholder}]"#));
        assert_eq!(client.next().await, Got::Attachment(vec![4, 3, 3, 1]));
        assert_eq!(client.packet().await, r#"42["message","hello world",2]"#);
        assert_eq!(client.packet().await, r#"42["encoded",1]"#);
    }
}

#[tokio::test(start_paused = true)]
async fn emit_waits_and_try_emit_refuses_while_too_much_waits() {
    for via in BOTH {
        let (mut client, socket, _, _) = pair(via).await;
        fill(&socket).await;
        assert!(matches!(socket.try_emit("refused", ()), Err(EmitError::Full)));
        let before = Instant::now();
        assert!(matches!(socket.emit("late", ()).await, Err(EmitError::Timeout)));
        assert_eq!(before.elapsed().as_secs(), 5, "send_timeout");

        let waits = tokio::spawn({
            let socket = socket.clone();
            async move { socket.emit("waited", ()).await }
        });
        settle().await;
        assert!(!waits.is_finished());
        // Nothing of what was queued is lost, the emit that timed out included; what was refused never comes.
        let mut last = Vec::new();
        while last.last().is_none_or(|packet| packet != r#"42["waited"]"#) {
            last.push(client.packet().await);
        }
        waits.await.unwrap().unwrap();
        assert_eq!(last[last.len() - 2], r#"42["late"]"#);
        assert!(last[..last.len() - 2].iter().all(|packet| packet.starts_with(r#"42["filler""#)));
        socket.try_emit("room again", ()).unwrap();
        assert_eq!(client.packet().await, r#"42["room again"]"#);
    }
}

#[tokio::test(start_paused = true)]
async fn a_consumer_that_is_too_slow_is_closed_and_the_application_told() {
    for via in BOTH {
        let (mut client, socket, log, io) = pair(via).await;
        let text = "x".repeat(10_000);
        let emits_until_closed = async {
            for n in 0.. {
                // Nobody waits for the outbox to empty.
                if let Err(error) =
                    tokio::time::timeout(Duration::ZERO, socket.emit("filler", &text)).await.unwrap_or(Ok(()))
                {
                    assert!(matches!(error, EmitError::Closed), "{error:?}");
                    return n;
                }
                settle().await;
            }
            unreachable!()
        };
        let emits = emits_until_closed.await;
        assert!((25..60).contains(&emits), "{emits}");
        assert_eq!(log.wait(1).await, ["slow consumer"]);
        assert!(io.of("/").sockets().await.unwrap().is_empty());
        while client.next().await != Got::Closed {}
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_member_of_a_broadcast_holds_nobody_up() {
    let io = Io::new();
    let log = Log::default();
    let goes = log.clone();
    let namespace =
        Namespace::new().on_disconnect(async move |reason: DisconnectReason| goes.write(reason.as_str()));
    let app = Sockeye::builder()
        .handle(&io)
        .outbox_soft(100_000)
        .outbox_hard(300_000)
        .namespace("/", namespace)
        .build()
        .router();
    let (_slow, _) = Client::join(&app, Via::WebSocket).await;
    let (mut quick, _) = Client::join(&app, Via::WebSocket).await;
    let text = "x".repeat(10_000);
    for n in 0..100 {
        io.emit("news", (n, &text)).await.unwrap();
        let expected = format!(r#"42["news",{n},"#);
        assert!(quick.packet().await.starts_with(&expected));
    }
    assert_eq!(log.lines(), ["slow consumer"]);
    assert_eq!(io.of("/").sockets().await.unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn volatile_events_are_dropped_when_they_would_have_to_wait() {
    for via in BOTH {
        let (mut client, socket, _, _) = pair(via).await;
        fill(&socket).await;
        for n in 0..10 {
            socket.volatile().emit("cursor", n).await.unwrap();
        }
        socket.emit("end", ()).await.unwrap_err();
        loop {
            let packet = client.packet().await;
            assert!(!packet.contains("cursor"), "{packet}");
            if packet == r#"42["end"]"# {
                break;
            }
        }
        // A client that listens gets it.
        assert!(eventually(|| socket.outbox().is_empty()).await);
        let next = tokio::spawn(async move { client.packet().await });
        settle().await;
        socket.volatile().emit("cursor", 11).await.unwrap();
        assert_eq!(next.await.unwrap(), r#"42["cursor",11]"#);
    }
}

#[derive(Clone, FromRef)]
struct App {
    io: Io,
    name: &'static str,
}

#[debug_handler(state = App)]
async fn announce(State(io): State<Io>, State(name): State<&'static str>) -> Data<bool> {
    Data(io.emit("announced", name).await.is_ok())
}

#[tokio::test(start_paused = true)]
async fn the_handle_lives_in_the_applications_state() {
    let app = App { io: Io::new(), name: "sockeye" };
    // One namespace waits for the state, one has its own already.
    let own = Namespace::new().on("own", async |State(n): State<u8>| Data(n)).with_state(7);
    let router = Sockeye::builder()
        .handle(&app.io)
        .namespace("/", Namespace::new().on("announce", announce))
        .namespace("/own", own)
        .build_with_state(app)
        .router();
    let (mut client, _) = Client::join(&router, Via::WebSocket).await;
    client.connect("40/own,").await;
    client.send(r#"421["announce"]"#).await;
    assert_eq!(client.packet().await, r#"42["announced","sockeye"]"#);
    assert_eq!(client.packet().await, "431[true]");
    client.send(r#"42/own,1["own"]"#).await;
    assert_eq!(client.packet().await, "43/own,1[7]");
}

#[tokio::test(start_paused = true)]
async fn emits_come_behind_the_connect_reply_and_in_order() {
    for via in BOTH {
        let (mut client, socket, _, io) = pair(via).await;
        for n in 0..50 {
            socket.try_emit("direct", n).unwrap();
            io.emit("broadcast", n).await.unwrap();
        }
        for n in 0..50 {
            assert_eq!(client.packet().await, format!(r#"42["direct",{n}]"#));
            assert_eq!(client.packet().await, format!(r#"42["broadcast",{n}]"#));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_asks_faster_than_it_reads_gets_every_answer() {
    for via in BOTH {
        // The answers are several times what would cut a slow consumer, by their bytes and then by their number.
        for (events, size) in [(2_000, 1_000), (20_000, 1)] {
            let text = "x".repeat(size);
            let namespace = Namespace::new().on("ask", async move || Data(text.clone()));
            // So much is asked at once that the questions alone would stop the reading.
            let builder = Sockeye::builder().inbound_budget(10_000_000).namespace("/", namespace);
            let sockeye = builder.build();
            let (mut client, _) = Client::join(&sockeye.router(), via).await;
            for burst in (0..events).step_by(1_000) {
                let asked: Vec<_> = (burst..burst + 1_000).map(|n| format!("42{n}[\"ask\"]")).collect();
                client.send_all(&asked.iter().map(String::as_str).collect::<Vec<_>>()).await;
            }
            settle().await;
            assert_eq!(sockeye.sessions(), 1, "it is not cut");
            for n in 0..events {
                assert!(client.packet().await.starts_with(&format!("43{n}[\"x")), "{n}");
            }
        }
    }
}
