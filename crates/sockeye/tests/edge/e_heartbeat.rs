//! Section E: pings and pongs. The clock is paused, so times are exact but for the timer's grain of a millisecond.

use std::time::Duration;

use sockeye::{CloseReason, Data, Namespace, Socket, Sockeye, Transport};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::{Instant, sleep, timeout},
};

use crate::support::{BOTH, Got, Log, Machine, Peer, Request, Server, Via, witness};

const INTERVAL: Duration = Duration::from_millis(200);
const TIMEOUT: Duration = Duration::from_millis(150);

fn beating(log: &Log) -> Server {
    beats(witness(log))
}

fn beats(namespace: Namespace) -> Server {
    let sockeye = Sockeye::builder().ping_interval(INTERVAL).ping_timeout(TIMEOUT);
    Server::built(sockeye.namespace("/", namespace))
}

fn ping() -> Got {
    Got::Packet("2".to_owned())
}

/// The close packet of polling, or a closed websocket.
#[track_caller]
fn assert_ended(got: &Got) {
    assert!(*got == Got::Closed || *got == Got::Packet("1".to_owned()), "{got:?}");
}

/// So much time has passed since then, within the grain of the timers.
#[track_caller]
fn assert_passed(since: Instant, expected: Duration) {
    let passed = since.elapsed();
    let late = Duration::from_millis(10);
    assert!(expected <= passed && passed < expected + late, "{passed:?} instead of {expected:?}");
}

#[tokio::test(start_paused = true)]
async fn edge_128_pings_come_an_interval_after_the_pong() {
    for via in BOTH {
        let server = beating(&Log::default());
        let mut peer = Peer::open(&server, via).await;
        let mut since = Instant::now();
        for thinks in [0, 100, 149, 0].map(Duration::from_millis) {
            assert_eq!(peer.raw().await, ping());
            assert_passed(since, INTERVAL);
            sleep(thinks).await;
            peer.send("3").await;
            since = Instant::now();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_129_without_a_pong_it_is_over() {
    for via in BOTH {
        let log = Log::default();
        let server = beating(&log);
        let mut peer = Peer::join(&server, via).await;
        let since = Instant::now();
        assert_eq!(peer.raw().await, ping());
        assert_passed(since, INTERVAL);
        assert_ended(&peer.raw().await);
        assert_passed(since, INTERVAL + TIMEOUT);
        log.expect(&["connect", "disconnect: ping timeout"]).await;
        assert_eq!(server.sessions(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_130_also_while_no_get_waits() {
    let log = Log::default();
    let server = beating(&log);
    let peer = Peer::join(&server, Via::Polling).await;
    sleep(INTERVAL + TIMEOUT - Duration::from_millis(10)).await;
    assert_eq!(log.lines(), ["connect"]);
    sleep(Duration::from_millis(20)).await;
    assert_eq!(log.lines(), ["connect", "disconnect: ping timeout"]);
    server.send(Request::poll(&peer.sid)).await.assert_unknown();
}

#[tokio::test(start_paused = true)]
async fn edge_131_a_get_that_waits_is_told() {
    let server = beating(&Log::default());
    let peer = Peer::open(&server, Via::Polling).await;
    let since = Instant::now();
    assert_eq!(server.fetch(&peer.sid).await, "2");
    assert_eq!(server.fetch(&peer.sid).await, "1");
    assert_passed(since, INTERVAL + TIMEOUT);
    server.send(Request::poll(&peer.sid)).await.assert_unknown();
}

#[tokio::test(start_paused = true)]
async fn edge_132_not_earlier_than_that_after_the_last_pong() {
    for via in BOTH {
        let log = Log::default();
        let server = beating(&log);
        let mut peer = Peer::join(&server, via).await;
        for _ in 0..3 {
            assert_eq!(peer.raw().await, ping());
            sleep(TIMEOUT - Duration::from_millis(5)).await;
            peer.send("3").await;
        }
        let since = Instant::now();
        assert_eq!(peer.raw().await, ping());
        assert_ended(&peer.raw().await);
        assert_passed(since, INTERVAL + TIMEOUT);
        log.expect(&["connect", "disconnect: ping timeout"]).await;
    }
}

/// Against row 35 of the hostile clients: a pong extends life, asked for or not.
#[tokio::test(start_paused = true)]
async fn edge_133_a_pong_that_nobody_asked_for_counts() {
    for via in BOTH {
        let log = Log::default();
        let server = beating(&log);
        let mut peer = Peer::join(&server, via).await;
        for _ in 0..10 {
            sleep(INTERVAL - Duration::from_millis(5)).await;
            peer.send("3").await;
        }
        let since = Instant::now();
        assert_eq!(peer.raw().await, ping());
        assert_passed(since, INTERVAL);
        log.expect(&["connect"]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn edge_134_another_packet_refreshes_once() {
    for via in BOTH {
        for packet in [r#"42["alive"]"#, "6"] {
            let log = Log::default();
            let server = beating(&log);
            let mut peer = Peer::join(&server, via).await;
            assert_eq!(peer.raw().await, ping());
            sleep(TIMEOUT - Duration::from_millis(50)).await;
            peer.send(packet).await;
            let since = Instant::now();
            sleep(TIMEOUT - Duration::from_millis(50)).await;
            peer.send(packet).await;
            assert_ended(&peer.raw().await);
            assert_passed(since, TIMEOUT);
            assert_eq!(log.lines().last().unwrap(), "disconnect: ping timeout");
        }
    }
}

/// The client's half of the protocol, which sockeye has as a machine, against a server that says nothing more.
#[tokio::test(start_paused = true)]
async fn edge_135_a_client_leaves_a_silent_server() {
    const OPEN: &str = r#"0{"sid":"x","upgrades":[],"pingInterval":200,"pingTimeout":150,"maxPayload":100}"#;
    let polling = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=UTF-8\r\ncontent-length: {}\r\n\r\n{OPEN}",
        OPEN.len()
    );
    let mut websocket = b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\n\x81".to_vec();
    websocket.push(u8::try_from(OPEN.len()).unwrap());
    websocket.extend(OPEN.as_bytes());
    for (transport, answer) in [(Transport::Polling, polling.into_bytes()), (Transport::WebSocket, websocket)]
    {
        let server = Server::by_hand(move |number, mut pipe| {
            let answer = answer.clone();
            async move {
                let mut request = [0; 4096];
                let _ = pipe.read(&mut request).await;
                if number == 0 {
                    pipe.write_all(&answer).await.unwrap();
                }
                std::future::pending().await
            }
        });
        let (mut client, _) = Machine::open(&server, transport).await;
        let since = Instant::now();
        assert_eq!(client.closed().await, CloseReason::PingTimeout);
        assert_passed(since, INTERVAL + TIMEOUT);
    }
}

#[tokio::test(start_paused = true)]
async fn edge_136_it_beats_on_after_an_upgrade() {
    let log = Log::default();
    let server = beating(&log);
    let peer = Peer::join(&server, Via::Polling).await;
    let mut websocket = server.upgrade(&peer.sid).await;
    websocket.send("2probe").await;
    assert_eq!(websocket.text().await, "3probe");
    websocket.send("5").await;
    for _ in 0..5 {
        assert_eq!(websocket.text().await, "2");
        sleep(Duration::from_millis(100)).await;
        websocket.send("3").await;
    }
    let since = Instant::now();
    assert_eq!(websocket.text().await, "2");
    websocket.assert_closed(None).await;
    assert_passed(since, INTERVAL + TIMEOUT);
    log.expect(&["connect", "disconnect: ping timeout"]).await;
}

/// There is no event; what a handler can know of a heartbeat is how long it took.
#[tokio::test(start_paused = true)]
async fn edge_137_each_pong_is_measured() {
    let latency = async |socket: Socket| Data(socket.latency().map(|it| it.as_millis().to_string()));
    let server = beats(Namespace::new().on("latency", latency));
    for via in BOTH {
        let mut peer = Peer::join(&server, via).await;
        peer.send(r#"420["latency"]"#).await;
        assert_eq!(peer.packet().await, "430[null]");
        for (id, millis) in [(1, 20), (2, 90), (3, 5)] {
            assert_eq!(peer.raw().await, ping());
            sleep(Duration::from_millis(millis)).await;
            peer.send("3").await;
            peer.send(&format!(r#"42{id}["latency"]"#)).await;
            let answer = timeout(INTERVAL, peer.packet()).await.unwrap();
            let measured = answer.split('"').nth(1).unwrap().parse::<u64>().unwrap();
            assert!((millis..millis + 5).contains(&measured), "{answer} instead of {millis}");
        }
    }
}
