//! Row 36: a client that asks for much and reads nothing. Each event is delivered, or its sender is told.

use std::time::Duration;

use sockeye::{Data, DisconnectReason, EmitError, Namespace, Socket};
use tokio::{sync::mpsc, time::sleep};

use crate::{
    kit::{Counter, eventually},
    support::{BOTH, Frame, Got, Log, Pair, Peer, Server, Via, pair, server_with, settle},
};

const EVENTS: usize = 3_000;
/// As good as those where each is encoded before it is refused.
const FEW: usize = 300;
const BYTES: usize = 100_000;

/// The bounds of what waits for a client.
const SOFT: usize = 256 * 1024;
const HARD: usize = 768 * 1024;

/// What a stopped reader holds by itself: its pipe, and what was taken to be written into it.
const PIPE: usize = (1 << 20) + 64 * 1024 + BYTES;

fn payload() -> String {
    "x".repeat(BYTES)
}

/// A handler that sends the client all it has asked for, in one of the ways there are, and writes down what it is told.
fn sends(outcomes: &mpsc::UnboundedSender<Result<(), EmitError>>, ends: &Log) -> Namespace {
    let (told, goes) = (outcomes.clone(), ends.clone());
    Namespace::new()
        .on("waits", async move |socket: Socket| {
            for number in 0..EVENTS {
                let _ = told.send(socket.emit("news", (number, payload())).await);
            }
        })
        .on_disconnect(async move |reason: DisconnectReason| goes.write(reason.as_str()))
}

/// Whoever waits for room is held up, and told when there will be none: no more is ever kept than the bounds allow.
#[tokio::test(start_paused = true)]
async fn attack_36_who_awaits_is_held_up_by_a_client_that_does_not_read() {
    for via in BOTH {
        let (told, mut outcomes) = mpsc::unbounded_channel();
        let log = Log::default();
        let server =
            server_with(sends(&told, &log), |builder| builder.send_timeout(Duration::from_secs(3_600)));
        let mut peer = Peer::join(&server, via).await;
        peer.send(r#"42["waits"]"#).await;
        sleep(Duration::from_secs(40)).await;
        let mut accepted = 0;
        while let Ok(outcome) = outcomes.try_recv() {
            assert!(outcome.is_ok());
            accepted += 1;
        }
        // One is waited for as well.
        let most = (SOFT + if via == Via::WebSocket { PIPE } else { 0 }) / BYTES + 1;
        assert!(accepted <= most, "{accepted} of {BYTES} bytes were taken");
        // Which is over with the session, for no pong comes either.
        assert!(eventually(|| server.sessions() == 0).await);
        settle().await;
        let mut refused = 0;
        while let Ok(outcome) = outcomes.try_recv() {
            assert!(matches!(outcome, Err(EmitError::Closed)), "{outcome:?}");
            refused += 1;
        }
        assert_eq!(accepted + refused, EVENTS);
        assert_eq!(log.lines(), ["ping timeout"]);
    }
}

/// The same client, but for a while: nothing is lost, doubled or out of order.
#[tokio::test(start_paused = true)]
async fn attack_36_a_client_that_reads_later_gets_all() {
    const SOME: usize = 60;
    for via in BOTH {
        let Pair { mut peer, socket, server } = pair(via).await;
        let emits = tokio::spawn(async move {
            for number in 0..SOME {
                socket.emit("news", (number, payload())).await.unwrap();
            }
        });
        for number in 0..SOME {
            if number % 20 == 0 {
                // Long enough to be pinged, not long enough to be given up.
                sleep(Duration::from_secs(20)).await;
            }
            let Got::Packet(packet) = peer.next().await else { panic!("closed at {number}") };
            assert!(packet.starts_with(&format!(r#"42["news",{number},"#)), "{number}: {}", &packet[..20]);
        }
        emits.await.unwrap();
        assert_eq!(server.sessions(), 1);
    }
}

/// Whoever does not wait is refused, and nothing of what was refused is kept.
#[tokio::test(start_paused = true)]
async fn attack_36_who_tries_is_refused() {
    for via in BOTH {
        let Pair { mut peer, socket, server } = pair(via).await;
        let (mut accepted, mut refused) = (Vec::new(), 0);
        for number in 0..FEW {
            match socket.try_emit("news", (number, payload())) {
                Ok(()) => accepted.push(number),
                Err(EmitError::Full) => refused += 1,
                Err(error) => panic!("{error}"),
            }
            if number % 10 == 0 {
                settle().await;
            }
        }
        let most = (SOFT + if via == Via::WebSocket { PIPE } else { 0 }) / BYTES + 1;
        assert!(accepted.len() <= most, "{} were taken", accepted.len());
        assert_eq!(accepted.len() + refused, FEW);
        assert_eq!(server.sessions(), 1);
        for number in accepted {
            let Got::Packet(packet) = peer.next().await else { panic!("no packet") };
            assert!(packet.starts_with(&format!(r#"42["news",{number},"#)));
        }
        peer.assert_silent().await;
    }
}

/// What is volatile is dropped, and the session goes on.
#[tokio::test(start_paused = true)]
async fn attack_36_what_is_volatile_is_dropped() {
    for via in BOTH {
        let Pair { mut peer, socket, server } = pair(via).await;
        for number in 0..FEW {
            socket.volatile().emit("news", (number, payload())).await.unwrap();
            if number % 10 == 0 {
                settle().await;
            }
        }
        socket.emit("last", ()).await.unwrap();
        let mut came = 0;
        loop {
            let Got::Packet(packet) = peer.next().await else { panic!("no packet") };
            if packet == r#"42["last"]"# {
                break;
            }
            came += 1;
        }
        let most = if via == Via::WebSocket { PIPE / BYTES } else { 0 };
        assert!(came <= most, "{came}");
        assert_eq!(server.sessions(), 1);
    }
}

/// Whoever neither waits nor looks ends the session at the hard bound, and the application is told.
#[tokio::test(start_paused = true)]
async fn attack_36_who_runs_away_closes_a_slow_consumer() {
    for via in BOTH {
        for broadcast in [true, false] {
            let log = Log::default();
            let (tell, mut sockets) = mpsc::unbounded_channel();
            let goes = log.clone();
            let namespace = Namespace::new()
                .on_connect(async move |socket: Socket| drop(tell.send(socket)))
                .on_disconnect(async move |reason: DisconnectReason| goes.write(reason.as_str()));
            let server = Server::new(namespace);
            let peer = Peer::join(&server, via).await;
            let socket = sockets.recv().await.unwrap();
            let mut taken = 0;
            for _ in 0..EVENTS {
                if broadcast {
                    // A slow member is no error of the broadcast.
                    server.io().emit("news", payload()).await.unwrap();
                    settle().await;
                } else {
                    drop(socket.emit("news", payload()));
                    settle().await;
                }
                if !socket.connected() {
                    break;
                }
                taken += 1;
            }
            let most = (HARD + if via == Via::WebSocket { PIPE } else { 0 }) / BYTES + 1;
            assert!(taken <= most, "{taken} of {BYTES} bytes were taken");
            log_is(&log, "slow consumer").await;
            assert!(matches!(socket.emit("news", 1).await, Err(EmitError::Closed)));
            assert_eq!(server.sessions(), 0);
            drop(peer);
        }
    }
}

async fn log_is(log: &Log, line: &str) {
    assert!(eventually(|| !log.lines().is_empty()).await);
    assert_eq!(log.lines(), [line]);
}

/// At the bound it lives, one byte beyond it does not.
#[tokio::test(start_paused = true)]
async fn attack_36_the_hard_bound_is_exact() {
    for beyond in [0, 1] {
        let Pair { peer, socket, server } = pair(Via::Polling).await;
        // Nobody polls, so all of it waits: a frame is its header, the engine's type and the packet.
        let event = |bytes: usize| "x".repeat(bytes - 4 - r#"42["e",""]"#.len());
        drop(socket.emit("e", event(SOFT / 2)));
        drop(socket.emit("e", event(SOFT / 2 + 1)));
        let left = HARD - (SOFT / 2) - (SOFT / 2 + 1);
        // The header of a frame of more than 65,535 bytes is ten long instead of four.
        let overhead = 6 * 2;
        drop(socket.emit("e", event(left - overhead - 6 + beyond)));
        settle().await;
        assert_eq!(server.sessions(), 1 - beyond, "{beyond}");
        drop(peer);
    }
}

/// Other clients do not notice.
#[tokio::test(start_paused = true)]
async fn attack_36_a_slow_member_holds_up_no_broadcast() {
    let counter = Counter::default();
    let counts = counter.clone();
    let namespace = Namespace::new().on("read", async move |Data(_): Data<usize>| {
        counts.count();
    });
    let server = Server::new(namespace);
    let _slow = [Peer::join(&server, Via::Polling).await, Peer::join(&server, Via::WebSocket).await];
    let mut reader = Peer::join(&server, Via::WebSocket).await;
    let mut websocket = reader.websocket.take().unwrap();
    let reads = tokio::spawn(async move {
        let mut numbers = Vec::new();
        while numbers.len() < 100 {
            let Frame::Text(text) = websocket.next().await else { panic!("no text") };
            if let Some(event) = text.strip_prefix(r#"42["news","#) {
                numbers.push(event.split(',').next().unwrap().parse::<usize>().unwrap());
            }
        }
        numbers
    });
    for number in 0..100 {
        server.io().emit("news", (number, payload())).await.unwrap();
        settle().await;
    }
    assert!(reads.await.unwrap().into_iter().eq(0..100));
    assert_eq!(server.sessions(), 0, "the slow ones are closed, and the reader has left");
}
