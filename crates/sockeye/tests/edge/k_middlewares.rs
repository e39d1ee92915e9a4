//! Section K: middlewares, which are admission for CONNECT and tower layers for events.

use std::time::Duration;

use axum::{
    Extension, Json,
    extract::Request,
    http::StatusCode,
    middleware::{self, Next},
};
use serde_json::{Value, json};
use sockeye::{Admitted, Data, Event, Joining, Namespace, Refusal, Reply, Route, Socket};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep},
};
use tower::{BoxError, filter::FilterLayer, layer::layer_fn, service_fn};

use crate::support::{BOTH, Log, Peer, Server, server, witness};

const INTERNAL: &str = r#"[{"error":{"code":"internal","message":"internal error"}}]"#;

/// Refuses or admits as the auth payload says.
async fn choosy(Json(auth): Json<Value>) -> Result<(), Refusal> {
    match auth["refuse"].as_str() {
        Some(message) => Err(Refusal::new(message)),
        None => Ok(()),
    }
}

#[tokio::test(start_paused = true)]
async fn edge_238_admission_runs_in_order_and_the_connect_handler_after_it() {
    for via in BOTH {
        let log = Log::default();
        let admits = log.clone();
        let slow = |name: &'static str| {
            let log = log.clone();
            middleware::from_fn(move |request: Request, next: Next| {
                let log = log.clone();
                async move {
                    sleep(Duration::from_secs(2)).await;
                    log.write(name);
                    next.run(request).await
                }
            })
        };
        let namespace = witness(&log)
            .admit(async move || {
                sleep(Duration::from_secs(2)).await;
                admits.write("third");
            })
            .admit_layer(slow("second"))
            .admit_layer(slow("first"));
        let server = Server::new(namespace);
        let mut peer = Peer::open(&server, via).await;
        let asked = Instant::now();
        peer.connect("40").await;
        assert_eq!(asked.elapsed().as_secs(), 6);
        log.expect(&["first", "second", "third", "connect"]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_239_a_refusal_tells_its_message() {
    for via in BOTH {
        let log = Log::default();
        let namespace = || witness(&log).admit(choosy);
        let server = server([("/", namespace()), ("/custom", namespace())]);
        let mut peer = Peer::open(&server, via).await;
        peer.ask(r#"40{"refuse":"m"}"#, r#"44{"message":"m"}"#).await;
        peer.ask(r#"40/custom,{"refuse":"\"m\" é"}"#, r#"44/custom,{"message":"\"m\" é"}"#).await;
        log.expect(&[]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_240_a_refusal_may_bring_data() {
    for via in BOTH {
        let admit = async |Json(auth): Json<Value>| Refusal::new("m").data(auth);
        let null = async || Refusal::new("m").data(Value::Null);
        let server = server([("/", Namespace::new().admit(admit)), ("/null", Namespace::new().admit(null))]);
        let mut peer = Peer::open(&server, via).await;
        let cases = [
            (r#"40{"code":"E1","more":[1,null]}"#, "44", json!({"code": "E1", "more": [1, null]})),
            ("40", "44", json!({})),
            ("40/null,", "44/null,", Value::Null),
        ];
        for (connect, before, data) in cases {
            peer.send(connect).await;
            let packet = peer.packet().await;
            let payload: Value = serde_json::from_str(packet.strip_prefix(before).unwrap()).unwrap();
            assert_eq!(payload, json!({"message": "m", "data": data}), "{packet}");
        }
    }
}

/// A deliberate difference: an answer that is no refusal of ours has a message all the same, its text (API.md, section
/// 2), since `connect_error` without a message helps nobody.
#[tokio::test(start_paused = true)]
async fn edge_241_a_refusal_by_text_tells_the_text() {
    for via in BOTH {
        let server = Server::new(Namespace::new().admit(async || (StatusCode::FORBIDDEN, "text")));
        let mut peer = Peer::open(&server, via).await;
        peer.send("40").await;
        let packet = peer.packet().await;
        let payload: Value = serde_json::from_str(packet.strip_prefix("44").unwrap()).unwrap();
        assert_eq!(payload, json!({"message": "text", "data": {"status": 403, "body": "text"}}));
    }
}

#[tokio::test(start_paused = true)]
async fn edge_242_who_was_refused_may_try_again() {
    for via in BOTH {
        let log = Log::default();
        let server = Server::new(witness(&log).admit(choosy));
        let mut peer = Peer::open(&server, via).await;
        for attempt in 0..3 {
            peer.ask(&format!(r#"40{{"refuse":"{attempt}"}}"#), &format!(r#"44{{"message":"{attempt}"}}"#))
                .await;
        }
        peer.connect("40").await;
        peer.assert_alive().await;
        log.expect(&["connect", "alive[]"]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_243_who_goes_during_the_admission_has_never_come() {
    struct Dropped(Log);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.write("dropped");
        }
    }
    for via in BOTH {
        let log = Log::default();
        let admits = log.clone();
        let (tell, mut told) = mpsc::unbounded_channel::<Socket>();
        let namespace = witness(&log).admit(async move |Joining(socket): Joining| {
            let _dropped = Dropped(admits.clone());
            socket.join("early").await.unwrap();
            admits.write("asked");
            tell.send(socket).unwrap();
            std::future::pending::<()>().await;
        });
        let server = Server::new(namespace);
        let mut peer = Peer::open(&server, via).await;
        peer.send("40").await;
        let socket = told.recv().await.unwrap();
        assert_eq!(socket.rooms(), ["early"]);
        peer.vanish().await;
        log.expect(&["asked", "dropped"]).await;
        assert!(server.io().to("early").sockets().await.unwrap().is_empty());
        assert!(socket.rooms().is_empty() && !socket.connected());
        assert!(socket.join("late").await.is_err());
        sleep(Duration::from_secs(60)).await;
        log.expect(&["asked", "dropped"]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_244_a_socket_is_connected_from_its_admission_on() {
    for via in BOTH {
        let log = Log::default();
        let (admits, comes) = (log.clone(), log.clone());
        let namespace = Namespace::new()
            .admit(async move |Joining(socket): Joining| {
                admits.write(format!("admission {}", socket.connected()))
            })
            .on_connect(async move |socket: Socket| comes.write(format!("connect {}", socket.connected())));
        let server = Server::new(namespace);
        Peer::join(&server, via).await;
        log.expect(&["admission false", "connect true"]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_245_each_namespace_has_its_own_admission() {
    for via in BOTH {
        let log = Log::default();
        let admits = |name: &'static str| {
            let log = log.clone();
            async move || log.write(name)
        };
        let server = server([
            ("/", Namespace::new().admit(admits("main"))),
            ("/custom", Namespace::new().admit(admits("custom"))),
            ("/open", Namespace::new()),
            ("/closed", Namespace::new().admit(async || Refusal::new("closed"))),
        ]);
        let mut peer = Peer::open(&server, via).await;
        peer.connect("40/custom,").await;
        peer.connect("40/open,").await;
        log.expect(&["custom"]).await;
        peer.ask("40/closed,", r#"44/closed,{"message":"closed"}"#).await;
        peer.connect("40").await;
        log.expect(&["custom", "main"]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_246_auth_of_two_namespaces_is_not_mixed() {
    for via in BOTH {
        let keeps = || {
            let admit = async |Json(auth): Json<Value>| Extension(auth);
            Namespace::new().admit(admit).on(
                "auth",
                async |socket: Socket, Admitted(auth): Admitted<Value>| {
                    assert_eq!(serde_json::from_slice::<Value>(socket.auth()).unwrap(), auth);
                    Data(auth)
                },
            )
        };
        let server = server([("/", keeps()), ("/custom", keeps())]);
        let mut peer = Peer::open(&server, via).await;
        peer.connect(r#"40{"a":1}"#).await;
        peer.connect(r#"40/custom,{"b":2}"#).await;
        peer.ask(r#"421["auth"]"#, r#"431[{"a":1}]"#).await;
        peer.ask(r#"42/custom,2["auth"]"#, r#"43/custom,2[{"b":2}]"#).await;
        // Nor is that of two times.
        peer.send("41").await;
        peer.connect(r#"40{"c":3}"#).await;
        peer.ask(r#"423["auth"]"#, r#"433[{"c":3}]"#).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_247_rooms_of_a_refused_socket_are_left() {
    for via in BOTH {
        let (tell, mut told) = mpsc::unbounded_channel::<Socket>();
        let admit = async move |Joining(socket): Joining, Json(auth): Json<Value>| {
            socket.join(["a", "b"]).await.unwrap();
            tell.send(socket).unwrap();
            if auth["good"] == true { Ok(()) } else { Err(Refusal::new("no")) }
        };
        let server = Server::new(Namespace::new().admit(admit));
        let mut peer = Peer::open(&server, via).await;
        peer.ask("40", r#"44{"message":"no"}"#).await;
        let socket = told.recv().await.unwrap();
        assert!(socket.rooms().is_empty(), "{:?}", socket.rooms());
        server.io().to("a").emit("news", 1).await.unwrap();
        server.io().to(socket.id()).emit("news", 2).await.unwrap();
        let id = peer.connect(r#"40{"good":true}"#).await;
        assert_eq!(told.recv().await.unwrap().rooms(), [&*id, "a", "b"]);
        server.io().to("a").emit("news", 3).await.unwrap();
        peer.expect(r#"42["news",3]"#).await;
    }
}

/// A deliberate difference: an event that a layer refuses is answered (API.md, section 6: errors of layers become
/// replies), and the client that asked does not wait for ever. That the session lives is no difference.
#[tokio::test(start_paused = true)]
async fn edge_249_an_error_of_a_layer_is_the_answer() {
    for via in BOTH {
        let log = Log::default();
        let refuses = FilterLayer::new(|event: Event| match event.name() {
            "bad" => Err(BoxError::from("a secret of the server")),
            _ => Ok(event),
        });
        let server = Server::new(witness(&log).layer(refuses));
        let mut peer = Peer::join(&server, via).await;
        peer.ask(r#"421["bad"]"#, &format!("431{INTERNAL}")).await;
        peer.send(r#"42["bad"]"#).await;
        peer.assert_silent().await;
        peer.assert_alive().await;
        log.expect(&["connect", "alive[]"]).await;
    }
}

/// A deliberate difference: a layer cannot lose an event by forgetting to pass it on. It is a function that returns a
/// reply (API.md, section 6), so it has to say what the client is told, and `Reply::none()` if that is nothing.
#[tokio::test(start_paused = true)]
async fn edge_250_a_layer_that_does_not_pass_an_event_on_says_what_the_client_is_told() {
    for via in BOTH {
        let log = Log::default();
        let stops = layer_fn(|inner: Route| {
            service_fn(move |event: Event| {
                let inner = inner.clone();
                async move {
                    Ok::<Reply, BoxError>(match event.name() {
                        "refused" => Reply::error("closed", "not on sundays"),
                        "dropped" => Reply::none(),
                        _ => tower::ServiceExt::oneshot(inner, event).await?,
                    })
                }
            })
        });
        let server = Server::new(witness(&log).layer(stops));
        let mut peer = Peer::join(&server, via).await;
        peer.ask(r#"421["refused"]"#, r#"431[{"error":{"code":"closed","message":"not on sundays"}}]"#).await;
        peer.send(r#"422["dropped"]"#).await;
        peer.assert_silent().await;
        peer.assert_alive().await;
        log.expect(&["connect", "alive[]"]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_251_a_layer_outside_sees_events_that_one_inside_refuses() {
    for via in BOTH {
        let log = Log::default();
        let sees = |name: &'static str| {
            let log = log.clone();
            tower::util::MapRequestLayer::new(move |event: Event| {
                log.write(format!("{name} {}", event.name()));
                event
            })
        };
        let refuses = FilterLayer::new(|event: Event| match event.name() {
            "bad" => Err(BoxError::from("no")),
            _ => Ok(event),
        });
        let server = Server::new(
            Namespace::new().on("good", async || {}).layer(sees("in")).layer(refuses).layer(sees("out")),
        );
        let mut peer = Peer::join(&server, via).await;
        peer.ask(r#"421["bad"]"#, &format!("431{INTERNAL}")).await;
        peer.ask(r#"422["good"]"#, "432[]").await;
        log.expect(&["out bad", "out good", "in good"]).await;
    }
}

/// A layer that panics.
async fn explodes(_: Event) -> Result<Reply, BoxError> {
    panic!("in a layer")
}

/// A deliberate difference: a panic in a handler costs one reply (ARCHITECTURE, section 8, promise 6). Session and
/// process go on.
#[tokio::test(start_paused = true)]
async fn edge_252_a_panic_costs_one_reply() {
    for via in BOTH {
        let log = Log::default();
        let broken = || {
            Namespace::new()
                .on("now", async || -> Data<u8> { panic!("in a handler") })
                .on("later", async || -> Data<u8> {
                    sleep(Duration::from_secs(1)).await;
                    panic!("after a while")
                })
                .on("alive", async || {})
        };
        let (comes, goes) = (log.clone(), log.clone());
        let admit = async |Json(auth): Json<Value>| {
            assert!(auth["panic"] != true, "in an admission");
        };
        let panics = broken()
            .admit(admit)
            .on_connect(async move || -> Data<u8> {
                comes.write("connect");
                panic!("in a connect handler")
            })
            .on_disconnect(async move || -> Data<u8> {
                goes.write("disconnect");
                panic!("in a disconnect handler")
            });
        let layered = broken().layer(layer_fn(|_: Route| service_fn(explodes)));
        let server = server([("/", panics), ("/layered", layered)]);
        let mut bystander = Peer::open(&server, via).await;
        bystander.connect("40").await;

        let mut peer = Peer::open(&server, via).await;
        peer.ask(r#"40{"panic":true}"#, r#"44{"message":"internal error"}"#).await;
        peer.connect("40").await;
        for event in ["now", "later"] {
            peer.ask(&format!(r#"421["{event}"]"#), &format!("431{INTERNAL}")).await;
            peer.send(&format!(r#"42["{event}"]"#)).await;
        }
        peer.connect("40/layered,").await;
        peer.ask(r#"42/layered,1["alive"]"#, &format!("43/layered,1{INTERNAL}")).await;
        peer.assert_alive().await;
        peer.send("41").await;
        log.expect(&["connect", "connect", "disconnect"]).await;
        peer.connect("40").await;
        peer.assert_alive().await;
        bystander.assert_alive().await;
    }
}
