//! What a client sends faster than handlers work is left unread.

use std::time::Duration;

use sockeye::{AckError, Data, DisconnectReason, Namespace, Socket, Sockeye};
use tokio::time::{Instant, sleep};

use crate::kit::{BOTH, Client, Gate, Got, Log, Via, eventually, settle};

const BUDGET: usize = 100_000;

/// Handlers wait at the gate, one at a time, having written down that they began.
fn gated(gate: &Gate, log: &Log) -> Namespace {
    let (begins, gate, acks) = (log.clone(), gate.clone(), log.clone());
    Namespace::new()
        .on("event", async move |Data(text): Data<String>| {
            begins.write(format!("begin {}", &text[..1]));
            gate.pass().await;
        })
        .on_connect(async move |socket: Socket| {
            // Acks act when they are decoded, so this tells how far decoding has come.
            tokio::spawn(async move {
                let answer = socket.timeout(Duration::from_secs(600)).emit_with_ack::<u8>("ask", ()).await;
                acks.write(format!("decoded {answer:?}"));
            });
        })
}

fn event(first: char, bytes: usize) -> String {
    format!(r#"42["event","{first}{}"]"#, "x".repeat(bytes))
}

/// Joins, and takes the question whose answer shows whether the server reads on. It has the first ack id.
async fn join(namespace: Namespace, via: Via) -> Client {
    let app = Sockeye::builder()
        .inbound_budget(BUDGET)
        .stall_timeout(Duration::from_secs(3600))
        .ping_interval(Duration::from_secs(7200))
        .namespace("/", namespace)
        .build()
        .router();
    let (mut client, _) = Client::join(&app, via).await;
    assert_eq!(client.packet().await, r#"420["ask"]"#);
    client
}

/// Sends from a task of its own, since a POST is not answered while the server does not read.
fn send(mut client: Client, packets: Vec<String>) -> tokio::task::JoinHandle<Client> {
    tokio::spawn(async move {
        client.send_all(&packets.iter().map(String::as_str).collect::<Vec<_>>()).await;
        client
    })
}

#[tokio::test(start_paused = true)]
async fn reading_goes_on_up_to_the_budget_and_stops_beyond_it() {
    for via in BOTH {
        // What an event costs beside its bytes is the implementation's affair, so the bound is looked for.
        let overhead = overhead(via).await;
        for (beyond, reads_on) in [(0, true), (1, false)] {
            let (gate, log) = (Gate::closed(), Log::default());
            let client = join(gated(&gate, &log), via).await;
            let second = BUDGET - 2 * overhead - 10_000 + beyond;
            let sent = send(client, vec![event('a', 10_000), event('b', second), "430[1]".to_owned()]);
            sleep(Duration::from_secs(5)).await;
            assert_eq!(log.lines().contains(&"decoded Ok(1)".to_owned()), reads_on, "{via:?} +{beyond}");

            gate.let_pass(2);
            assert!(eventually(|| log.lines().contains(&"decoded Ok(1)".to_owned())).await);
            sent.await.unwrap();
        }
    }
}

/// What two events cost beside the `x`es, halved: the smallest that makes the server stop between two and an ack.
async fn overhead(via: Via) -> usize {
    let (mut low, mut high) = (0, 2_000);
    while low < high {
        let middle = usize::midpoint(low, high);
        let (gate, log) = (Gate::closed(), Log::default());
        let client = join(gated(&gate, &log), via).await;
        let sent = send(client, vec![event('a', 0), event('b', BUDGET - 2 * middle), "430[1]".to_owned()]);
        sleep(Duration::from_secs(1)).await;
        if log.lines().contains(&"decoded Ok(1)".to_owned()) {
            high = middle;
        } else {
            low = middle + 1;
        }
        gate.let_pass(2);
        sent.await.unwrap();
    }
    low
}

#[tokio::test(start_paused = true)]
async fn one_event_is_always_allowed() {
    for via in BOTH {
        let (gate, log) = (Gate::closed(), Log::default());
        let client = join(gated(&gate, &log), via).await;
        let sent = send(client, vec![event('a', 2 * BUDGET), "430[1]".to_owned()]);
        assert_eq!(log.wait(2).await, ["begin a", "decoded Ok(1)"]);
        gate.let_pass(1);
        sent.await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_post_is_answered_when_its_last_packet_is_decoded() {
    let (gate, log) = (Gate::closed(), Log::default());
    let client = join(gated(&gate, &log), Via::Polling).await;
    let sent = send(client, vec![event('a', BUDGET / 2), event('b', BUDGET), event('c', 1)]);
    log.wait(2).await;
    sleep(Duration::from_secs(60)).await;
    assert!(!sent.is_finished());
    gate.let_pass(1);
    settle().await;
    assert!(sent.is_finished());
    gate.let_pass(2);
}

#[tokio::test(start_paused = true)]
async fn a_handler_may_await_the_answer_of_its_own_client() {
    for via in BOTH {
        let app = crate::kit::serve(Namespace::new().on(
            "outer",
            async |socket: Socket| -> Result<u32, sockeye::Reply> {
                let answer: u32 =
                    socket.emit_with_ack("inner", ()).await.map_err(|_| sockeye::Reply::none())?;
                Ok(answer + 1)
            },
        ));
        let (mut client, _) = Client::join(&app, via).await;
        client.send(r#"425["outer"]"#).await;
        assert_eq!(client.packet().await, r#"420["inner"]"#);
        client.send("430[41]").await;
        assert_eq!(client.packet().await, "435[42]");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stalled_session_fails_the_acks_that_keep_it_so() {
    for via in BOTH {
        let log = Log::default();
        let written = log.clone();
        let asks = async move |socket: Socket, Data(_): Data<String>| {
            let asked = Instant::now();
            let answer = socket.timeout(Duration::from_secs(600)).emit_with_ack::<u8>("ask", ()).await;
            assert!(matches!(answer, Err(AckError::Stalled)), "{answer:?}");
            written.write(format!("{}", asked.elapsed().as_secs()));
        };
        let app = Sockeye::builder()
            .inbound_budget(1000)
            .namespace("/", Namespace::new().on("event", asks))
            .build()
            .router();
        let (mut client, _) = Client::join(&app, via).await;
        let big = event('a', 1000);
        let sent = send(client, vec![big.clone(), big, "430[1]".to_owned(), "431[1]".to_owned()]);
        assert_eq!(log.wait(2).await, ["15", "15"], "half of stall_timeout");
        client = sent.await.unwrap();
        for _ in 0..2 {
            assert!(client.packet().await.ends_with(r#"["ask"]"#));
        }
        client.assert_silent().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_that_stays_stalled_is_closed() {
    for via in BOTH {
        let log = Log::default();
        let written = log.clone();
        let namespace = Namespace::new()
            .on("event", async |Data(_): Data<String>| std::future::pending::<()>().await)
            .on_disconnect(async move |reason: DisconnectReason| written.write(reason.as_str()));
        let app = Sockeye::builder().inbound_budget(1000).namespace("/", namespace).build().router();
        let (client, _) = Client::join(&app, via).await;
        let before = Instant::now();
        let sent = send(client, vec![event('a', 1000), event('b', 1000)]);
        assert_eq!(log.wait(1).await, ["stalled"]);
        assert_eq!(before.elapsed().as_secs(), 30);
        let mut client = sent.await.unwrap();
        while client.next().await != Got::Closed {}
    }
}

#[tokio::test(start_paused = true)]
async fn a_flooding_client_does_not_delay_another() {
    let (gate, log) = (Gate::closed(), Log::default());
    let (flooded, waits) = (log.clone(), gate.clone());
    let namespace = Namespace::new()
        .on("event", async move |Data(_): Data<String>| {
            flooded.write("event");
            waits.pass().await;
        })
        .on("quick", async || Data("done"));
    let app = Sockeye::builder().inbound_budget(BUDGET).namespace("/", namespace).build().router();
    let (flooder, _) = Client::join(&app, Via::WebSocket).await;
    let (mut other, _) = Client::join(&app, Via::WebSocket).await;
    let _sending = send(flooder, vec![event('a', 10_000); 100]);
    log.wait(10).await;
    other.send(r#"421["quick"]"#).await;
    assert_eq!(other.packet().await, r#"431["done"]"#);
    assert!(log.lines().len() <= 16);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_joins_and_leaves_all_the_time_is_left_unread_too() {
    for via in BOTH {
        let (gate, log) = (Gate::closed(), Log::default());
        let (comes, goes) = (log.clone(), gate.clone());
        let namespace = Namespace::new()
            .on_connect(async move || comes.write("connect"))
            .on_disconnect(async move || goes.pass().await);
        let app = Sockeye::builder()
            .inbound_budget(BUDGET)
            .handler_grace(Duration::from_secs(3600))
            .stall_timeout(Duration::from_secs(3600))
            .namespace("/", namespace)
            .build()
            .router();
        let mut client = Client::open(&app, via).await;
        let cycles = tokio::spawn(async move {
            for _ in 0..200 {
                client.connect("40").await;
                client.send("41").await;
            }
        });
        sleep(Duration::from_secs(1)).await;
        let before = log.lines().len();
        assert!(before < 50, "{before}");
        gate.let_pass(200);
        assert!(eventually(|| log.lines().len() == 200).await);
        cycles.await.unwrap();
    }
}
