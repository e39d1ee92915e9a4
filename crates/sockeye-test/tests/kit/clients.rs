//! Clients on every transport: joining, emitting, receiving, leaving.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};
use sockeye::{
    Args, BroadcastError, Data, DisconnectReason, Handler, Joining, Namespace, Raw, Refusal, Socket, Sockeye,
};
use sockeye_test::{Transport, World};

use crate::secs;

fn chat() -> Namespace {
    Namespace::new()
        .on("message", async |socket: Socket, Data(text): Data<String>| {
            socket.broadcast().emit("message", &text).await?;
            Ok::<_, BroadcastError>(text.len())
        })
        .on("many", async |socket: Socket, Data(count): Data<u32>| {
            for number in 0..count {
                socket.emit("number", (number, "n")).await.unwrap();
            }
        })
        .on("bytes", async |socket: Socket, Raw(raw): Raw| {
            socket.emit("bytes", (raw.as_json(), &raw.attachments()[0])).await.unwrap();
            Data(raw.attachments()[1].clone())
        })
        .on("away", async |socket: Socket| socket.disconnect().await)
        .on("close", async |socket: Socket| socket.close().await)
        .on_disconnect(async |socket: Socket, reason: DisconnectReason| {
            let _ = socket.broadcast().emit("left", (&socket.id(), reason.as_str())).await;
        })
}

fn world() -> World {
    let guarded = Namespace::new().admit(async |Joining(socket): Joining| {
        let auth: Value = serde_json::from_slice(socket.auth()).unwrap();
        if auth["token"] == "good" {
            Ok(())
        } else {
            Err(Refusal::new("Who are you?").data(json!({ "hint": "token" })))
        }
    });
    World::new(Sockeye::builder().namespace("/", chat()).namespace("/guarded", guarded).build())
}

#[tokio::test(start_paused = true)]
async fn a_message_reaches_the_others_on_every_transport() {
    for from in Transport::ALL {
        for to in Transport::ALL {
            let world = world();
            let ada = world.client("/").transport(from).connect().await.unwrap();
            let bob = world.client("/").transport(to).connect().await.unwrap();
            let length: usize = ada.emit_with_ack("message", "hello").await.unwrap();
            assert_eq!((length, bob.next::<String>("message").await), (5, "hello".to_owned()));
            ada.assert_silent().await;
            bob.assert_silent().await;
            assert_ne!(ada.id(), bob.id());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_upgrade_goes_on_while_the_client_is_used_and_loses_nothing() {
    let world = world();
    for wait in 0..20 {
        let slow = Duration::from_millis(10);
        let ada = world.client("/").transport(Transport::Upgrade).delay(slow).connect().await.unwrap();
        assert!(!ada.has_upgraded());
        world.advance(wait * slow / 4).await;
        ada.emit("many", 100);
        ada.upgraded().await;
        for number in 0..100 {
            assert_eq!(ada.next::<u32>("number").await, number);
        }
    }
    for stays in [Transport::Polling, Transport::WebSocket] {
        let client = world.client("/").transport(stays).connect().await.unwrap();
        world.advance(secs(60)).await;
        assert!(!client.has_upgraded() && client.connected());
    }
}

#[tokio::test(start_paused = true)]
async fn events_wait_until_they_are_taken_by_name_or_in_their_order() {
    let world = world();
    let ada = world.client("/").connect().await.unwrap();
    let bob = world.client("/").connect().await.unwrap();
    ada.emit("many", 3);
    bob.emit("message", "between");
    assert_eq!(ada.next::<String>("message").await, "between");
    assert_eq!(ada.next::<Args<(u32, String)>>("number").await.0, (0, "n".to_owned()));
    let second = ada.next_any().await;
    assert_eq!((second.name(), second.json()), ("number", json!([1, "n"])));
    assert_eq!(ada.next::<Raw>("number").await.0.as_json(), r#"[2,"n"]"#);
    assert!(ada.take_all().is_empty());
}

#[tokio::test(start_paused = true)]
async fn bytes_travel_as_attachments_both_ways() {
    for transport in Transport::ALL {
        let world = world();
        let ada = world.client("/").transport(transport).connect().await.unwrap();
        let (one, two) = (Bytes::from_static(b"\x01"), Bytes::from_static(b"\xff\x02"));
        let answer: Bytes = ada.emit_with_ack("bytes", (&one, "text", &two)).await.unwrap();
        assert_eq!(answer, two);
        let echo = ada.next_event("bytes").await;
        assert_eq!(echo.read::<Args<(String, Bytes)>>().0.1, one);
        assert_eq!(echo.attachments(), [one]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_tells_message_and_data_and_leaves_the_session_to_others() {
    let world = world();
    for transport in Transport::ALL {
        let refused = world.client("/guarded").transport(transport).connect().await.unwrap_err();
        assert_eq!(refused.message, "Who are you?");
        assert_eq!((refused.data, refused.status), (Some(json!({ "hint": "token" })), None));
        let unknown = world.client("/nowhere").transport(transport).connect().await.unwrap_err();
        assert_eq!(unknown.message, "Invalid namespace");

        let ada = world.client("/").transport(transport).connect().await.unwrap();
        assert!(ada.socket("/guarded").connect().await.is_err());
        let good = json!({ "token": "good" });
        let guarded = ada.socket("/guarded").auth(&good).connect().await.unwrap();
        assert_eq!((guarded.namespace(), guarded.sid()), ("/guarded", ada.sid()));
        assert_ne!(guarded.id(), ada.id());
        ada.disconnect().await;
        assert!(guarded.connected() && !ada.connected());
        assert!(world.client("/guarded").auth(good).transport(transport).connect().await.is_ok());
    }
}

#[tokio::test(start_paused = true)]
async fn each_end_has_its_reason_on_both_sides() {
    for transport in Transport::ALL {
        let world = world();
        let watcher = world.client("/").connect().await.unwrap();
        let join = async || {
            let client = world.client("/").transport(transport).connect().await.unwrap();
            if transport == Transport::Upgrade {
                client.upgraded().await;
            }
            client
        };
        for (how, client_says, server_says) in [
            ("leave", "io client disconnect", "client namespace disconnect"),
            ("goodbye", "forced close", "transport close"),
            ("vanish", "transport close", "transport close"),
            ("away", "io server disconnect", "server namespace disconnect"),
            ("close", "io server disconnect", "server namespace disconnect"),
        ] {
            let client = join().await;
            let id = client.id().to_owned();
            match how {
                "leave" => client.disconnect().await,
                "goodbye" => client.close().await,
                "vanish" => client.vanish().await,
                event => client.emit(event, ()),
            }
            assert_eq!(client.left().await, client_says, "{how} {transport}");
            assert_eq!(client.reason(), Some(client_says));
            let Args((left, reason)) = watcher.next::<Args<(String, String)>>("left").await;
            // A polling client that vanishes is one whose GET is given up.
            let server_says = match (how, transport) {
                ("vanish", Transport::Polling) => "transport error",
                _ => server_says,
            };
            assert_eq!((left, reason.as_str()), (id, server_says), "{how} {transport}");
        }
        // Closing the tab.
        drop(join().await);
        watcher.next::<Raw>("left").await;
        watcher.assert_silent().await;
    }
}

#[tokio::test(start_paused = true)]
async fn heartbeats_keep_a_silent_client_for_as_long_as_one_likes() {
    for transport in Transport::ALL {
        let world = world();
        let ada = world.client("/").transport(transport).connect().await.unwrap();
        world.advance(secs(24 * 3600)).await;
        assert!(ada.connected());
        assert_eq!(ada.emit_with_ack::<usize>("message", "still here").await.unwrap(), 10);
    }
}

#[tokio::test(start_paused = true)]
async fn a_layer_and_its_limit_see_the_events_of_all_clients() {
    let slow = (async || tokio::time::sleep(secs(1)).await)
        .layer(tower::timeout::TimeoutLayer::new(Duration::from_millis(500)));
    let namespace: Namespace = Namespace::new().on("slow", slow);
    let world = World::new(Sockeye::builder().path("/rt/").namespace("/", namespace).build());
    let ada = world.client("/").connect().await.unwrap();
    assert_eq!(ada.emit_with_ack::<()>("slow", ()).await.unwrap_err().code(), Some("timeout"));
}
