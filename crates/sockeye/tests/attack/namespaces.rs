//! Row 7: a flood of names that fit a pattern.

use axum::Json;
use serde_json::Value;
use sockeye::{Data, DisconnectReason, Namespace, Refusal, Sockeye};

use crate::{
    kit::{Counter, Turns, counts, trip},
    support::{BOTH, Gate, Got, Log, Peer, Server, Via, settle},
};

/// So many names the row asks for.
const NAMES: usize = 20_000;
/// So many of them in one burst.
const BURST: usize = 50;

/// Lets in who says so, and counts who asks.
fn guarded(asked: &Counter) -> Namespace {
    let asked = asked.clone();
    Namespace::new().admit(async move |Json(auth): Json<Value>| {
        asked.count();
        if auth["in"] == true { Ok(()) } else { Err(Refusal::new("no")) }
    })
}

fn count(server: &Server) -> usize {
    server.io().namespaces().len()
}

#[tokio::test(start_paused = true)]
async fn attack_07_names_that_are_refused_cost_nothing() {
    for via in BOTH {
        let asked = Counter::default();
        let server = Server::built(Sockeye::builder().namespace("/t/{id}", guarded(&asked)));
        let mut peer = Peer::open(&server, via).await;
        for burst in 0..NAMES / BURST {
            let names: Vec<_> = (0..BURST).map(|name| format!("40/t/{burst}-{name},")).collect();
            peer.send_all(&names.iter().map(String::as_str).collect::<Vec<_>>()).await;
            for _ in 0..BURST {
                // Admissions of different namespaces go on side by side, and end in no order.
                let refused = peer.packet().await;
                assert!(
                    refused.starts_with("44/t/") && refused.ends_with(r#",{"message":"no"}"#),
                    "{refused}"
                );
            }
            assert_eq!(count(&server), 0);
        }
        assert_eq!(asked.get(), NAMES);
        // And the one that is let in is as any other.
        peer.connect(r#"40/t/1,{"in":true}"#).await;
        assert_eq!(count(&server), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn attack_07_names_that_are_made_and_left_leave_nothing() {
    for via in BOTH {
        let counter = Counter::default();
        let builder =
            Sockeye::builder().namespace("/", counts(&counter)).namespace("/t/{id}", Namespace::new());
        let server = Server::built(builder);
        let (mut peer, mut other) =
            (Peer::join(&server, via).await, Peer::join(&server, Via::WebSocket).await);
        // The clock stands still while turns are watched, so not for longer than that.
        let calm = trip(&mut other, &Turns::watch(&counter)).await;
        for burst in 0..NAMES / BURST {
            let names: Vec<_> = (0..BURST).map(|name| format!("/t/{burst}-{name},")).collect();
            let connects: Vec<_> = names.iter().map(|name| format!("40{name}")).collect();
            peer.send_all(&connects.iter().map(String::as_str).collect::<Vec<_>>()).await;
            for _ in &names {
                assert!(peer.packet().await.starts_with("40/t/"));
            }
            assert_eq!(count(&server), 1 + BURST);
            let leaves: Vec<_> = names.iter().map(|name| format!("41{name}")).collect();
            peer.send_all(&leaves.iter().map(String::as_str).collect::<Vec<_>>()).await;
            settle().await;
            assert_eq!(count(&server), 1);
        }
        // Others did not notice, and do not now.
        assert!(trip(&mut other, &Turns::watch(&counter)).await <= calm + 1);
    }
}

#[tokio::test(start_paused = true)]
async fn attack_07_one_client_is_in_so_many_namespaces_and_no_more() {
    for via in BOTH {
        for most in [3, 64] {
            let log = Log::default();
            let ended = log.clone();
            let namespace = Namespace::new()
                .on_disconnect(async move |reason: DisconnectReason| ended.write(reason.to_string()));
            let builder = Sockeye::builder().namespace("/t/{id}", namespace);
            let server = Server::built(if most == 64 { builder } else { builder.max_namespaces(most) });
            let mut peer = Peer::open(&server, via).await;
            for name in 0..most {
                peer.connect(&format!("40/t/{name},")).await;
            }
            assert_eq!(count(&server), most);
            peer.send("40/t/one-more,").await;
            assert_eq!(peer.next().await, Got::Closed);
            settle().await;
            // All of them went with it, each told once.
            assert_eq!((count(&server), log.lines().len()), (0, most));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn attack_07_so_many_namespaces_exist_and_no_more() {
    for via in BOTH {
        let asked = Counter::default();
        let builder = Sockeye::builder()
            .namespace("/fixed", Namespace::new())
            .namespace("/t/{id}", guarded(&asked))
            .namespace_if("/f/{id}", async |_: String, _: Value, ()| true, Namespace::new())
            .max_dynamic_namespaces(5);
        let server = Server::built(builder);
        let (mut peer, mut other) = (Peer::open(&server, via).await, Peer::open(&server, via).await);
        for name in 0..5 {
            peer.connect(&format!(r#"40/t/{name},{{"in":true}}"#)).await;
        }
        // The next is not even asked for its papers; what exists can be joined, and what was added by name does not count.
        let full = |name: &str| format!(r#"44{name},{{"message":"Too many namespaces"}}"#);
        other.ask(r#"40/t/5,{"in":true}"#, &full("/t/5")).await;
        other.ask("40/f/5,", &full("/f/5")).await;
        assert_eq!(asked.get(), 5);
        other.connect(r#"40/t/0,{"in":true}"#).await;
        other.connect("40/fixed,").await;
        server.io().add_namespace("/late", Namespace::new()).unwrap();
        assert_eq!(count(&server), 7);
        // When one has gone, there is room for one.
        peer.send("41/t/1,").await;
        other.connect("40/f/5,").await;
        peer.ask(r#"40/t/6,{"in":true}"#, &full("/t/6")).await;
    }
}

/// Who has not been let in takes no place: names that wait for their admission do not count, but of many that are let in
/// at the same time no more get in than may.
#[tokio::test(start_paused = true)]
async fn attack_07_names_that_wait_take_no_place() {
    for via in BOTH {
        let gate = Gate::closed();
        let waits = gate.clone();
        let admit = async move |Json(auth): Json<Value>| {
            if auth["wait"] == true {
                waits.pass().await;
            }
        };
        let builder =
            Sockeye::builder().namespace("/t/{id}", Namespace::new().admit(admit)).max_dynamic_namespaces(2);
        let server = Server::built(builder);
        let mut waiting = Peer::open(&server, via).await;
        for name in 0..10 {
            waiting.send(&format!(r#"40/t/{name},{{"wait":true}}"#)).await;
        }
        let mut peer = Peer::open(&server, via).await;
        peer.connect("40/t/a,").await;
        gate.let_pass(10);
        let mut let_in = 0;
        for _ in 0..10 {
            let answer = waiting.packet().await;
            match answer.strip_prefix("44") {
                None => let_in += 1,
                Some(refused) => {
                    assert!(refused.ends_with(r#"{"message":"Too many namespaces"}"#), "{refused}")
                }
            }
        }
        assert_eq!((let_in, count(&server)), (1, 2));
    }
}

#[tokio::test(start_paused = true)]
async fn attack_07_names_are_so_long_and_no_longer() {
    for via in BOTH {
        let server = Server::built(
            Sockeye::builder()
                .namespace("/t/{id}", Namespace::new().on("a", async || Data("there")))
                .max_namespace_len(20),
        );
        let mut peer = Peer::open(&server, via).await;
        let name = format!("/t/{}", "x".repeat(17));
        peer.connect(&format!("40{name},")).await;
        peer.ask(&format!(r#"42{name},1["a"]"#), &format!(r#"43{name},1["there"]"#)).await;
        peer.send(&format!("40{name}x,")).await;
        assert_eq!(peer.next().await, Got::Closed);
        settle().await;
        assert_eq!(count(&server), 0);
    }
}
