//! Each bound of the chat, at the bound and one beyond.

use chat_jwt::chat::limits;

use crate::support::{ask, ask_later, code, join, join_room, login, world};
use serde_json::{Value, json};

#[tokio::test(start_paused = true)]
async fn a_name_has_64_characters_and_not_65() {
    let world = world();
    let ada = join(&world, "ada").await;
    // Four bytes each: characters are counted, not bytes.
    assert_eq!(ask(&ada, "join-room", json!("🐟".repeat(64))).await["ok"], true);
    for name in ["🐟".repeat(65), String::new(), " ".to_owned(), "a\nb".to_owned(), " a".to_owned()] {
        assert_eq!(code(&ask(&ada, "join-room", json!(name)).await), "invalid_name");
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_has_4000_characters_and_not_4001() {
    let world = world();
    let ada = join(&world, "ada").await;
    ask(&ada, "join-room", json!("r")).await;
    assert_eq!(ask(&ada, "message", json!({ "room": "r", "message": "🐟".repeat(4000) })).await["ok"], true);
    for text in ["🐟".repeat(4001), String::new(), " \n ".to_owned()] {
        assert_eq!(
            code(&ask(&ada, "message", json!({ "room": "r", "message": text })).await),
            "invalid_message"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_socket_is_in_20_rooms_and_not_in_21() {
    let world = world();
    let ada = join(&world, "ada").await;
    for room in 0..20 {
        assert_eq!(ask_later(&world, &ada, "join-room", json!(room.to_string())).await["ok"], true);
    }
    assert_eq!(code(&ask_later(&world, &ada, "join-room", json!("one more")).await), "too_many_rooms");
    // Leaving one makes place for another.
    assert_eq!(ask_later(&world, &ada, "leave-room", json!("0")).await["ok"], true);
    assert_eq!(ask_later(&world, &ada, "join-room", json!("one more")).await["ok"], true);
}

#[tokio::test(start_paused = true)]
async fn a_socket_sends_20_events_a_second_and_not_21() {
    let world = world();
    let ada = join(&world, "ada").await;
    for _ in 0..20 {
        assert_eq!(code(&ask(&ada, "members", json!("nowhere")).await), "not_in_room");
    }
    assert_eq!(code(&ask(&ada, "members", json!("nowhere")).await), "rate_limited");
    // Events that nobody handles count as well, and others' sockets do not.
    assert_eq!(code(&ask(&ada, "no-such-event", json!(null)).await), "rate_limited");
    join_room(&world, "bob", "r").await;
    world.advance(limits::EVENTS_WITHIN).await;
    assert_eq!(code(&ask(&ada, "members", json!("nowhere")).await), "not_in_room");
}

#[tokio::test(start_paused = true)]
async fn the_last_100_messages_are_kept_and_not_101() {
    let world = world();
    let visitor = login(&world, "ada").await;
    let reader = visitor.clone().connect().await.unwrap();
    let last = ask(&reader, "join-room", json!("r")).await["last"].clone();
    let say = async |numbers: std::ops::Range<u32>| {
        // Another socket for each score, for none may say more in a second.
        let writer = visitor.clone().connect().await.unwrap();
        ask(&writer, "join-room", json!("r")).await;
        for number in numbers {
            let message = json!({ "room": "r", "message": number.to_string() });
            assert_eq!(ask(&writer, "message", message).await["ok"], true);
        }
    };
    for part in 0..10 {
        say(part * 10..part * 10 + 10).await;
    }
    let missed = ask(&reader, "missed", json!({ "room": "r", "after": last })).await;
    assert_eq!((texts(&missed), &missed["gap"]), ((0..100).map(|n| n.to_string()).collect(), &json!(false)));

    say(100..101).await;
    let missed = ask(&reader, "missed", json!({ "room": "r", "after": last })).await;
    assert_eq!((texts(&missed), &missed["gap"]), ((1..101).map(|n| n.to_string()).collect(), &json!(true)));

    // Asked for what came after one of them, it is exactly that, and nothing is missing.
    let seen = &missed["messages"][96]["id"];
    let missed = ask(&reader, "missed", json!({ "room": "r", "after": seen })).await;
    assert_eq!(
        (texts(&missed), &missed["gap"]),
        (vec!["98".into(), "99".into(), "100".into()], &json!(false))
    );
}

fn texts(missed: &Value) -> Vec<String> {
    missed["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["text"].as_str().unwrap().to_owned())
        .collect()
}
