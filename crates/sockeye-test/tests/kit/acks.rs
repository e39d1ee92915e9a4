//! Questions of either side.

use serde_json::{Value, json};
use sockeye::{AckError, Args, Data, Namespace, NoAck, Reply, Socket, Sockeye};
use sockeye_test::{AskError, Transport, World};

use crate::secs;

fn world() -> World {
    let namespace = Namespace::new()
        .on("quiz", async |socket: Socket| {
            let answer = socket.timeout(secs(5)).emit_with_ack::<u32>("six by nine", (6, 9)).await;
            match answer {
                Ok(answer) => Reply::json(&answer),
                Err(AckError::Timeout) => Reply::error("silent", "no answer"),
                Err(_) => Reply::error("odd", "no number"),
            }
        })
        .on("pair", async || Args((1, "two")))
        .on("never", async || NoAck)
        .on("number", async |Data(number): Data<u32>| Data(number))
        .on("away", async |socket: Socket| {
            let _ = socket.disconnect().await;
            NoAck
        });
    World::new(Sockeye::builder().namespace("/", namespace).build())
}

#[tokio::test(start_paused = true)]
async fn the_server_asks_and_the_client_answers_at_once_or_by_hand() {
    for transport in Transport::ALL {
        let world = world();
        let ada = world.client("/").transport(transport).connect().await.unwrap();
        let quiz = ada.emit_with_ack::<u32>("quiz", ());
        let question = ada.next_event("six by nine").await;
        assert!(question.wants_answer());
        let Args((a, b)) = question.read::<Args<(u32, u32)>>();
        question.answer(a * b);
        assert_eq!(quiz.await.unwrap(), 54);

        ada.on_ask("six by nine", |Args((a, b)): Args<(u32, u32)>| a * b - 12);
        assert_eq!(ada.emit_with_ack::<u32>("quiz", ()).await.unwrap(), 42);
        ada.on_ask("six by nine", |_: Value| "many");
        assert_eq!(ada.emit_with_ack::<u32>("quiz", ()).await.unwrap_err().code(), Some("odd"));
        ada.assert_silent().await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_read_as_what_was_asked_for() {
    let world = world();
    let ada = world.client("/").connect().await.unwrap();
    let Args(pair) = ada.emit_with_ack::<Args<(u8, String)>>("pair", ()).await.unwrap();
    assert_eq!(pair, (1, "two".to_owned()));
    let error = ada.emit_with_ack::<String>("pair", ()).await.unwrap_err();
    assert!(matches!(&error, AskError::Decode { answer, .. } if answer == r#"[1,"two"]"#), "{error}");
    let refused = ada.emit_with_ack::<u32>("number", "no number").await.unwrap_err();
    assert_eq!(refused.code(), Some("invalid_payload"));
    let raw: Value = ada.emit_with_ack("number", "no number").await.unwrap();
    assert_eq!(raw["error"]["code"], "invalid_payload");
}

#[tokio::test(start_paused = true)]
async fn answers_that_do_not_come_are_errors() {
    let world = world();
    let ada = world.client("/").connect().await.unwrap();
    let started = tokio::time::Instant::now();
    let asked = ada.timeout(secs(3)).emit_with_ack::<()>("never", ());
    assert_eq!(asked.await, Err(AskError::Timeout));
    assert_eq!(started.elapsed(), secs(3));
    assert_eq!(ada.emit_with_ack::<u32>("quiz", ()).await.unwrap_err().code(), Some("silent"));
    ada.next_event("six by nine").await.answer(json!(1));
    let left = AskError::Disconnected("io server disconnect");
    assert_eq!(ada.emit_with_ack::<()>("away", ()).await, Err(left.clone()));
    assert_eq!(ada.emit_with_ack::<()>("pair", ()).await, Err(left));
}
