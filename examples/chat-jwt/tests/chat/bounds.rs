//! Each bound of the chat, at the bound and one beyond.

use crate::support::client::Client;
use crate::support::{login, router};
use axum::Router;
use serde_json::{Value, json};

async fn ada(router: &Router) -> Client {
    let cookie = login(router, "ada").await;
    Client::connect(router, &cookie).await.unwrap()
}

#[tokio::test]
async fn a_name_has_64_characters_and_not_65() {
    let mut ada = ada(&router()).await;
    // Four bytes each: characters are counted, not bytes.
    assert_eq!(ada.ask("join-room", json!("🐟".repeat(64))).await["ok"], true);
    for name in ["🐟".repeat(65), String::new(), " ".to_owned(), "a\nb".to_owned(), " a".to_owned()] {
        assert_eq!(code(&ada.ask("join-room", json!(name)).await), "invalid_name");
    }
}

#[tokio::test]
async fn a_message_has_4000_characters_and_not_4001() {
    let mut ada = ada(&router()).await;
    ada.ask("join-room", json!("r")).await;
    assert_eq!(ada.ask("message", json!({ "room": "r", "message": "🐟".repeat(4000) })).await["ok"], true);
    for text in ["🐟".repeat(4001), String::new(), " \n ".to_owned()] {
        assert_eq!(
            code(&ada.ask("message", json!({ "room": "r", "message": text })).await),
            "invalid_message"
        );
    }
}

#[tokio::test]
async fn a_socket_is_in_20_rooms_and_not_in_21() {
    let mut ada = ada(&router()).await;
    for room in 0..20 {
        assert_eq!(ada.ask_patiently("join-room", json!(room.to_string())).await["ok"], true);
    }
    assert_eq!(code(&ada.ask_patiently("join-room", json!("one more")).await), "too_many_rooms");
    // Leaving one makes place for another.
    assert_eq!(ada.ask_patiently("leave-room", json!("0")).await["ok"], true);
    assert_eq!(ada.ask_patiently("join-room", json!("one more")).await["ok"], true);
}

#[tokio::test]
async fn a_socket_sends_20_events_a_second_and_not_21() {
    let router = router();
    let mut ada = ada(&router).await;
    let answers = ada.ask_all("members", vec![json!("nowhere"); 21]).await;
    let (fitting, beyond) = answers.split_at(20);
    assert!(fitting.iter().all(|answer| code(answer) == "not_in_room"), "{fitting:?}");
    assert_eq!(code(&beyond[0]), "rate_limited");
    // Events that nobody handles count as well, and others' sockets do not.
    assert_eq!(code(&ada.ask("no-such-event", json!(null)).await), "rate_limited");
    let cookie = login(&router, "bob").await;
    assert_eq!(
        Client::connect(&router, &cookie).await.unwrap().ask("join-room", json!("r")).await["ok"],
        true
    );
}

#[tokio::test]
async fn the_last_100_messages_are_kept_and_not_101() {
    let router = router();
    let cookie = login(&router, "ada").await;
    let mut reader = Client::connect(&router, &cookie).await.unwrap();
    let last = reader.ask("join-room", json!("r")).await["last"].clone();
    let say = async |numbers: std::ops::Range<u32>| {
        // Another socket for each score, for none may say more in a second.
        let mut writer = Client::connect(&router, &cookie).await.unwrap();
        writer.ask("join-room", json!("r")).await;
        let messages = numbers.map(|number| json!({ "room": "r", "message": number.to_string() })).collect();
        for answer in writer.ask_all("message", messages).await {
            assert_eq!(answer["ok"], true);
        }
    };
    for part in 0..10 {
        say(part * 10..part * 10 + 10).await;
    }
    let missed = reader.ask("missed", json!({ "room": "r", "after": last })).await;
    assert_eq!((texts(&missed), &missed["gap"]), ((0..100).map(|n| n.to_string()).collect(), &json!(false)));

    say(100..101).await;
    let missed = reader.ask("missed", json!({ "room": "r", "after": last })).await;
    assert_eq!((texts(&missed), &missed["gap"]), ((1..101).map(|n| n.to_string()).collect(), &json!(true)));

    // Asked for what came after one of them, it is exactly that, and nothing is missing.
    let seen = &missed["messages"][96]["id"];
    let missed = reader.ask("missed", json!({ "room": "r", "after": seen })).await;
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

fn code(answer: &Value) -> &str {
    answer["error"]["code"].as_str().unwrap_or_else(|| panic!("not refused: {answer}"))
}
