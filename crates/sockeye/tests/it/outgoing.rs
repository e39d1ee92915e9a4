//! Who is told of what is emitted, and of what comes in.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use sockeye::{Arguments, Data, Encoded, Io, Namespace, Observer, Socket, Sockeye, observer::Sent};
use tokio::time::sleep;

use crate::kit::{BOTH, Client, Log, Via, serve};

fn line(what: &str, event: Sent<'_>) -> String {
    let bytes: Vec<_> = event.attachments().flatten().collect();
    format!("{what} {} {} {bytes:?}", event.name(), event.json())
}

#[tokio::test(start_paused = true)]
async fn direct_emits_and_broadcasts_are_seen_of_one_socket_and_of_all() {
    for via in BOTH {
        let (all, own) = (Log::default(), Log::default());
        let (of_all, of_one) = (all.clone(), own.clone());
        let namespace = Namespace::new()
            .outgoing(move |_, event| of_all.write(event.name()))
            .on("watch", async move |socket: Socket| {
                let (second, first) = (of_one.clone(), of_one.clone());
                socket.on_any_outgoing(move |socket, event| {
                    assert!(socket.connected());
                    second.write(line("2", event));
                });
                socket.prepend_any_outgoing(move |_, event| first.write(line("1", event)));
            })
            .on("emit", async |socket: Socket| {
                socket.emit("direct", (1, "2")).await.unwrap();
                socket.try_emit("tried", ()).unwrap();
                socket.emit_encoded(&Encoded::new("encoded", true).unwrap()).await.unwrap();
                drop(socket.emit_with_ack::<u8>("asked", Bytes::from_static(b"\x01\x02")));
                socket.namespace().to(socket.id()).emit("broadcast", &[1]).await.unwrap();
                socket.broadcast().emit("others", ()).await.unwrap();
                drop(socket.namespace().to(socket.id()).emit_with_ack::<u8>("all asked", ()).await.unwrap());
                socket.emit("disconnect", ()).await.unwrap_err();
            });
        let app = serve(namespace);
        let (mut client, _) = Client::join(&app, via).await;
        client.send(r#"421["watch"]"#).await;
        client.packet().await;
        client.send(r#"421["emit"]"#).await;
        let expected = [
            r#"direct ["direct",1,"2"] []"#,
            r#"tried ["tried"] []"#,
            r#"encoded ["encoded",true] []"#,
            r#"asked ["asked",{"_placeholder":true,"num":0}] [1, 2]"#,
            r#"broadcast ["broadcast",[1]] []"#,
            r#"all asked ["all asked"] []"#,
        ];
        let expected: Vec<_> =
            expected.iter().flat_map(|line| [format!("1 {line}"), format!("2 {line}")]).collect();
        assert_eq!(own.wait(12).await, expected);
        let names = ["direct", "tried", "encoded", "asked", "broadcast", "all asked"];
        assert_eq!(all.lines(), names, "acks and CONNECT are no events");
        let (_other, _) = Client::join(&app, Via::WebSocket).await;
        client.send(r#"421["emit"]"#).await;
        let seen = all.wait(13).await;
        assert_eq!(seen[11], "others", "it is told for the one who got it");
        assert_eq!(own.lines().len(), 24);
    }
}

#[tokio::test(start_paused = true)]
async fn volatile_events_are_seen_though_they_are_dropped() {
    let log = Log::default();
    let seen = log.clone();
    let app = serve(Namespace::new().outgoing(move |_, event| seen.write(event.json())).on(
        "emit",
        async |socket: Socket| {
            for n in 0..3 {
                socket.volatile().emit("cursor", n).await.unwrap();
                socket.namespace().volatile().emit("all", n).await.unwrap();
            }
        },
    ));
    // A client that does not poll takes nothing.
    let (mut client, _) = Client::join(&app, Via::Polling).await;
    client.send(r#"42["emit"]"#).await;
    assert_eq!(log.wait(6).await[5], r#"["all",2]"#);
}

#[tokio::test(start_paused = true)]
async fn a_tap_is_removed_may_emit_and_may_panic() {
    let log = Log::default();
    let seen = log.clone();
    let kept = Arc::new(());
    let owned = kept.clone();
    let app = serve(Namespace::new().on("go", async move |socket: Socket| {
        let tapped = seen.clone();
        let by_id = socket.on_any_outgoing(move |socket, event| {
            tapped.write(event.name());
            // Told to nobody, or there would be no end.
            drop(socket.emit("echo", ()));
        });
        let owned = owned.clone();
        socket.on_any_outgoing(move |_, _| {
            let _owned = &owned;
            panic!("in a tap");
        });
        socket.emit("one", ()).await.unwrap();
        assert_eq!(socket.listeners_any_outgoing().len(), 2);
        assert!(socket.off(by_id));
        socket.emit("two", ()).await.unwrap();
        socket.off_any_outgoing();
        assert_eq!(socket.listeners_any_outgoing(), []);
        socket.emit("three", ()).await.unwrap();
    }));
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    client.send(r#"421["go"]"#).await;
    for packet in [r#"42["one"]"#, r#"42["echo"]"#, r#"42["two"]"#, r#"42["three"]"#, "431[]"] {
        assert_eq!(client.packet().await, packet);
    }
    assert_eq!(log.lines(), ["one"]);
    drop(app);
    client.vanish().await;
    sleep(std::time::Duration::from_secs(1)).await;
    assert_eq!(Arc::strong_count(&kept), 1);
}

/// Writes down what passes.
struct Events(Mutex<Vec<String>>);

impl Observer for Events {
    fn event_received(&self, _: &Socket, name: &str, arguments: &Arguments) {
        self.0.lock().unwrap().push(format!("< {name} {}", arguments.as_json()));
    }

    fn event_sent(&self, _: &Socket, event: Sent<'_>) {
        self.0.lock().unwrap().push(line(">", event));
    }
}

#[tokio::test(start_paused = true)]
async fn observers_see_the_events_of_both_directions() {
    for via in BOTH {
        let io = Io::new();
        let chat = Namespace::new().on("ask", async |socket: Socket, Data(n): Data<u32>| {
            socket.emit("told", n + 1).await.unwrap();
        });
        let app = Sockeye::builder().handle(&io).namespace("/chat", chat).build().router();
        let events = Arc::new(Events(Mutex::default()));
        let mut client = Client::open(&app, via).await;
        client.send("40/chat,").await;
        client.packet().await;
        let observing = io.observe(events.clone());
        client.send(r#"42/chat,1["ask",7]"#).await;
        client.packet().await;
        client.packet().await;
        client.send(r#"42/chat,["unknown"]"#).await;
        io.of("/chat").emit("all", Bytes::from_static(b"x")).await.unwrap();
        client.next().await;
        client.next().await;
        drop(observing);
        io.of("/chat").emit("unseen", ()).await.unwrap();
        client.packet().await;
        let mut seen = events.0.lock().unwrap().clone();
        seen.sort();
        let expected = [
            "< ask [7]",
            "< unknown []",
            r#"> all ["all",{"_placeholder":true,"num":0}] [120]"#,
            r#"> told ["told",8] []"#,
        ];
        assert_eq!(seen, expected);
    }
}
