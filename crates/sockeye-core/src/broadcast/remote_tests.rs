//! Single sockets among many: those of this process, and those of a node that a test plays.

use std::{sync::Arc, time::Duration};

use futures_util::{
    FutureExt as _, StreamExt as _,
    future::{BoxFuture, ready},
    stream::{self, BoxStream},
};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::*;
use crate::{
    AckError, Adapter, AdapterError, BroadcastError, DataError, Room,
    testing::{World, arguments, sent},
};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_socket_of_this_process_is_reached_itself() {
    let world = World::new();
    let [ada, bob] = [world.socket(), world.socket()];
    // Whoever is in a room of that name does not get what is meant for her.
    bob.join(ada.id()).await.unwrap();
    ada.join("tea").await.unwrap();
    ada.data().set(&json!({"name": "ada"})).unwrap();
    let all = Broadcast::new(world.namespace.clone());
    let listed = all.clone().to("tea").sockets().await.unwrap();
    let [info] = &listed[..] else { panic!("{listed:?}") };
    assert_eq!((info.id(), info.socket()), (ada.id(), Some(&ada)));
    assert_eq!(info.rooms(), [ada.id().as_str(), "tea"]);
    assert_eq!(info.data::<Value>().unwrap(), Some(json!({"name": "ada"})));
    assert!(matches!(info.data::<u8>(), Err(DataError::Decode(_))));

    info.emit("e", (1, "a")).await.unwrap();
    assert_eq!((sent(&ada), sent(&bob)), (vec![r#"2["e",1,"a"]"#.to_owned()], vec![]));
    let answer = info.emit_with_ack::<u8>("q", ());
    assert_eq!(sent(&ada), [r#"20["q"]"#]);
    assert!(ada.acknowledge(0, arguments("[7]")));
    assert_eq!(answer.await.unwrap(), 7, "one answer, not a list");

    info.join(["coffee", "milk"]).await.unwrap();
    info.leave("tea").await.unwrap();
    assert_eq!(ada.rooms(), [ada.id().as_str(), "coffee", "milk"]);
    assert_eq!(info.rooms().len(), 2, "as it was when it was asked for");
    ada.data().clear();
    assert!(info.data_json().is_some());

    let answer = info.emit_with_ack::<u8>("q", ());
    info.disconnect().await.unwrap();
    info.close().await.unwrap();
    assert_eq!(sent(&ada), [r#"21["q"]"#, "1"]);
    world.leave(&ada);
    assert!(matches!(answer.await, Err(AckError::Disconnected)));
    assert!(matches!(info.emit("e", ()).await, Err(BroadcastError::Emit(EmitError::Closed))));
    info.join("late").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_answer_of_one_socket_is_awaited_as_long_as_one_says() {
    let world = World::new();
    let ada = world.socket();
    let info = SocketInfo::of(&ada);
    let started = Instant::now();
    let silent = info.timeout(2 * SECOND).emit_with_ack::<u8>("q", ()).await;
    assert!(matches!(silent, Err(AckError::Timeout)));
    assert_eq!(started.elapsed(), 2 * SECOND);
    assert!(matches!(info.emit_with_ack::<u8>("q", ()).await, Err(AckError::Timeout)));
    assert_eq!(started.elapsed(), 32 * SECOND, "the default");
    assert_eq!(ada.pending_acks(), 0);
}

#[tokio::test]
async fn rooms_are_listed_with_their_members_and_sockets_counted_and_found() {
    let world = World::new();
    let [ada, bob] = [world.socket(), world.socket()];
    ada.join(["b", "a"]).await.unwrap();
    bob.join("b").await.unwrap();
    let all = Broadcast::new(world.namespace.clone());
    let rooms = all.rooms().await.unwrap();
    let (own, named): (Vec<_>, Vec<_>) = rooms.iter().partition(|room| room.is_own());
    assert_eq!(own.len(), 2);
    assert!(own.iter().all(|room| room.len() == 1 && *room.room() == room.members()[0].as_str()));
    let named: Vec<_> = named.iter().map(|room| (room.room().as_str(), room.members().to_vec())).collect();
    assert_eq!(named, [("a", vec![ada.id()]), ("b", vec![ada.id(), bob.id()])]);
    let of_bob = all.clone().except("a").rooms().await.unwrap();
    assert_eq!(of_bob.iter().filter(|room| !room.is_own()).map(RoomInfo::len).collect::<Vec<_>>(), [1]);

    assert_eq!(all.count().await.unwrap(), 2);
    assert_eq!(all.clone().to("a").count().await.unwrap(), 1);
    assert_eq!(all.socket(ada.id()), Some(ada.clone()));
    assert_eq!(all.socket(ada.id().as_str()), Some(ada.clone()));
    assert_eq!(all.clone().to("a").socket(bob.id()), None, "not in there");
    assert_eq!(all.clone().except("a").socket(bob.id()), Some(bob.clone()));
    assert_eq!(all.socket("no id"), None);
    world.leave(&bob);
    assert_eq!(all.socket(bob.id()), None);
    assert_eq!(Broadcast::closed("/").socket(ada.id()), None);
}

#[tokio::test]
async fn what_is_encoded_can_be_asked_too() {
    let world = World::new();
    let [ada, bob] = [world.socket(), world.socket()];
    let question = Encoded::new("q", 1).unwrap();
    let one = ada.emit_encoded_with_ack::<u8>(&question);
    let all = Broadcast::new(world.namespace.clone()).emit_encoded_with_ack::<u8>(&question).await.unwrap();
    assert_eq!(sent(&ada), [r#"20["q",1]"#, r#"21["q",1]"#]);
    assert_eq!(sent(&bob), [r#"21["q",1]"#]);
    ada.acknowledge(0, arguments("[1]"));
    ada.acknowledge(1, arguments("[2]"));
    bob.acknowledge(1, arguments("[3]"));
    assert_eq!(one.await.unwrap(), 1);
    assert_eq!(all.collected().await.answers, [(ada.id(), 2), (bob.id(), 3)]);
}

/// Writes down what it is asked.
#[derive(Default)]
struct Node(Mutex<Vec<String>>);

impl Node {
    fn asked<T: Send + 'static>(
        &self,
        what: &str,
        scope: &Scope,
        answer: T,
    ) -> BoxFuture<'static, Result<T, AdapterError>> {
        self.0.lock().push(format!("{what} {:?}", scope.rooms));
        ready(Ok(answer)).boxed()
    }
}

impl Adapter for Node {
    fn broadcast(
        &self,
        scope: Arc<Scope>,
        event: Encoded,
        _: Delivery,
    ) -> BoxFuture<'static, Result<(), AdapterError>> {
        self.asked(event.json(), &scope, ())
    }

    fn call(
        &self,
        scope: Arc<Scope>,
        event: Encoded,
        _: Delivery,
        timeout: Duration,
    ) -> BoxStream<'static, Answered> {
        drop(self.asked(&format!("{} {timeout:?}", event.json()), &scope, ()));
        let id = scope.rooms.first().and_then(Room::as_id).unwrap();
        stream::iter((event.name() == "q").then(|| Answered::new(id, Ok(arguments("[7]"))))).boxed()
    }

    fn sockets(&self, scope: Arc<Scope>) -> BoxFuture<'static, Result<Vec<SocketInfo>, AdapterError>> {
        self.asked("sockets", &scope, Vec::new())
    }

    fn join(&self, scope: Arc<Scope>, rooms: Vec<Room>) -> BoxFuture<'static, Result<(), AdapterError>> {
        self.asked(&format!("join {rooms:?}"), &scope, ())
    }

    fn leave(&self, scope: Arc<Scope>, rooms: Vec<Room>) -> BoxFuture<'static, Result<(), AdapterError>> {
        self.asked(&format!("leave {rooms:?}"), &scope, ())
    }

    fn disconnect(&self, scope: Arc<Scope>, close: bool) -> BoxFuture<'static, Result<(), AdapterError>> {
        self.asked(&format!("disconnect {close}"), &scope, ())
    }
}

#[tokio::test]
async fn a_socket_of_another_node_is_reached_by_its_own_room() {
    let world = World::new();
    let node = Arc::new(Node::default());
    let local = world.namespace.local().clone();
    let namespace = NamespaceContext::new("/", node.clone(), local, world.namespace.config().clone());
    let socket = world.joining();
    let info =
        SocketInfo::new(Arc::new(namespace), socket.id(), Vec::new(), socket.shared_handshake().clone());
    assert!(info.socket().is_none());
    info.emit("e", 1).await.unwrap();
    assert_eq!(info.timeout(SECOND).emit_with_ack::<u8>("q", ()).await.unwrap(), 7);
    let gone = info.emit_with_ack::<u8>("nobody answers", ()).await;
    assert!(matches!(gone, Err(AckError::Disconnected)));
    assert!(matches!(
        info.emit_with_ack::<u8>("connect", ()).await,
        Err(AckError::Emit(EmitError::Reserved(_)))
    ));
    info.join("a").await.unwrap();
    info.leave(["b"]).await.unwrap();
    info.disconnect().await.unwrap();
    info.close().await.unwrap();
    let own = format!("{:?}", [info.id().as_str()]);
    let asked = [
        r#"["e",1]"#,
        r#"["q"] 1s"#,
        r#"["nobody answers"] 30s"#,
        r#"join ["a"]"#,
        r#"leave ["b"]"#,
        "disconnect false",
        "disconnect true",
    ];
    assert_eq!(*node.0.lock(), asked.map(|what| format!("{what} {own}")));
}
