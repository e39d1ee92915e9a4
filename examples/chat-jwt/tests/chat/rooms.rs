//! What members of a room hear, and what others do not.

use crate::support::{ask, code, heard, join, join_room, login, world};
use serde_json::json;
use sockeye_test::Transport;

#[tokio::test(start_paused = true)]
async fn a_message_reaches_the_others_as_plain_text_and_the_sender_by_its_ack() {
    let world = world();
    let ada = join_room(&world, "ada", "r").await;
    let bob = join_room(&world, "bob", "r").await;
    let carol = join(&world, "carol").await;

    let joined = heard(&ada, "user-joined").await;
    assert_eq!(joined, json!(["bob joined r.", { "room": "r", "user": "bob", "socketId": bob.id() }]));
    assert_eq!(heard(&ada, "members").await[0]["total"], 2);

    let mut sent = ask(&ada, "message", json!({ "room": "r", "message": "hello" })).await;
    let heard = heard(&bob, "receive-message").await;
    assert_eq!(sent.as_object_mut().unwrap().remove("ok"), Some(json!(true)));
    assert_eq!((&heard[0], &heard[1]), (&json!("hello"), &sent));
    assert_eq!(
        (&sent["from"], &sent["socketId"], &sent["room"]),
        (&json!("ada"), &json!(ada.id()), &json!("r"))
    );

    ada.assert_no("receive-message").await;
    for event in ["receive-message", "user-joined", "members", "typing"] {
        carol.assert_no(event).await;
    }
}

#[tokio::test(start_paused = true)]
async fn everything_works_without_an_ack_too() {
    let world = world();
    let ada = join_room(&world, "ada", "r").await;
    let bob = join(&world, "bob").await;
    bob.emit("join-room", json!("r"));
    bob.emit("typing", json!({ "room": "r" }));
    bob.emit("message", json!({ "room": "r", "message": "hi" }));
    bob.emit("leave-room", json!("r"));
    assert_eq!(heard(&ada, "user-joined").await[1]["user"], "bob");
    assert_eq!(heard(&ada, "receive-message").await[0], "hi");
    assert_eq!(heard(&ada, "user-left").await[0], "bob left r.");
}

#[tokio::test(start_paused = true)]
async fn typing_is_told_to_the_members_who_can_take_it_at_once() {
    for transport in Transport::ALL {
        let world = world();
        let ada = login(&world, "ada").await.transport(transport).connect().await.unwrap();
        assert_eq!(ask(&ada, "join-room", json!("r")).await["ok"], true);
        let bob = join_room(&world, "bob", "r").await;
        world.settle().await;
        bob.emit("typing", json!({ "room": "r" }));
        assert_eq!(heard(&ada, "typing").await[0]["user"], "bob");
        bob.assert_no("typing").await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_room_that_is_a_socket_id_is_a_private_message() {
    let world = world();
    let ada = join_room(&world, "ada", "r").await;
    let bob = join_room(&world, "bob", "r").await;
    let carol = join_room(&world, "carol", "r").await;
    for event in ["message", "private-message"] {
        let key = if event == "message" { "room" } else { "to" };
        let sent = ask(&ada, event, json!({ key: bob.id(), "message": "psst" })).await;
        assert_eq!(
            (&sent["ok"], &sent["private"], &sent["room"]),
            (&json!(true), &json!(true), &json!(bob.id()))
        );
        assert_eq!(heard(&bob, "receive-message").await[0], "psst");
    }
    let sent = ask(&ada, "private-message", json!({ "to": "bob", "message": "by name" })).await;
    assert_eq!(sent["ok"], true);
    assert_eq!(heard(&bob, "receive-message").await[0], "by name");
    carol.assert_no("receive-message").await;
    assert_eq!(
        code(&ask(&ada, "private-message", json!({ "to": "nobody", "message": "?" })).await),
        "nobody_there"
    );
    assert_eq!(code(&ask(&ada, "join-room", json!(bob.id())).await), "reserved_name");
}

#[tokio::test(start_paused = true)]
async fn no_room_name_opens_what_belongs_to_others() {
    let world = world();
    let bob = join_room(&world, "bob", "secret").await;
    let carol = join_room(&world, "carol", "user:bob").await;
    assert_eq!(ask(&carol, "join-room", json!("room:secret")).await["ok"], true);
    let ada = join_room(&world, "ada", "secret").await;
    ask(&ada, "private-message", json!({ "to": "bob", "message": "for bob" })).await;
    ask(&ada, "message", json!({ "room": "secret", "message": "for the room" })).await;
    heard(&bob, "receive-message").await;
    carol.assert_no("receive-message").await;
}

#[tokio::test(start_paused = true)]
async fn only_members_talk_look_and_ask() {
    let world = world();
    let ada = join_room(&world, "ada", "r").await;
    let bob = join(&world, "bob").await;
    for (event, argument) in [
        ("message", json!({ "room": "r", "message": "hello" })),
        ("typing", json!({ "room": "r" })),
        ("members", json!("r")),
        ("missed", json!({ "room": "r", "after": 0 })),
        ("leave-room", json!("r")),
    ] {
        assert_eq!(code(&ask(&bob, event, argument).await), "not_in_room", "{event}");
    }
    ada.assert_no("receive-message").await;
}

#[tokio::test(start_paused = true)]
async fn a_payload_that_does_not_fit_is_told_where() {
    let world = world();
    let ada = join_room(&world, "ada", "r").await;
    let answer = ask(&ada, "message", json!({ "room": "r", "message": 7 })).await;
    assert_eq!(code(&answer), "invalid_payload");
    assert!(answer["error"]["message"].as_str().unwrap().contains("message"), "{answer}");
    assert_eq!(code(&ask(&ada, "no-such-event", json!(1)).await), "unknown_event");
}

#[tokio::test(start_paused = true)]
async fn joining_twice_is_joining_once() {
    let world = world();
    let ada = join_room(&world, "ada", "r").await;
    let bob = join_room(&world, "bob", "r").await;
    assert_eq!(ask(&bob, "join-room", json!("r")).await["total"], 2);
    heard(&ada, "user-joined").await;
    ada.assert_no("user-joined").await;
}
