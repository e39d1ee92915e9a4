//! Section P: namespaces that are made for those who come.

use std::time::Duration;

use axum::Json;
use serde_json::Value;
use sockeye::{
    BroadcastError, Builder, Data, EmitError, Io, Joining, Namespace, NamespacePath, Recovery, Refusal,
    Socket, Sockeye,
};
use tokio::time::{Instant, sleep};

use crate::support::{BOTH, Gate, Log, Peer, Server, Via, settle};

/// Writes down who is greeted.
fn greets(log: &Log) -> Namespace {
    let log = log.clone();
    Namespace::new().on_connect(async move |socket: Socket| {
        log.write(format!("connect {}", socket.namespace_name()));
    })
}

fn names(io: &Io) -> Vec<String> {
    io.namespaces().iter().map(|info| info.name.to_string()).collect()
}

fn invalid(name: &str) -> String {
    format!(r#"44{name},{{"message":"Invalid namespace"}}"#)
}

const NONE: [&str; 0] = [];

#[tokio::test(start_paused = true)]
async fn edge_309_a_pattern_makes_a_namespace_at_the_first_connect() {
    for via in BOTH {
        let log = Log::default();
        let server = Server::built(Sockeye::builder().namespace("/dynamic/{id}", greets(&log)));
        assert_eq!(names(server.io()), NONE);
        let mut peer = Peer::open(&server, via).await;
        peer.connect("40/dynamic/101,").await;
        log.expect(&["connect /dynamic/101"]).await;
        assert_eq!(names(server.io()), ["/dynamic/101"]);
        peer.ask("40/dynamic,", &invalid("/dynamic")).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_310_an_emit_into_a_room_of_all_namespaces_of_a_pattern() {
    let joins = async |Joining(socket): Joining, Json(auth): Json<Value>| {
        if auth["in"] == true {
            socket.join("some-room").await.unwrap();
        }
    };
    for via in BOTH {
        let server =
            Server::built(Sockeye::builder().namespace("/dynamic/{id}", Namespace::new().admit(joins)));
        let mut peers = Vec::new();
        for (name, is_in) in [("/dynamic/1", true), ("/dynamic/2", true), ("/dynamic/2", false)] {
            let mut peer = Peer::open(&server, via).await;
            peer.connect(&format!(r#"40{name},{{"in":{is_in}}}"#)).await;
            peers.push((peer, name, is_in));
        }
        server.io().of("/dynamic/{id}").to("some-room").emit("message", 1).await.unwrap();
        for (mut peer, name, is_in) in peers {
            if is_in {
                peer.expect(&format!(r#"42{name},["message",1]"#)).await;
            }
            peer.assert_silent().await;
        }
    }
}

/// Allows this name, or fails in one way or another.
async fn only(name: &str, allowed: &str) -> Result<bool, &'static str> {
    match name {
        "/fails" => Err("the text of an error is for the log"),
        "/panics" => panic!("a mistake of the application"),
        name => Ok(name == allowed),
    }
}

#[tokio::test(start_paused = true)]
async fn edge_311_a_function_allows_or_the_next_is_asked() {
    for via in BOTH {
        let log = Log::default();
        let (first, second) = (log.clone(), log.clone());
        let builder = Sockeye::builder()
            .namespace_if(
                "/{*name}",
                move |name: String, auth: Value, ()| {
                    first.write(format!("first {name} {auth}"));
                    async move { only(&name, "/one").await }
                },
                Namespace::new().on("who", async || Data(1)),
            )
            .namespace_if(
                "/{*name}",
                move |name: String, _: Value, ()| {
                    second.write(format!("second {name}"));
                    async move { only(&name, "/two").await }
                },
                Namespace::new().on("who", async || Data(2)),
            );
        let server = Server::built(builder);
        let mut peer = Peer::open(&server, via).await;
        for (name, who) in
            [("/one", Some(1)), ("/two", Some(2)), ("/three", None), ("/fails", None), ("/panics", None)]
        {
            let Some(who) = who else {
                peer.ask(&format!("40{name},"), &invalid(name)).await;
                continue;
            };
            peer.connect(&format!(r#"40{name},{{"a":1}}"#)).await;
            peer.ask(&format!(r#"42{name},1["who"]"#), &format!("43{name},1[{who}]")).await;
        }
        log.expect(&[
            r#"first /one {"a":1}"#,
            r#"first /two {"a":1}"#,
            "second /two",
            "first /three {}",
            "second /three",
            "first /fails {}",
            "second /fails",
            "first /panics {}",
            "second /panics",
        ])
        .await;
        assert_eq!(names(server.io()), ["/one", "/two"]);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_312_each_namespace_is_told_of_once() {
    for via in BOTH {
        let log = Log::default();
        let created = log.clone();
        let builder = Sockeye::builder()
            .namespace("/", Namespace::new())
            .namespace("/dynamic/{id}", greets(&log))
            .on_namespace(move |namespace| created.write(format!("new {}", namespace.name())));
        let server = Server::built(builder);
        let mut peer = Peer::join(&server, via).await;
        peer.connect("40/dynamic/101,").await;
        let mut other = Peer::open(&server, via).await;
        other.connect("40/dynamic/101,").await;
        other.connect("40/dynamic/102,").await;
        let (one, two) = ("connect /dynamic/101", "connect /dynamic/102");
        log.expect(&["new /dynamic/101", one, one, "new /dynamic/102", two]).await;
        log.clear();
        // One that is added by name is new, too.
        server.io().add_namespace("/late", Namespace::new()).unwrap();
        log.expect(&["new /late"]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_313_two_clients_race_for_a_new_name() {
    for via in BOTH {
        let (log, gate) = (Log::default(), Gate::closed());
        let (created, waits) = (log.clone(), gate.clone());
        let admit = async move |Json(auth): Json<Value>| {
            waits.pass().await;
            if auth["refuse"] == true { Err(Refusal::new("no")) } else { Ok(()) }
        };
        let allow = async |_: String, _: Value, ()| {
            sleep(Duration::from_secs(1)).await;
            true
        };
        for function in [false, true] {
            let (namespace, created) = (greets(&log).admit(admit.clone()), created.clone());
            let builder = Sockeye::builder()
                .on_namespace(move |namespace| created.write(format!("new {}", namespace.name())));
            let builder: Builder = if function {
                builder.namespace_if("/{id}", allow, namespace)
            } else {
                builder.namespace("/{id}", namespace)
            };
            let server = Server::built(builder);
            let (mut one, mut two) = (Peer::open(&server, via).await, Peer::open(&server, via).await);
            let mut refused = Peer::open(&server, via).await;
            one.send("40/a,").await;
            two.send("40/a,").await;
            refused.send(r#"40/a,{"refuse":true}"#).await;
            sleep(Duration::from_secs(2)).await;
            assert_eq!(names(server.io()), NONE);
            gate.let_pass(3);
            for peer in [&mut one, &mut two] {
                assert!(peer.packet().await.starts_with("40/a,{"));
            }
            refused.expect(r#"44/a,{"message":"no"}"#).await;
            // They are in one namespace: both hear what is said there.
            server.io().of("/a").emit("hello", ()).await.unwrap();
            one.expect(r#"42/a,["hello"]"#).await;
            two.expect(r#"42/a,["hello"]"#).await;
            log.expect(&["new /a", "connect /a", "connect /a"]).await;
            assert_eq!(server.io().namespaces()[0].sockets, 2);
            log.clear();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_314_a_namespace_goes_with_its_last_socket_and_comes_again() {
    for via in BOTH {
        let log = Log::default();
        let created = log.clone();
        let builder = Sockeye::builder()
            .namespace("/", Namespace::new())
            .namespace("/dynamic/{id}", Namespace::new())
            .on_namespace(move |namespace| created.write(namespace.name()));
        let server = Server::built(builder);
        let mut peer = Peer::join(&server, via).await;
        let mut other = Peer::open(&server, via).await;
        for round in 1..=2 {
            peer.connect("40/dynamic/101,").await;
            other.connect("40/dynamic/101,").await;
            peer.send("41/dynamic/101,").await;
            settle().await;
            assert_eq!(names(server.io()), ["/", "/dynamic/101"]);
            other.send("41/dynamic/101,").await;
            settle().await;
            assert_eq!(names(server.io()), ["/"]);
            assert_eq!(log.lines(), ["/dynamic/101"].repeat(round));
        }
        // However it leaves.
        peer.connect("40/dynamic/101,").await;
        server.io().of("/dynamic/101").disconnect().await.unwrap();
        peer.expect("41/dynamic/101,").await;
        settle().await;
        assert_eq!(names(server.io()), ["/"]);
        peer.connect("40/dynamic/101,").await;
        peer.vanish().await;
        assert_eq!(names(server.io()), ["/"]);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_315_a_namespace_stays_where_that_is_asked_for() {
    for via in BOTH {
        let admit = async |NamespacePath(_): NamespacePath<u32>| ();
        let builder = Sockeye::builder()
            .namespace("/dynamic/{id}", Namespace::new().admit(admit))
            .keep_empty_namespaces(true);
        let server = Server::built(builder);
        let mut peer = Peer::open(&server, via).await;
        peer.connect("40/dynamic/101,").await;
        peer.send("41/dynamic/101,").await;
        settle().await;
        assert_eq!(names(server.io()), ["/dynamic/101"]);
        assert_eq!(server.io().namespaces()[0].sockets, 0);
        peer.connect("40/dynamic/101,").await;
        // One that nobody was let in to was never there.
        peer.send("40/dynamic/x,").await;
        assert!(peer.packet().await.starts_with("44/dynamic/x,"));
        settle().await;
        assert_eq!(names(server.io()), ["/dynamic/101"]);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_316_who_is_refused_leaves_nothing_and_takes_nothing() {
    for via in BOTH {
        let admit = async |Json(auth): Json<Value>| {
            if auth["in"] == true { Ok(()) } else { Err(Refusal::new("no")) }
        };
        let server =
            Server::built(Sockeye::builder().namespace("/dynamic/{id}", Namespace::new().admit(admit)));
        let mut peer = Peer::open(&server, via).await;
        peer.ask("40/dynamic/101,", r#"44/dynamic/101,{"message":"no"}"#).await;
        assert_eq!(names(server.io()), NONE);
        let mut other = Peer::open(&server, via).await;
        other.connect(r#"40/dynamic/101,{"in":true}"#).await;
        peer.ask("40/dynamic/101,", r#"44/dynamic/101,{"message":"no"}"#).await;
        settle().await;
        assert_eq!(names(server.io()), ["/dynamic/101"]);
        server.io().of("/dynamic/101").emit("still", "here").await.unwrap();
        other.expect(r#"42/dynamic/101,["still","here"]"#).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_317_a_namespace_that_was_added_by_name_stays() {
    for via in BOTH {
        let builder =
            Sockeye::builder().namespace("/static", Namespace::new()).namespace("/{id}", Namespace::new());
        let server = Server::built(builder);
        server.io().add_namespace("/late", Namespace::new()).unwrap();
        let mut peer = Peer::open(&server, via).await;
        for name in ["/static", "/late"] {
            peer.connect(&format!("40{name},")).await;
            peer.send(&format!("41{name},")).await;
        }
        settle().await;
        assert_eq!(names(server.io()), ["/late", "/static"]);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_318_a_name_that_fits_a_pattern_is_addressed_before_it_exists() {
    for via in BOTH {
        let log = Log::default();
        let server = Server::built(Sockeye::builder().namespace("/dynamic/{id}", greets(&log)));
        let by_hand = server.io().of("/dynamic/101");
        // It is not made by that: nobody hears, and nothing is kept.
        by_hand.emit("to", "nobody").await.unwrap();
        assert_eq!(names(server.io()), NONE);
        let mut peer = Peer::open(&server, via).await;
        for _ in 0..2 {
            // It belongs to the pattern, whose handlers run, and what was kept reaches it each time it comes again.
            peer.connect("40/dynamic/101,").await;
            by_hand.emit("to", "whom it reaches").await.unwrap();
            peer.expect(r#"42/dynamic/101,["to","whom it reaches"]"#).await;
            peer.send("41/dynamic/101,").await;
            settle().await;
        }
        log.expect(&["connect /dynamic/101", "connect /dynamic/101"]).await;
        let never = server.io().of("/other").emit("to", "nobody").await.unwrap_err();
        assert!(matches!(never, BroadcastError::Emit(EmitError::UnknownNamespace(_))), "{never:?}");
    }
}

/// A function that takes its time holds up nobody else, and the connect timeout goes on.
#[tokio::test(start_paused = true)]
async fn edge_311_a_function_that_does_not_answer() {
    for via in BOTH {
        let allow = async |_: String, _: Value, ()| std::future::pending::<bool>().await;
        let builder = Sockeye::builder()
            .namespace("/", Namespace::new().on("echo", async |Data(text): Data<String>| Data(text)))
            .namespace_if("/{id}", allow, Namespace::new());
        let server = Server::built(builder);
        let mut peer = Peer::join(&server, via).await;
        let start = Instant::now();
        peer.send("40/a,").await;
        peer.ask(r#"421["echo","x"]"#, r#"431["x"]"#).await;
        assert!(start.elapsed() < Duration::from_secs(1));
        peer.expect(r#"44/a,{"message":"admission timed out"}"#).await;
        assert_eq!(start.elapsed().as_secs(), 10);
    }
}

/// What was kept for those who are away goes with the namespace, so who was alone in one comes back as somebody else,
/// unless the namespace stays.
/// What a client is told who joins with this auth: the name of its socket, and the secret of its session.
async fn joins(server: &Server, via: Via, name: &str, auth: &str) -> (Peer, Value, Value) {
    let mut peer = Peer::open(server, via).await;
    peer.send(&format!("40{name},{auth}")).await;
    let answer = peer.packet().await;
    let answer = answer.strip_prefix(&format!("40{name},")).unwrap_or_else(|| panic!("not let in: {answer}"));
    let json: Value = serde_json::from_str(answer).unwrap();
    (peer, json["sid"].clone(), json["pid"].clone())
}

fn recovers() -> Builder {
    let recovery = Recovery::for_at_most(Duration::from_secs(60));
    Sockeye::builder().namespace("/{id}", Namespace::new()).recovery(recovery)
}

#[tokio::test(start_paused = true)]
async fn edge_315_a_namespace_stays_for_who_was_alone_and_may_come_back() {
    for via in BOTH {
        let server = Server::built(recovers());
        let (peer, sid, pid) = joins(&server, via, "/a", "{}").await;
        peer.vanish().await;
        assert_eq!(names(server.io()), ["/a"]);
        let (peer, again, _) = joins(&server, via, "/a", &format!(r#"{{"pid":{pid}}}"#)).await;
        assert_eq!(again, sid);
        peer.vanish().await;
        // When nobody can come back any more, it is found when others come and go.
        sleep(Duration::from_secs(70)).await;
        let (mut peer, _, _) = joins(&server, via, "/b", "{}").await;
        peer.send("41/b,").await;
        settle().await;
        assert_eq!(names(server.io()), NONE);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_315_who_is_away_takes_no_place_from_who_comes() {
    for via in BOTH {
        let server = Server::built(recovers().max_dynamic_namespaces(2));
        let (peer, sid, pid) = joins(&server, via, "/a", "{}").await;
        peer.vanish().await;
        let (_b, _, _) = joins(&server, via, "/b", "{}").await;
        assert_eq!(server.io().namespaces().len(), 2);
        let (c, _, _) = joins(&server, via, "/c", "{}").await;
        let mut there = names(server.io());
        there.sort();
        assert_eq!(there, ["/b", "/c"]);
        // Both are full of those who are there.
        let mut peer = Peer::open(&server, via).await;
        peer.ask("40/d,", r#"44/d,{"message":"Too many namespaces"}"#).await;
        c.vanish().await;
        let (_peer, again, _) = joins(&server, via, "/a", &format!(r#"{{"pid":{pid}}}"#)).await;
        assert_ne!(again, sid, "its session has gone with its namespace");
    }
}
