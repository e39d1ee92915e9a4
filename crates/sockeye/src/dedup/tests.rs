//! What is remembered, and for how long.

use std::time::Duration;

use sockeye_core::Reply;

use super::{
    Bounds,
    memory::{Found, Memory},
};

fn bounds() -> Bounds {
    Bounds { time: Duration::from_secs(10), replies: 2, bytes: 10_000 }
}

fn answer(memory: &std::sync::Arc<Memory>, key: &str, text: &str) {
    match memory.find(&key.into()) {
        Found::First(first) => first.answer(&Reply::json(text)),
        _ => panic!("{key} is known"),
    }
}

fn known(memory: &std::sync::Arc<Memory>, key: &str) -> bool {
    matches!(memory.find(&key.into()), Found::Answer(_))
}

#[tokio::test(start_paused = true)]
async fn replies_are_forgotten_by_number_by_bytes_and_by_time() {
    let memory = Memory::new(bounds());
    for key in ["a", "b"] {
        answer(&memory, key, "short");
    }
    assert!(known(&memory, "a") && known(&memory, "b"));
    answer(&memory, "c", "short");
    assert!(!known(&memory, "a") && known(&memory, "b") && known(&memory, "c"));
    answer(&memory, "d", &"x".repeat(9_500));
    assert!(known(&memory, "d") && !known(&memory, "c"));
    answer(&memory, "e", &"x".repeat(10_000));
    assert!(!known(&memory, "e") && known(&memory, "d"));
    tokio::time::advance(Duration::from_secs(10)).await;
    assert!(!known(&memory, "d"));
}

#[tokio::test(start_paused = true)]
async fn who_comes_meanwhile_waits_and_takes_over_where_the_first_fails() {
    let memory = Memory::new(bounds());
    let Found::First(first) = memory.find(&"a".into()) else { panic!() };
    let Found::Wait(second) = memory.find(&"a".into()) else { panic!() };
    first.answer(&Reply::json("done"));
    assert_eq!(second.await.unwrap().as_json(), Some(r#"["done"]"#));

    let Found::First(dropped) = memory.find(&"b".into()) else { panic!() };
    let Found::Wait(waits) = memory.find(&"b".into()) else { panic!() };
    drop(dropped);
    assert!(waits.await.is_err());
    let Found::First(failed) = memory.find(&"b".into()) else { panic!() };
    failed.answer(&Reply::error("no", "not this time"));
    assert!(matches!(memory.find(&"b".into()), Found::First(_)), "errors are not remembered");
}

#[tokio::test(start_paused = true)]
async fn replies_may_be_remembered_for_ever() {
    let memory = Memory::new(Bounds { time: Duration::MAX, ..bounds() });
    answer(&memory, "a", "short");
    assert!(known(&memory, "a"));
}
