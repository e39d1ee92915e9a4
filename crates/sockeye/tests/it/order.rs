//! Events of one socket start in the order of their arrival, and not too many of them run at once.

use std::time::Duration;

use http::request::Parts;
use sockeye::{Args, Data, Namespace, Socket, Sockeye};
use tokio::time::sleep;

use crate::kit::{BOTH, Client, Gate, Log, Via, eventually, serve, settle};

/// An axum extractor whose slowness the handshake decides.
pub(crate) struct Slow;

impl<S: Sync> axum::extract::FromRequestParts<S> for Slow {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        sleep(Duration::from_secs(3)).await;
        Ok(Self)
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_extractor_lets_nothing_overtake() {
    for via in BOTH {
        let log = Log::default();
        let (slow, fast) = (log.clone(), log.clone());
        let app = serve(
            Namespace::new()
                .on("slow", async move |_: Slow, Data(n): Data<u32>| slow.write(format!("slow {n}")))
                .on("fast", async move |Data(n): Data<u32>| fast.write(format!("fast {n}"))),
        );
        let (mut client, _) = Client::join(&app, via).await;
        client.send_all(&[r#"42["slow",1]"#, r#"42["fast",2]"#, r#"42["slow",3]"#, r#"42["fast",4]"#]).await;
        assert_eq!(log.wait(4).await, ["slow 1", "fast 2", "slow 3", "fast 4"]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_that_never_enters_its_handler_holds_nobody_up() {
    let log = Log::default();
    let written = log.clone();
    let app = serve(
        Namespace::new()
            .on("strict", async |Data(_): Data<u32>| {})
            .on("next", async move || written.write("next")),
    );
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    client.send_all(&[r#"421["strict","no number"]"#, r#"42["next"]"#]).await;
    assert!(client.packet().await.contains("invalid_payload"));
    log.wait(1).await;
}

#[tokio::test(start_paused = true)]
async fn handlers_run_side_by_side_after_they_were_entered() {
    let log = Log::default();
    let written = log.clone();
    let app = serve(Namespace::new().on("sleep", async move |Data(n): Data<u64>| {
        written.write(format!("start {n}"));
        sleep(Duration::from_millis(n)).await;
        written.write(format!("end {n}"));
    }));
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    client.send_all(&[r#"42["sleep",20]"#, r#"42["sleep",10]"#]).await;
    assert_eq!(log.wait(4).await, ["start 20", "start 10", "end 10", "end 20"]);
}

fn gated(gate: &Gate, log: &Log) -> Namespace {
    let (gate, log) = (gate.clone(), log.clone());
    Namespace::new().on("wait", async move |Data(n): Data<usize>| {
        log.write(n.to_string());
        gate.pass().await;
        Data(n)
    })
}

async fn send_waits(client: &mut Client, events: std::ops::Range<usize>) {
    let packets: Vec<String> = events.map(|n| format!(r#"42{n}["wait",{n}]"#)).collect();
    client.send_all(&packets.iter().map(String::as_str).collect::<Vec<_>>()).await;
}

#[tokio::test(start_paused = true)]
async fn at_most_sixteen_events_of_a_socket_are_in_flight() {
    for via in BOTH {
        let (gate, log) = (Gate::closed(), Log::default());
        let app = serve(gated(&gate, &log));
        let (mut client, _) = Client::join(&app, via).await;
        let (mut other, _) = Client::join(&app, via).await;

        send_waits(&mut client, 0..16).await;
        settle().await;
        assert_eq!(log.lines().len(), 16);
        send_waits(&mut client, 16..18).await;
        settle().await;
        assert_eq!(log.lines().len(), 16, "the bound");
        send_waits(&mut other, 0..1).await;
        assert_eq!(log.wait(17).await.len(), 17, "another socket is none of its business");

        gate.let_pass(1);
        log.wait(18).await;
        settle().await;
        assert_eq!(log.lines().len(), 18, "one out, one in");
        gate.let_pass(100);
        assert_eq!(log.wait(19).await.last().unwrap(), "17");
    }
}

#[tokio::test(start_paused = true)]
async fn a_namespace_can_be_sequential() {
    let (gate, log) = (Gate::closed(), Log::default());
    let app = serve(gated(&gate, &log).sequential());
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    send_waits(&mut client, 0..3).await;
    settle().await;
    assert_eq!(log.lines(), ["0"]);
    gate.let_pass(1);
    assert_eq!(client.packet().await, "430[0]");
    assert_eq!(log.wait(2).await, ["0", "1"]);
    gate.let_pass(2);
    assert_eq!(log.wait(3).await, ["0", "1", "2"]);
}

#[tokio::test(start_paused = true)]
async fn the_bound_can_be_set_for_the_server_and_for_a_namespace() {
    let (gate, log) = (Gate::closed(), Log::default());
    let app = Sockeye::builder()
        .events_in_flight(2)
        .namespace("/", gated(&gate, &log))
        .namespace("/three", gated(&gate, &log).concurrent(3))
        .build()
        .router();
    let mut client = Client::open(&app, Via::WebSocket).await;
    client.connect("40").await;
    client.connect("40/three,").await;
    send_waits(&mut client, 0..5).await;
    settle().await;
    assert_eq!(log.lines().len(), 2);
    let packets: Vec<String> = (0..5).map(|n| format!(r#"42/three,["wait",{n}]"#)).collect();
    client.send_all(&packets.iter().map(String::as_str).collect::<Vec<_>>()).await;
    settle().await;
    assert_eq!(log.lines().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn events_wait_until_the_connect_handler_has_ended() {
    for via in BOTH {
        let (gate, log) = (Gate::closed(), Log::default());
        let (greeting, written, events) = (gate.clone(), log.clone(), log.clone());
        let app = serve(
            Namespace::new()
                .on_connect(async move |socket: Socket| {
                    written.write("connecting");
                    socket.emit("welcome", ()).await.unwrap();
                    greeting.pass().await;
                    written.write("connected");
                })
                .on("early", async move |Args((a, b)): Args<(u8, u8)>| events.write(format!("early {a}{b}"))),
        );
        let (mut client, _) = Client::join(&app, via).await;
        client.send(r#"42["early",1,2]"#).await;
        assert_eq!(client.packet().await, r#"42["welcome"]"#);
        settle().await;
        assert_eq!(log.lines(), ["connecting"]);
        gate.let_pass(1);
        assert_eq!(log.wait(3).await, ["connecting", "connected", "early 12"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_long_queue_does_not_keep_the_task_to_itself() {
    // More events than are started in one go wait for the connect handler; all of them run all the same.
    let (gate, log) = (Gate::closed(), Log::default());
    let (greeting, written) = (gate.clone(), log.clone());
    let app = serve(
        Namespace::new()
            .on_connect(async move || greeting.pass().await)
            .on("n", async move |Data(n): Data<usize>| written.write(n.to_string())),
    );
    let (mut client, _) = Client::join(&app, Via::Polling).await;
    let packets: Vec<String> = (0..500).map(|n| format!(r#"42["n",{n}]"#)).collect();
    client.send_all(&packets.iter().map(String::as_str).collect::<Vec<_>>()).await;
    gate.let_pass(1);
    assert!(eventually(|| log.lines().len() == 500).await);
    assert!(log.lines().iter().enumerate().all(|(n, line)| *line == n.to_string()));
}
