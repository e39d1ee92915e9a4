//! Layers are applied once, when the namespace is built, and what they refuse is answered.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use sockeye::{Data, Event, EventName, Handler, Namespace, Reply};
use tower::{
    BoxError, ServiceBuilder,
    layer::layer_fn,
    limit::{ConcurrencyLimitLayer, RateLimitLayer},
    load_shed::LoadShedLayer,
    timeout::TimeoutLayer,
};

use crate::kit::{BOTH, Client, Gate, Log, Via, serve, settle};

/// Counts how often it was applied, and how many events have passed.
#[derive(Clone, Default)]
struct Count {
    applied: Arc<AtomicUsize>,
    passed: Arc<AtomicUsize>,
}

#[derive(Clone)]
struct Counted<V>(V, Arc<AtomicUsize>);

impl<V> tower::Layer<V> for Count {
    type Service = Counted<V>;

    fn layer(&self, inner: V) -> Counted<V> {
        self.applied.fetch_add(1, Ordering::SeqCst);
        Counted(inner, self.passed.clone())
    }
}

impl<V: tower::Service<Event>> tower::Service<Event> for Counted<V> {
    type Response = V::Response;
    type Error = V::Error;
    type Future = V::Future;

    fn poll_ready(&mut self, cx: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), V::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, event: Event) -> V::Future {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.call(event)
    }
}

impl Count {
    fn seen(&self) -> (usize, usize) {
        (self.applied.load(Ordering::SeqCst), self.passed.load(Ordering::SeqCst))
    }
}

#[tokio::test(start_paused = true)]
async fn each_kind_of_layer_sees_its_events_and_is_applied_once() {
    let (all, known, one) = (Count::default(), Count::default(), Count::default());
    let app = serve(
        Namespace::new()
            .on("a", (async || Data("a")).layer(one.clone()))
            .on("b", async || Data("b"))
            .route_layer(known.clone())
            .on("c", async || Data("c"))
            .layer(all.clone()),
    );
    for via in BOTH {
        let (mut client, _) = Client::join(&app, via).await;
        for event in ["a", "b", "c", "unknown"] {
            client.send(&format!(r#"421["{event}"]"#)).await;
            client.packet().await;
        }
    }
    assert_eq!(one.seen(), (1, 2));
    assert_eq!(known.seen(), (2, 4), "around each of two routes");
    assert_eq!(all.seen(), (1, 8));
}

#[tokio::test(start_paused = true)]
async fn the_last_layer_is_the_outermost() {
    let log = Log::default();
    let tell = |name: &'static str| {
        let log = log.clone();
        tower::util::MapRequestLayer::new(move |event: Event| {
            log.write(name);
            event
        })
    };
    let app = serve(Namespace::new().on("a", async || {}).layer(tell("inner")).layer(tell("outer")));
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    client.send(r#"42["a"]"#).await;
    assert_eq!(log.wait(2).await, ["outer", "inner"]);
}

#[tokio::test(start_paused = true)]
async fn a_concurrency_limit_is_one_for_all_clients_and_a_shed_event_is_answered() {
    for via in BOTH {
        let gate = Gate::closed();
        let waits = gate.clone();
        let app =
            serve(Namespace::new().on("wait", async move || waits.pass().await).layer(
                ServiceBuilder::new().layer(LoadShedLayer::new()).layer(ConcurrencyLimitLayer::new(2)),
            ));
        let (mut ada, _) = Client::join(&app, via).await;
        let (mut bob, _) = Client::join(&app, via).await;
        ada.send(r#"421["wait"]"#).await;
        bob.send(r#"421["wait"]"#).await;
        settle().await;
        bob.send(r#"422["wait"]"#).await;
        assert!(bob.packet().await.starts_with(r#"432[{"error":{"code":"overloaded""#), "bound + 1");
        gate.let_pass(2);
        assert_eq!(ada.packet().await, "431[]");
        assert_eq!(bob.packet().await, "431[]");
        bob.send(r#"423["wait"]"#).await;
        gate.let_pass(1);
        assert_eq!(bob.packet().await, "433[]", "and there is room again");
    }
}

#[tokio::test(start_paused = true)]
async fn a_limit_of_one_handler_leaves_the_others_alone() {
    let gate = Gate::closed();
    let waits = gate.clone();
    let limited = (async move || waits.pass().await)
        .layer(ServiceBuilder::new().layer(LoadShedLayer::new()).layer(ConcurrencyLimitLayer::new(1)));
    let app = serve(Namespace::new().on("wait", limited).on("free", async || Data(1)));
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    client.send_all(&[r#"421["wait"]"#, r#"422["wait"]"#, r#"423["free"]"#]).await;
    assert!(client.packet().await.contains("overloaded"));
    assert_eq!(client.packet().await, "433[1]");
    gate.let_pass(1);
    assert_eq!(client.packet().await, "431[]");
}

#[tokio::test(start_paused = true)]
async fn a_timeout_answers_and_drops_the_handler() {
    for via in BOTH {
        let app = serve(
            Namespace::new()
                .on("slow", async || tokio::time::sleep(Duration::from_secs(60)).await)
                .on("fast", async || Data(1))
                .layer(TimeoutLayer::new(Duration::from_secs(5))),
        );
        let (mut client, _) = Client::join(&app, via).await;
        let before = tokio::time::Instant::now();
        client.send_all(&[r#"421["slow"]"#, r#"422["fast"]"#]).await;
        assert_eq!(client.packet().await, "432[1]");
        assert!(client.packet().await.starts_with(r#"431[{"error":{"code":"timeout""#));
        assert_eq!(before.elapsed().as_secs(), 5);
    }
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_counts_the_events_of_all_clients() {
    // tower's limit is not `Clone`, so it stands behind a buffer, whose worker runs it on a task of its own.
    let log = Log::default();
    let written = log.clone();
    let app = serve(
        Namespace::new().on("tick", async move |Data(n): Data<u32>| written.write(n.to_string())).layer(
            ServiceBuilder::new()
                .layer(layer_fn(|inner| tower::buffer::Buffer::new(inner, 16)))
                .layer(RateLimitLayer::new(2, Duration::from_secs(10))),
        ),
    );
    let (mut ada, _) = Client::join(&app, Via::WebSocket).await;
    let (mut bob, _) = Client::join(&app, Via::WebSocket).await;
    ada.send_all(&[r#"421["tick",1]"#]).await;
    settle().await;
    bob.send_all(&[r#"421["tick",2]"#, r#"42["tick",3]"#]).await;
    settle().await;
    assert_eq!(log.lines(), ["1", "2"]);
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!(log.lines(), ["1", "2", "3"]);
    assert_eq!(ada.packet().await, "431[]");
    assert_eq!(bob.packet().await, "431[]");
}

#[tokio::test(start_paused = true)]
async fn order_holds_behind_a_layer_that_runs_handlers_elsewhere() {
    let log = Log::default();
    let (slow, fast) = (log.clone(), log.clone());
    let app = serve(
        Namespace::new()
            .on("slow", async move |_: crate::order::Slow| slow.write("slow"))
            .on("fast", async move || fast.write("fast"))
            .layer(layer_fn(|inner| tower::buffer::Buffer::new(inner, 16))),
    );
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    client.send_all(&[r#"42["slow"]"#, r#"42["fast"]"#]).await;
    assert_eq!(log.wait(2).await, ["slow", "fast"]);
}

#[tokio::test(start_paused = true)]
async fn the_application_says_what_a_failed_layer_means() {
    let fails =
        || tower::filter::FilterLayer::new(|_: Event| Err::<Event, BoxError>("closed on sundays".into()));
    let app = sockeye::Sockeye::builder()
        .namespace("/", Namespace::new().on("a", async || {}).layer(fails()))
        .namespace(
            "/own",
            Namespace::new()
                .on("a", (async || {}).layer(fails()))
                .on_error(|error: BoxError| Reply::error("closed", error)),
        )
        .build()
        .router();
    let mut client = Client::open(&app, Via::WebSocket).await;
    client.connect("40").await;
    client.connect("40/own,").await;
    client.send(r#"421["a"]"#).await;
    let told = client.packet().await;
    assert_eq!(
        told, r#"431[{"error":{"code":"internal","message":"internal error"}}]"#,
        "nothing of the inside"
    );
    client.send(r#"42/own,1["a"]"#).await;
    assert_eq!(
        client.packet().await,
        r#"43/own,1[{"error":{"code":"closed","message":"closed on sundays"}}]"#
    );
}

#[tokio::test(start_paused = true)]
async fn layers_see_and_change_events() {
    let app = serve(
        Namespace::new()
            .on("greet", async |Data(name): Data<String>| Data(format!("hello {name}")))
            .fallback(async |EventName(name): EventName| Data(format!("no {name}")))
            .layer(tower::util::MapRequestLayer::new(|mut event: Event| {
                if event.name() == "greet" {
                    event.set_arguments(sockeye::Arguments::json(r#"["bob"]"#).unwrap());
                }
                event
            }))
            .layer(tower::util::MapResponseLayer::new(|reply: Reply| {
                if reply.as_json().is_some_and(|json| json.contains("secret")) {
                    Reply::none()
                } else {
                    reply
                }
            })),
    );
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    client.send(r#"421["greet","ada"]"#).await;
    assert_eq!(client.packet().await, r#"431["hello bob"]"#);
    client.send(r#"422["other"]"#).await;
    assert_eq!(client.packet().await, r#"432["no other"]"#);
    client.send(r#"423["secret"]"#).await;
    client.assert_silent().await;
}
