//! Answers in both directions.

use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sockeye::{
    AckError, Acker, Args, Attachments, Data, EmitError, Event, EventName, IntoReply, Io, Namespace, NoAck,
    Raw, Reply, Socket, Sockeye,
};
use tokio::{sync::mpsc, time::Instant};

use crate::kit::{BOTH, Client, Got, Via, serve, settle};

enum RoomError {
    Taken,
}

impl IntoReply for RoomError {
    fn into_reply(self) -> Reply {
        match self {
            Self::Taken => Reply::error("taken", "that name is in use"),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct File {
    name: String,
    bytes: Bytes,
}

#[tokio::test(start_paused = true)]
async fn the_returned_value_is_the_acknowledgement() {
    let app = serve(
        Namespace::new()
            .on("nothing", async || {})
            .on("data", async || Data([1, 2]))
            .on("args", async || Args((1, "two")))
            .on("ok", async || Ok::<_, RoomError>("fine"))
            .on("ok nothing", async || Ok::<(), RoomError>(()))
            .on("ok null", async || Ok::<Value, RoomError>(Value::Null))
            .on("ok args", async || Ok::<_, RoomError>(Args((1, 2))))
            .on("error", async || Err::<(), _>(RoomError::Taken))
            .on("no ack", async || NoAck)
            .on("reply", async || Reply::args((1, "x"))),
    );
    for via in BOTH {
        let (mut client, _) = Client::join(&app, via).await;
        let cases = [
            ("nothing", "[]"),
            ("data", "[[1,2]]"),
            ("args", r#"[1,"two"]"#),
            ("ok", r#"["fine"]"#),
            ("ok nothing", "[]"),
            ("ok null", "[null]"),
            ("ok args", "[1,2]"),
            ("error", r#"[{"error":{"code":"taken","message":"that name is in use"}}]"#),
            ("reply", r#"[1,"x"]"#),
            (
                "nobody knows",
                r#"[{"error":{"code":"unknown_event","message":"nobody listens to this event"}}]"#,
            ),
        ];
        for (event, answer) in cases {
            client.send(&format!(r#"42["{event}"]"#)).await;
            client.send(&format!(r#"4217["{event}"]"#)).await;
            assert_eq!(client.packet().await, format!("4317{answer}"), "{event}");
        }
        client.send(r#"4218["no ack"]"#).await;
        client.assert_silent().await;
    }
}

#[tokio::test(start_paused = true)]
async fn arguments_are_read_by_type() {
    #[derive(Deserialize)]
    struct Message {
        room: String,
    }
    let app = serve(
        Namespace::new()
            .on("first", async |Data(value): Data<Vec<u8>>| Data(value.len()))
            .on("several", async |Args((a, b)): Args<(u8, Option<String>)>| Args((a, b)))
            .on("message", async |Data(Message { room }): Data<Message>| Data(room))
            .on("raw", async |Raw(arguments): Raw| Data(arguments.as_json().to_owned()))
            .on("event", async |EventName(name): EventName, event: Event| {
                Data(format!("{name} {} {}", event.wants_ack(), event.arguments().as_json()))
            }),
    );
    for via in BOTH {
        let (mut client, _) = Client::join(&app, via).await;
        let cases = [
            (r#"["first",[1,2,3],"surplus"]"#, "[3]".to_owned()),
            (r#"["several",1,"x",true]"#, r#"[1,"x"]"#.to_owned()),
            (r#"["several",1]"#, "[1,null]".to_owned()),
            (r#"["message",{"room":"a"}]"#, r#"["a"]"#.to_owned()),
            (r#"["raw",1,{"a":null}]"#, r#"["[1,{\"a\":null}]"]"#.to_owned()),
            (r#"["event"]"#, r#"["event true []"]"#.to_owned()),
        ];
        for (event, answer) in cases {
            client.send(&format!("421{event}")).await;
            assert_eq!(client.packet().await, format!("431{answer}"), "{event}");
        }
        client.send(r#"421["message",{"room":7}]"#).await;
        let told = client.packet().await;
        assert!(
            told.starts_with(r#"431[{"error":{"code":"invalid_payload""#) && told.contains("room"),
            "{told}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn bytes_travel_in_events_and_acks_both_ways() {
    let app = serve(
        Namespace::new()
            .on("file", async |socket: Socket, Data(file): Data<File>| -> Result<File, Reply> {
                let question =
                    socket.emit_with_ack::<Args<(Bytes, String)>>("check", (&file, file.bytes.clone()));
                let Args((bytes, name)) = question.await.map_err(|_| Reply::none())?;
                Ok(File { name, bytes })
            })
            .on("parts", async |Attachments(parts): Attachments| {
                Data(parts.iter().map(Bytes::len).sum::<usize>())
            }),
    );
    for via in BOTH {
        let (mut client, _) = Client::join(&app, via).await;
        let placeholder = r#"{"_placeholder":true,"num":0}"#;
        client
            .send_binary(&format!(r#"451-9["file",{{"name":"a","bytes":{placeholder}}}]"#), &[b"\x00\xff"])
            .await;
        let asked = client.packet().await;
        let second = r#"{"_placeholder":true,"num":1}"#;
        let id = asked.strip_prefix("452-").unwrap().split_once('[').unwrap().0.to_owned();
        assert_eq!(asked, format!(r#"452-{id}["check",{{"name":"a","bytes":{placeholder}}},{second}]"#));
        assert_eq!(client.next().await, Got::Attachment(vec![0, 0xff]));
        assert_eq!(client.next().await, Got::Attachment(vec![0, 0xff]));
        client.send_binary(&format!(r#"461-{id}[{placeholder},"b"]"#), &[b"\x01"]).await;
        assert_eq!(client.packet().await, format!(r#"461-9[{{"name":"b","bytes":{placeholder}}}]"#));
        assert_eq!(client.next().await, Got::Attachment(vec![1]));

        client.send_binary(&format!(r#"452-9["parts",{placeholder},{second}]"#), &[b"abc", b""]).await;
        assert_eq!(client.packet().await, "439[3]");
    }
}

#[tokio::test(start_paused = true)]
async fn raw_arguments_go_on_as_they_came() {
    let app = serve(
        Namespace::new()
            .on("back", async |arguments: Raw| arguments)
            .on("echo", async |socket: Socket, arguments: Raw| socket.emit("echo", arguments).await)
            .on("all", async |socket: Socket, arguments: Raw| {
                socket.namespace().emit("all", &arguments).await.map(drop)
            }),
    );
    let placeholder = r#"{"_placeholder":true,"num":0}"#;
    for via in BOTH {
        let (mut client, _) = Client::join(&app, via).await;
        client.send(r#"429["back"]"#).await;
        assert_eq!(client.packet().await, "439[]");
        client.send(r#"427["back", "caf\u00e9",{"a" :1.0}]"#).await;
        assert_eq!(client.packet().await, r#"437["caf\u00e9",{"a" :1.0}]"#);
        for name in ["echo", "all"] {
            client.send(&format!(r#"42["{name}","x",[null]]"#)).await;
            assert_eq!(client.packet().await, format!(r#"42["{name}","x",[null]]"#));
            client.send_binary(&format!(r#"451-["{name}",1,{placeholder}]"#), &[b"\x00\xff"]).await;
            assert_eq!(client.packet().await, format!(r#"451-["{name}",1,{placeholder}]"#));
            assert_eq!(client.next().await, Got::Attachment(vec![0, 0xff]));
        }
        client.send_binary(&format!(r#"451-9["back",{placeholder}]"#), &[b"\x01"]).await;
        assert_eq!(client.packet().await, format!(r#"461-9[{placeholder}]"#));
        assert_eq!(client.next().await, Got::Attachment(vec![1]));
    }
}

#[tokio::test(start_paused = true)]
async fn an_acker_takes_the_answer_over() {
    let (keep, mut kept) = mpsc::unbounded_channel::<Acker>();
    let later = async move |acker: Acker, Data(how): Data<String>| -> Result<(), RoomError> {
        match how.as_str() {
            "later" => drop(keep.send(acker)),
            "now and return" => drop(acker.send("now")),
            "error" => return Err(RoomError::Taken),
            "now and error" => {
                drop(acker.send("now"));
                return Err(RoomError::Taken);
            }
            _ => {}
        }
        Ok(())
    };
    let app = serve(Namespace::new().on("later", later));
    for via in BOTH {
        let (mut client, _) = Client::join(&app, via).await;
        client.send(r#"421["later","later"]"#).await;
        client.assert_silent().await;
        let acker = kept.recv().await.unwrap();
        assert!(acker.is_wanted());
        acker.send((1, 2)).await.unwrap();
        assert_eq!(client.packet().await, "431[1,2]");

        for (how, answer) in [("now and return", "now"), ("error", "taken"), ("now and error", "now")] {
            client.send(&format!(r#"422["later","{how}"]"#)).await;
            let got = client.packet().await;
            assert!(got.starts_with("432[") && got.contains(answer), "{how}: {got}");
            client.assert_silent().await;
        }
        client.send(r#"423["later","never"]"#).await;
        client.assert_silent().await;
        // Nobody asked: answering does nothing.
        client.send(r#"42["later","later"]"#).await;
        let acker = kept.recv().await.unwrap();
        assert!(!acker.is_wanted());
        acker.send(1).await.unwrap();
        client.assert_silent().await;
        // The client has left: the caller is told.
        client.send(r#"424["later","later"]"#).await;
        let acker = kept.recv().await.unwrap();
        client.send("41").await;
        settle().await;
        assert!(matches!(acker.send(1).await, Err(EmitError::Closed)));
    }
}

/// Joins, and gives the server's side of the socket too.
async fn pair(via: Via) -> (Client, Socket, Io) {
    let (tell, mut told) = mpsc::unbounded_channel();
    let namespace = Namespace::new().on_connect(async move |socket: Socket| drop(tell.send(socket)));
    let sockeye = Sockeye::builder().namespace("/", namespace).build();
    let (client, id) = Client::join(&sockeye.router(), via).await;
    let socket = told.recv().await.unwrap();
    assert_eq!(socket.id().as_str(), id);
    (client, socket, sockeye.io().clone())
}

#[tokio::test(start_paused = true)]
async fn the_server_asks() {
    for via in BOTH {
        let (mut client, socket, _io) = pair(via).await;
        let asked = socket.emit_with_ack::<Value>("get-user-data", ());
        assert_eq!(client.packet().await, r#"420["get-user-data"]"#);
        client.send(r#"430[{"name":"Alice","age":24},"surplus"]"#).await;
        assert_eq!(asked.await.unwrap()["name"], "Alice");

        let asked = socket.emit_with_ack::<u8>("number", ());
        client.packet().await;
        client.send(r#"431["x"]"#).await;
        assert!(matches!(asked.await, Err(AckError::Decode(_))));
        // One that nobody waits for, or that is answered twice, is ignored.
        client.send_all(&["431[1]", "43999[1]"]).await;

        let before = Instant::now();
        let silent = socket.timeout(Duration::from_secs(2)).emit_with_ack::<u8>("silent", ()).await;
        assert!(matches!(silent, Err(AckError::Timeout)));
        assert_eq!(before.elapsed().as_secs(), 2);
        client.packet().await;

        let leaves = socket.emit_with_ack::<u8>("leaves", ());
        client.packet().await;
        client.send("41").await;
        assert!(matches!(leaves.await, Err(AckError::Disconnected)));
        let gone = socket.emit_with_ack::<u8>("gone", ()).await;
        assert!(matches!(gone, Err(AckError::Emit(EmitError::Closed))), "{gone:?}");
        assert_eq!(socket.pending_acks(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn reserved_names_are_refused_and_error_is_a_name_like_any_other() {
    let (mut client, socket, io) = pair(Via::WebSocket).await;
    for name in ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"] {
        assert!(matches!(socket.emit(name, ()).await, Err(EmitError::Reserved(_))));
        assert!(io.emit(name, ()).await.is_err());
    }
    socket.emit("error", "Something bad happened").await.unwrap();
    assert_eq!(client.packet().await, r#"42["error","Something bad happened"]"#);
    client.assert_silent().await;
}

#[tokio::test(start_paused = true)]
async fn answers_that_nobody_asked_for_are_counted_and_too_many_close_the_session() {
    for via in BOTH {
        for (invented, lives) in [(10_000, true), (10_001, false)] {
            let app = serve(Namespace::new().on("here?", async || {}));
            let (mut client, _) = Client::join(&app, via).await;
            let flood: Vec<String> = (0..invented).map(|id| format!("43{}[]", 1_000_000 + id)).collect();
            let flood: Vec<&str> = flood.iter().map(String::as_str).collect();
            // A POST has room for so many and no more.
            for part in flood.chunks(1000) {
                client.send_all(part).await;
            }
            if lives {
                client.send(r#"420["here?"]"#).await;
                assert_eq!(client.packet().await, "430[]", "{via:?}");
            } else {
                client.assert_closed().await;
            }
        }
    }
}
