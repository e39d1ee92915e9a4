//! Data is an object, typed where it is declared, bounded, and never half changed.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Deserialize;
use serde_json::json;

use super::*;
use crate::{NamespaceContext, Observer, SocketConfig, testing::World};

#[derive(Debug, Default, Deserialize, PartialEq, Serialize)]
struct Player {
    name: String,
    #[serde(default)]
    score: u32,
}

fn ada() -> Player {
    Player { name: "ada".to_owned(), score: 1 }
}

#[test]
fn an_object_is_kept_as_a_whole_and_by_its_fields() {
    let socket = World::new().socket();
    let data = socket.data();
    assert!(data.is_empty());
    assert_eq!((data.get::<Player>().unwrap(), socket.data_json()), (None, None));
    data.set(&ada()).unwrap();
    assert_eq!(data.get::<Player>().unwrap(), Some(ada()));
    assert_eq!(data.get::<Value>().unwrap(), Some(json!({"name": "ada", "score": 1})));
    assert_eq!(data.field::<String>("name").unwrap().as_deref(), Some("ada"));
    assert_eq!(data.field::<String>("other").unwrap(), None);
    assert!(matches!(data.field::<u8>("name"), Err(DataError::Decode(_))));
    data.set_field("color", "red").unwrap();
    data.remove_field("score").unwrap();
    assert_eq!(socket.data_json().as_deref(), Some(r#"{"color":"red","name":"ada"}"#));
    data.update(|player: &mut Player| player.score += 7).unwrap();
    assert_eq!(data.field::<u32>("score").unwrap(), Some(7));

    for nothing in [json!({}), json!({"a": 1})] {
        data.set(&nothing).unwrap();
        data.clear();
        assert!(data.is_empty());
    }
    for other in [json!(null), json!([1]), json!("text")] {
        assert!(matches!(data.set(&other), Err(DataError::NotAnObject)));
    }
    data.remove_field("never there").unwrap();
    assert!(data.is_empty(), "an object without fields takes no memory");

    let other = World::new().socket();
    data.set_field("k", &1).unwrap();
    other.restore_data(socket.data_json());
    assert_eq!(other.data().field::<u8>("k").unwrap(), Some(1));
}

#[test]
fn the_bound_holds_and_what_does_not_fit_changes_nothing() {
    let config = SocketConfig { max_data: 10, ..SocketConfig::default() };
    let socket = World::with("/", config, sockeye_proto::outbox::Bounds::default()).socket();
    let data = socket.data();
    data.set_field("a", "1234").unwrap_or_else(|error| assert!(matches!(error, DataError::TooLarge { .. })));
    assert!(data.is_empty());
    data.set_field("a", "12").unwrap();
    assert_eq!(socket.data_json().map(|json| json.len()), Some(10));
    let error = data.set_field("a", "123").unwrap_err();
    assert!(matches!(error, DataError::TooLarge { bytes: 11, most: 10 }), "{error}");
    assert!(matches!(data.set(&json!({"b": "123"})), Err(DataError::TooLarge { .. })));
    assert_eq!(data.field::<String>("a").unwrap().as_deref(), Some("12"));
}

#[test]
fn a_declared_type_is_kept_to() {
    let world = World::new();
    let context = NamespaceContext::new(
        "/",
        world.namespace.adapter().clone(),
        world.namespace.local().clone(),
        SocketConfig::default(),
    );
    let socket = world.socket_of(context.with_data_type(Some(DataType::of::<Player>())).into());
    let data = socket.data();
    data.set(&ada()).unwrap();
    assert!(matches!(data.get::<Vec<u8>>(), Err(DataError::OtherType { .. })));
    assert!(matches!(data.set(&String::new()), Err(DataError::OtherType { .. })));
    assert!(matches!(data.set_field("score", "high"), Err(DataError::Decode(_))));
    assert!(matches!(data.remove_field("name"), Err(DataError::Decode(_))));
    data.set_field("score", &2).unwrap();
    assert_eq!(data.get::<Player>().unwrap().map(|player| player.score), Some(2));
    assert_eq!(data.get::<Value>().unwrap(), Some(json!({"name": "ada", "score": 2})));
}

#[test]
fn two_that_change_it_at_once_lose_nothing() {
    let socket = World::new().socket();
    let mut calls = 0;
    socket
        .data()
        .update(|player: &mut Player| {
            calls += 1;
            player.score += 1;
            if calls == 1 {
                // Another task was faster.
                socket.data().update(|player: &mut Player| player.score += 10).unwrap();
            }
        })
        .unwrap();
    assert_eq!(calls, 2);
    assert_eq!(socket.data().field::<u32>("score").unwrap(), Some(11));

    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..250 {
                    socket.data().update(|player: &mut Player| player.score += 1).unwrap();
                }
            });
        }
    });
    assert_eq!(socket.data().field::<u32>("score").unwrap(), Some(1011));
}

#[test]
fn observers_are_told_of_changes_once_the_socket_has_joined() {
    #[derive(Default)]
    struct Changes(AtomicUsize);
    impl Observer for Changes {
        fn data_changed(&self, socket: &Socket) {
            assert!(!socket.data().is_empty());
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    let world = World::new();
    let changes = Arc::new(Changes::default());
    world.namespace.observers().add(changes.clone()).detach();
    let socket = world.joining();
    socket.data().set_field("a", &1).unwrap();
    assert_eq!(changes.0.load(Ordering::Relaxed), 0);
    assert!(socket.joined(http::Extensions::new()));
    socket.data().set_field("a", &1).unwrap();
    assert_eq!(changes.0.load(Ordering::Relaxed), 0, "the same is no change");
    socket.data().set_field("a", &2).unwrap();
    socket.data().set(&json!({"b": 1})).unwrap();
    assert_eq!(changes.0.load(Ordering::Relaxed), 2);
}
