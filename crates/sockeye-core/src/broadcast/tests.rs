//! Many sockets: who is meant, and collecting their acks.

use std::time::Duration;

use tokio::time::Instant;

use super::*;
use crate::{
    AckError, BroadcastError, Id, Room, Socket, SocketConfig,
    testing::{World, arguments, sent},
};

const SECOND: Duration = Duration::from_secs(1);

struct Three {
    world: World,
    all: Broadcast,
    sockets: [Socket; 3],
}

fn three() -> Three {
    let world = World::with("/chat", SocketConfig::default(), sockeye_proto::outbox::Bounds::default());
    let all = Broadcast::new(world.namespace.clone());
    let sockets = [world.socket(), world.socket(), world.socket()];
    Three { world, all, sockets }
}

impl Three {
    /// How many packets each has got since the last look.
    fn got(&self) -> [usize; 3] {
        self.sockets.each_ref().map(|socket| sent(socket).len())
    }
}

#[tokio::test]
async fn rooms_add_up_and_exceptions_are_taken_off() {
    let three = three();
    let [ada, bob, eve] = &three.sockets;
    ada.join(["a", "b"]).await.unwrap();
    bob.join("b").await.unwrap();
    eve.join("c").await.unwrap();

    three.all.emit("e", 1).await.unwrap();
    assert_eq!(three.got(), [1, 1, 1]);
    three.all.clone().to("a").to("b").emit("e", 1).await.unwrap();
    assert_eq!(three.got(), [1, 1, 0], "a member of both gets it once");
    three.all.clone().to(["b", "c"]).except("a").emit("e", 1).await.unwrap();
    assert_eq!(three.got(), [0, 1, 1]);
    three.all.clone().except(bob.id()).emit("e", 1).await.unwrap();
    assert_eq!(three.got(), [1, 0, 1]);
    three.all.clone().to(eve.id()).emit("e", 1).await.unwrap();
    assert_eq!(three.got(), [0, 0, 1]);
    three.all.clone().to("nobody").emit("e", 1).await.unwrap();
    assert_eq!(three.got(), [0, 0, 0]);
    three.all.clone().to(Vec::<Room>::new()).emit("e", 1).await.unwrap();
    assert_eq!(three.got(), [1, 1, 1], "no room is no restriction, as in the reference");

    ada.to("b").emit("e", 1).await.unwrap();
    assert_eq!(three.got(), [0, 1, 0], "not the sender");
    ada.broadcast().emit("e", 1).await.unwrap();
    assert_eq!(three.got(), [0, 1, 1]);
    ada.except("c").emit("e", 1).await.unwrap();
    assert_eq!(three.got(), [0, 1, 0]);
    ada.local().send("hi").await.unwrap();
    assert_eq!(sent(bob), [r#"2/chat,["message","hi"]"#]);
    ada.namespace().emit("e", 1).await.unwrap();
    assert_eq!(three.got(), [1, 1, 2]);
}

#[tokio::test]
async fn a_broadcast_is_a_value() {
    let three = three();
    let one = three.all.clone().to(three.sockets[0].id());
    let two = one.clone().to(three.sockets[1].id());
    drop(one.emit("e", 1));
    assert_eq!(three.got(), [1, 0, 0]);
    drop(two.emit("e", 1));
    assert_eq!(three.got(), [1, 1, 0]);
}

#[tokio::test]
async fn one_encoding_serves_all_namespaces() {
    let three = three();
    let news = Encoded::new("news", (1, "a")).unwrap();
    three.all.emit_encoded(&news).await.unwrap();
    assert_eq!(sent(&three.sockets[0]), [r#"2/chat,["news",1,"a"]"#]);
    assert_eq!((news.name(), news.json()), ("news", r#"["news",1,"a"]"#));
}

#[tokio::test]
async fn all_answers_are_collected_under_one_id() {
    let three = three();
    let [ada, bob, eve] = &three.sockets;
    let mut acks = three.all.emit_with_ack::<u8>("q", ()).await.unwrap();
    for (socket, answer) in [(bob, "[2]"), (ada, "[1]"), (eve, r#"["x"]"#)] {
        assert_eq!(sent(socket), [r#"2/chat,0["q"]"#]);
        assert!(socket.acknowledge(0, arguments(answer)));
        assert!(!socket.acknowledge(0, arguments("[9]")), "a second answer does not count");
    }
    let (first, answer) = acks.next().await.unwrap();
    assert_eq!((first, answer.unwrap()), (bob.id(), 2));
    let collected = acks.collected().await;
    assert_eq!(collected.answers, [(ada.id(), 1)]);
    assert!(matches!(&collected.missing[..], [(id, AckError::Decode(_))] if *id == eve.id()));
}

#[tokio::test(start_paused = true)]
async fn who_leaves_holds_nobody_up_and_who_is_silent_costs_the_own_answer_only() {
    let three = three();
    let [ada, bob, eve] = &three.sockets;
    let started = Instant::now();
    let acks = three.all.clone().timeout(2 * SECOND).emit_with_ack::<u8>("q", ()).await.unwrap();
    ada.acknowledge(0, arguments("[1]"));
    three.world.leave(bob);
    let collected = acks.collected().await;
    assert_eq!(started.elapsed(), 2 * SECOND);
    assert_eq!(collected.answers, [(ada.id(), 1)]);
    let missing =
        |id: Id| collected.missing.iter().find(|(missing, _)| *missing == id).map(|(_, error)| error);
    assert!(matches!(missing(bob.id()), Some(AckError::Disconnected)));
    assert!(matches!(missing(eve.id()), Some(AckError::Timeout)));
    assert_eq!(eve.pending_acks(), 0);

    let rest = three.all.clone().except(eve.id()).emit_with_ack::<u8>("q", ()).await.unwrap();
    ada.acknowledge(1, arguments("[1]"));
    let started = Instant::now();
    assert_eq!(rest.collected().await.answers.len(), 1);
    assert_eq!(started.elapsed(), Duration::ZERO, "all have been heard of");
}

#[tokio::test]
async fn a_question_to_nobody_is_answered_at_once_and_dropping_one_forgets_it() {
    let three = three();
    let acks = three.all.clone().to("nobody").emit_with_ack::<u8>("q", ()).await.unwrap();
    let collected = acks.collected().await;
    assert!(collected.answers.is_empty() && collected.missing.is_empty());
    let acks = three.all.emit_with_ack::<u8>("q", ()).await.unwrap();
    assert_eq!(three.sockets[0].pending_acks(), 1);
    drop(acks);
    assert!(three.sockets.iter().all(|socket| socket.pending_acks() == 0));
}

#[tokio::test]
async fn a_volatile_question_is_not_awaited_of_those_who_did_not_get_it() {
    let three = three();
    three.sockets[1].outbox().set_writable(true);
    let acks = three.all.clone().volatile().emit_with_ack::<u8>("q", ()).await.unwrap();
    three.sockets[1].acknowledge(0, arguments("[1]"));
    let collected = acks.collected().await;
    assert_eq!(collected.answers, [(three.sockets[1].id(), 1)]);
    assert_eq!(collected.missing.len(), 2);
}

#[tokio::test]
async fn members_join_leave_are_listed_and_sent_away_together() {
    let three = three();
    let [ada, bob, _] = &three.sockets;
    let two = three.all.clone().to([ada.id(), bob.id()]);
    two.join("queue").await.unwrap();
    let listed = three.all.clone().to("queue").sockets().await.unwrap();
    assert_eq!(listed.iter().map(SocketInfo::id).collect::<Vec<_>>(), [ada.id(), bob.id()]);
    assert_eq!(listed[0].rooms(), [ada.id().as_str(), "queue"]);
    assert_eq!(listed[0].handshake().header("cookie"), Some("session=ada"));
    two.leave("queue").await.unwrap();
    assert!(three.all.clone().to("queue").sockets().await.unwrap().is_empty());
    drop(two.emit("bye", ()));
    two.disconnect().await.unwrap();
    assert_eq!(sent(ada), [r#"2/chat,["bye"]"#, "1/chat,"]);
    assert!(!bob.connected());
    three.all.close().await.unwrap();
    assert_eq!(three.world.session.closes.load(std::sync::atomic::Ordering::Relaxed), 3);
}

#[tokio::test]
async fn a_handle_without_a_server_says_so() {
    let error = Broadcast::not_mounted("/chat").to("a").emit("e", 1).await.unwrap_err();
    assert!(matches!(error, BroadcastError::Emit(EmitError::NotMounted)));
    let error = Broadcast::unknown("/nope").emit_with_ack::<u8>("e", 1).await.unwrap_err();
    assert!(matches!(error, BroadcastError::Emit(EmitError::UnknownNamespace(name)) if &*name == "/nope"));
    assert!(matches!(Broadcast::closed("/").sockets().await, Err(BroadcastError::Emit(EmitError::Closed))));
    let reserved = three().all.emit("connect", ()).await;
    assert!(matches!(reserved, Err(BroadcastError::Emit(EmitError::Reserved(_)))));
}
