//! What members of a room hear, and what others do not.

use crate::support::client::Client;
use crate::support::{login, router};
use axum::Router;
use serde_json::{Value, json};

async fn join(router: &Router, name: &str, room: Option<&str>) -> Client {
    let cookie = login(router, name).await;
    let mut client = Client::connect(router, &cookie).await.unwrap();
    if let Some(room) = room {
        assert_eq!(client.ask("join-room", json!(room)).await["ok"], true);
    }
    client
}

#[tokio::test]
async fn a_message_reaches_the_others_as_plain_text_and_the_sender_by_its_ack() {
    let router = router();
    let mut ada = join(&router, "ada", Some("r")).await;
    let mut bob = join(&router, "bob", Some("r")).await;
    let mut carol = join(&router, "carol", None).await;

    let joined = ada.event("user-joined").await;
    assert_eq!(joined, json!(["bob joined r.", { "room": "r", "user": "bob", "socketId": bob.id }]));
    assert_eq!(ada.event("members").await[0]["total"], 2);

    let mut sent = ada.ask("message", json!({ "room": "r", "message": "hello" })).await;
    let heard = bob.event("receive-message").await;
    assert_eq!(sent.as_object_mut().unwrap().remove("ok"), Some(json!(true)));
    assert_eq!((&heard[0], &heard[1]), (&json!("hello"), &sent));
    assert_eq!(
        (&sent["from"], &sent["socketId"], &sent["room"]),
        (&json!("ada"), &json!(ada.id), &json!("r"))
    );

    ada.assert_silent("receive-message").await;
    for event in ["receive-message", "user-joined", "members", "typing"] {
        carol.assert_silent(event).await;
    }
}

#[tokio::test]
async fn everything_works_without_an_ack_too() {
    let router = router();
    let mut ada = join(&router, "ada", Some("r")).await;
    let mut bob = join(&router, "bob", None).await;
    bob.tell("join-room", json!("r")).await;
    bob.tell("typing", json!({ "room": "r" })).await;
    bob.tell("message", json!({ "room": "r", "message": "hi" })).await;
    bob.tell("leave-room", json!("r")).await;
    assert_eq!(ada.event("user-joined").await[1]["user"], "bob");
    assert_eq!(ada.event("receive-message").await[0], "hi");
    assert_eq!(ada.event("user-left").await[0], "bob left r.");
}

#[tokio::test]
async fn typing_is_told_to_the_members() {
    let router = router();
    let mut ada = join(&router, "ada", Some("r")).await;
    let mut bob = join(&router, "bob", Some("r")).await;
    // It is volatile: it comes only while the others' transport can take it, so it is repeated until it does.
    let typed = async { while bob.ask_patiently("typing", json!({ "room": "r" })).await["ok"] == true {} };
    tokio::select! {
        note = ada.event("typing") => assert_eq!(note[0]["user"], "bob"),
        () = typed => panic!("refused"),
    }
}

#[tokio::test]
async fn a_room_that_is_a_socket_id_is_a_private_message() {
    let router = router();
    let mut ada = join(&router, "ada", Some("r")).await;
    let mut bob = join(&router, "bob", Some("r")).await;
    let mut carol = join(&router, "carol", Some("r")).await;
    for event in ["message", "private-message"] {
        let key = if event == "message" { "room" } else { "to" };
        let sent = ada.ask(event, json!({ key: bob.id, "message": "psst" })).await;
        assert_eq!(
            (&sent["ok"], &sent["private"], &sent["room"]),
            (&json!(true), &json!(true), &json!(bob.id))
        );
        assert_eq!(bob.event("receive-message").await[0], "psst");
    }
    let sent = ada.ask("private-message", json!({ "to": "bob", "message": "by name" })).await;
    assert_eq!(sent["ok"], true);
    assert_eq!(bob.event("receive-message").await[0], "by name");
    carol.assert_silent("receive-message").await;
    assert_eq!(
        code(&ada.ask("private-message", json!({ "to": "nobody", "message": "?" })).await),
        "nobody_there"
    );
    assert_eq!(code(&ada.ask("join-room", json!(bob.id)).await), "reserved_name");
}

#[tokio::test]
async fn no_room_name_opens_what_belongs_to_others() {
    let router = router();
    let mut bob = join(&router, "bob", Some("secret")).await;
    let mut carol = join(&router, "carol", Some("user:bob")).await;
    assert_eq!(carol.ask("join-room", json!("room:secret")).await["ok"], true);
    let mut ada = join(&router, "ada", Some("secret")).await;
    ada.ask("private-message", json!({ "to": "bob", "message": "for bob" })).await;
    ada.ask("message", json!({ "room": "secret", "message": "for the room" })).await;
    bob.event("receive-message").await;
    carol.assert_silent("receive-message").await;
}

#[tokio::test]
async fn only_members_talk_look_and_ask() {
    let router = router();
    let mut ada = join(&router, "ada", Some("r")).await;
    let mut bob = join(&router, "bob", None).await;
    for (event, argument) in [
        ("message", json!({ "room": "r", "message": "hello" })),
        ("typing", json!({ "room": "r" })),
        ("members", json!("r")),
        ("missed", json!({ "room": "r", "after": 0 })),
        ("leave-room", json!("r")),
    ] {
        assert_eq!(code(&bob.ask(event, argument).await), "not_in_room", "{event}");
    }
    ada.assert_silent("receive-message").await;
}

#[tokio::test]
async fn a_payload_that_does_not_fit_is_told_where() {
    let router = router();
    let mut ada = join(&router, "ada", Some("r")).await;
    let answer = ada.ask("message", json!({ "room": "r", "message": 7 })).await;
    assert_eq!(code(&answer), "invalid_payload");
    assert!(answer["error"]["message"].as_str().unwrap().contains("message"), "{answer}");
    assert_eq!(code(&ada.ask("no-such-event", json!(1)).await), "unknown_event");
}

#[tokio::test]
async fn joining_twice_is_joining_once() {
    let router = router();
    let mut ada = join(&router, "ada", Some("r")).await;
    let mut bob = join(&router, "bob", Some("r")).await;
    assert_eq!(bob.ask("join-room", json!("r")).await["total"], 2);
    ada.event("user-joined").await;
    ada.assert_silent("user-joined").await;
}

fn code(answer: &Value) -> &str {
    answer["error"]["code"].as_str().unwrap_or_else(|| panic!("not refused: {answer}"))
}
