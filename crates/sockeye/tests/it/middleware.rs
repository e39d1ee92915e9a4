//! Functions that wrap the way of an event.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::extract::State;
use bytes::Bytes;
use http::HeaderMap;
use sockeye::{
    Acker, Admitted, Args, Data, Event, EventName, Handler, Namespace, Raw, Reply, Socket,
    event::{self, Next},
};
use tower::{ServiceBuilder, limit::ConcurrencyLimitLayer, load_shed::LoadShedLayer, timeout::TimeoutLayer};

use crate::kit::{BOTH, Client, Gate, Log, Via, serve, settle};

/// Sends each packet and expects the answer.
async fn ask(client: &mut Client, trips: &[(&str, &str)]) {
    for (packet, answer) in trips {
        client.send(packet).await;
        assert_eq!(client.packet().await, *answer, "{packet}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_function_sees_changes_and_refuses_events() {
    async fn guard(
        socket: Socket,
        EventName(name): EventName,
        headers: HeaderMap,
        mut event: Event,
        next: Next,
    ) -> Reply {
        assert!(socket.connected() && headers.contains_key("x-app"));
        assert_eq!(&*name, event.name());
        match event.name() {
            "delete-user" => return Reply::error("forbidden", "not you"),
            "double" => {
                let n: u32 = event.arguments().deserialize_first().unwrap();
                event.set_args((n * 2, &Bytes::from_static(b"x"))).unwrap();
            }
            "old-name" => event.set_name("new-name"),
            "endless" => assert!(event.set_args(&std::collections::BTreeMap::from([((1, 2), 3)])).is_err()),
            _ => {}
        }
        next.run(event).await
    }
    let deleted = Arc::new(AtomicUsize::new(0));
    let counted = deleted.clone();
    let namespace = || {
        let counted = counted.clone();
        Namespace::new()
            .on("delete-user", async move || Data(counted.fetch_add(1, Ordering::SeqCst)))
            .on("double", async |Args((n, bytes)): Args<(u32, Bytes)>| Data(n as usize + bytes.len()))
            .on("new-name", async |EventName(name): EventName| Data(name.to_string()))
            .on("endless", async |Raw(arguments): Raw| Data(arguments.as_json().to_owned()))
    };
    for via in BOTH {
        let app = serve(namespace().layer(event::from_fn(guard)));
        let mut client = Client::open_with(&app, via, &[("x-app", "1")]).await;
        client.connect("40").await;
        let trips = [
            (r#"421["delete-user","ada"]"#, r#"431[{"error":{"code":"forbidden","message":"not you"}}]"#),
            (r#"422["double",21]"#, "432[43]"),
            (r#"423["old-name"]"#, r#"433["new-name"]"#),
            (r#"424["endless",1]"#, r#"434["[1]"]"#),
        ];
        ask(&mut client, &trips).await;
        assert_eq!(deleted.load(Ordering::SeqCst), 0);
    }
    // Around routes it may refuse, too, but no longer choose the handler.
    let app = serve(namespace().route_layer(event::from_fn(guard)));
    let mut client = Client::open_with(&app, Via::WebSocket, &[("x-app", "1")]).await;
    client.connect("40").await;
    client.send(r#"421["old-name"]"#).await;
    assert!(client.packet().await.contains("unknown_event"));
    client.send(r#"422["delete-user"]"#).await;
    assert!(client.packet().await.contains("forbidden"));
}

#[tokio::test(start_paused = true)]
async fn the_reply_can_be_read_and_replaced() {
    let log = Log::default();
    let seen = log.clone();
    let read = async move |event: Event, next: Next| {
        let name = event.name().to_owned();
        let reply = next.run(event).await;
        let arguments = reply.arguments();
        let json = arguments.as_ref().map_or("none", |arguments| arguments.as_json());
        let bytes = arguments.as_ref().map_or(0, |arguments| arguments.attachments().concat().len());
        seen.write(format!("{name} {} {:?} {json} {bytes}", reply.is_error(), reply.error_code()));
        if name == "replace" { Reply::args((1, "two")) } else { reply }
    };
    let app = serve(
        Namespace::new()
            .on("value", async || Data(7))
            .on("bytes", async || Data(Bytes::from_static(b"abc")))
            .on("error", async || -> Result<(), Reply> { Err(Reply::error("taken", "it is")) })
            .on("own", async || -> Result<(), Data<&'static str>> { Err(Data("an error all the same")) })
            .on("payload", async |Data(_): Data<u32>| {})
            .on("extractor", async |Admitted(_): Admitted<String>| {})
            .on("hand", async |acker: Acker| drop(acker.send("by hand")))
            .on("none", async || sockeye::NoAck)
            .on("replace", async || {})
            .on("late", async || std::future::pending::<()>().await)
            .layer(TimeoutLayer::new(Duration::from_secs(5)))
            .layer(event::from_fn(read)),
    );
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    let names = ["value", "bytes", "error", "own", "payload", "extractor", "hand", "none", "replace", "late"];
    for name in names.into_iter().chain(["unknown"]) {
        client.send(&format!(r#"421["{name}"]"#)).await;
        if name != "none" {
            let answer = client.packet().await;
            match name {
                "bytes" => drop(client.next().await),
                "replace" => assert_eq!(answer, r#"431[1,"two"]"#),
                "hand" => assert_eq!(answer, r#"431["by hand"]"#),
                _ => assert!(answer.starts_with("431["), "{answer}"),
            }
        }
    }
    let lines = log.wait(11).await;
    assert_eq!(lines[0], "value false None [7] 0");
    assert_eq!(lines[1], r#"bytes false None [{"_placeholder":true,"num":0}] 3"#);
    assert_eq!(lines[2], r#"error true Some("taken") [{"error":{"code":"taken","message":"it is"}}] 0"#);
    assert_eq!(lines[3], r#"own true None ["an error all the same"] 0"#);
    assert!(lines[4].starts_with(r#"payload true Some("invalid_payload")"#), "{}", lines[4]);
    assert!(lines[5].starts_with(r#"extractor true Some("internal")"#), "{}", lines[5]);
    assert_eq!(lines[6], "hand false None [] 0");
    assert_eq!(lines[7], "none false None none 0");
    assert_eq!(lines[8], "replace false None [] 0");
    assert!(lines[9].starts_with(r#"late true Some("timeout")"#), "{}", lines[9]);
    assert!(lines[10].starts_with(r#"unknown true Some("unknown_event")"#), "{}", lines[10]);
}

#[tokio::test(start_paused = true)]
async fn a_function_has_a_state_of_its_own_and_is_made_once() {
    type Count = Arc<AtomicUsize>;
    async fn count(State(count): State<Count>, event: Event, next: Next) -> Reply {
        count.fetch_add(1, Ordering::SeqCst);
        next.run(event).await
    }
    async fn strict(_: Admitted<String>, event: Event, next: Next) -> Reply {
        next.run(event).await
    }
    let counter = Count::default();
    let app = serve(
        Namespace::new()
            .on("one", (async || Data(1)).layer(event::from_fn_with_state(counter.clone(), count)))
            .on("strict", (async || Data(2)).layer(event::from_fn(strict))),
    );
    for via in BOTH {
        let (mut client, _) = Client::join(&app, via).await;
        ask(&mut client, &[(r#"421["one"]"#, "431[1]"), (r#"422["one"]"#, "432[1]")]).await;
        client.send(r#"423["strict"]"#).await;
        assert!(client.packet().await.contains("internal"), "what it cannot extract is answered");
    }
    assert_eq!(counter.load(Ordering::SeqCst), 4);
}

#[tokio::test(start_paused = true)]
async fn limits_hold_in_one_stack_with_functions() {
    for via in BOTH {
        let gate = Gate::closed();
        let waits = gate.clone();
        let app = serve(
            Namespace::new()
                .on("wait", async move |event: Event| {
                    assert!(event.extensions().get::<tokio::time::Instant>().is_some(), "left by a layer");
                    waits.pass().await;
                })
                .layer(
                    ServiceBuilder::new()
                        .layer(LoadShedLayer::new())
                        .layer(event::from_fn(async |event: Event, next: Next| next.run(event).await))
                        .layer(ConcurrencyLimitLayer::new(1))
                        .map_request(|mut event: Event| {
                            event.extensions_mut().insert(tokio::time::Instant::now());
                            event
                        }),
                ),
        );
        let (mut client, _) = Client::join(&app, via).await;
        client.send(r#"421["wait"]"#).await;
        settle().await;
        // The limit is further in, and the function says that it is not ready.
        client.send(r#"422["wait"]"#).await;
        assert!(client.packet().await.contains("overloaded"));
        gate.let_pass(1);
        assert_eq!(client.packet().await, "431[]");
        client.send(r#"423["wait"]"#).await;
        gate.let_pass(1);
        assert_eq!(client.packet().await, "433[]", "the place is free again");
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_a_function_costs_one_reply() {
    async fn panics(event: Event, next: Next) -> Reply {
        let reply = next.run(event).await;
        assert!(!reply.is_some(), "a panic behind the handler");
        reply
    }
    let app = serve(Namespace::new().on("a", async || Data(1)).layer(event::from_fn(panics)));
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    for _ in 0..2 {
        client.send(r#"421["a"]"#).await;
        assert!(client.packet().await.contains("internal"));
    }
}
