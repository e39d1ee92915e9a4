//! Rows 15 and 45: more events than there is time for.

use std::time::Duration;

use sockeye::{Data, Namespace, Socket};
use tokio::time::sleep;

use crate::{
    kit::{Counter, Turns, counts, eventually, trip},
    support::{BOTH, Gate, Peer, Request, Server, Via, frame, server_with, settle},
};

/// So many packets are handled in one poll of a session's task, and no more.
const BUDGET: usize = 64;

/// A burst of so many packets, as one POST or as frames without a pause.
fn burst(peer: &Peer, via: Via, packet: &str, packets: usize) -> Vec<u8> {
    match via {
        Via::Polling => Request::post(&peer.sid, vec![packet; packets].join("\x1e")).bytes(),
        Via::WebSocket => frame(1, packet).repeat(packets),
    }
}

/// Writes a burst in a task of its own.
async fn write(server: &Server, peer: &mut Peer, via: Via, bytes: Vec<u8>) {
    match via {
        Via::Polling => {
            let mut connection = server.connect();
            connection.write(bytes).await;
            connection.answer().await.assert_ok();
        }
        Via::WebSocket => peer.websocket.as_mut().unwrap().connection.write(bytes).await,
    }
}

#[tokio::test(start_paused = true)]
async fn attack_15_a_body_of_tiny_packets_delays_nobody() {
    const PACKETS: usize = 120_000;
    for (via, other) in [(BOTH[0], BOTH[1]), (BOTH[1], BOTH[0]), (BOTH[1], BOTH[1])] {
        let counter = Counter::default();
        let server = Server::new(counts(&counter));
        let mut hostile = Peer::join(&server, via).await;
        let mut peer = Peer::join(&server, other).await;
        let bytes = burst(&hostile, via, r#"42["a"]"#, PACKETS);
        let turns = Turns::watch(&counter);
        // In a task of its own: the test itself is not polled in each turn.
        let asks = async move {
            let mut calm = 0;
            for _ in 0..20 {
                calm = trip(&mut peer, &turns).await.max(calm);
            }
            let flooded = server.clone();
            let writes = tokio::spawn(async move {
                write(&flooded, &mut hostile, via, bytes).await;
                hostile
            });
            let mut trips = 0;
            while counter.get() < PACKETS {
                let took = trip(&mut peer, &turns).await;
                // Served in between, and as soon as ever.
                assert!(took <= 2 * calm, "{took} turns instead of {calm}");
                trips += 1;
            }
            assert!(trips > PACKETS / BUDGET / (2 * calm), "{trips}");
            assert!(turns.most() <= BUDGET, "{} in one turn", turns.most());
            // No crime: it lives.
            let mut hostile = writes.await.unwrap();
            hostile.ask(r#"421["quick"]"#, &format!("431[{PACKETS}]")).await;
        };
        tokio::spawn(asks).await.unwrap();
    }
}

/// The same for packets that are no events.
#[tokio::test(start_paused = true)]
async fn attack_15_packets_of_any_kind_count() {
    for via in BOTH {
        for packet in ["43", "430[]"] {
            let counter = Counter::default();
            let server = Server::new(counts(&counter));
            let mut hostile = Peer::join(&server, via).await;
            // A little less than what is too much within a minute.
            let bytes = burst(&hostile, via, packet, 9_999);
            let mut peer = Peer::join(&server, Via::WebSocket).await;
            let turns = Turns::watch(&counter);
            let flooded = server.clone();
            let writes = tokio::spawn(async move {
                write(&flooded, &mut hostile, via, bytes).await;
                // Behind all of them.
                hostile.ask(r#"421["quick"]"#, "431[0]").await;
            });
            let asks = async move {
                let (before, mut trips) = (turns.count(), 0);
                while !writes.is_finished() {
                    trip(&mut peer, &turns).await;
                    trips += 1;
                }
                writes.await.unwrap();
                assert!(turns.count() - before >= 9_999 / BUDGET && trips > 10, "{trips}");
            };
            tokio::spawn(asks).await.unwrap();
        }
    }
}

/// A handler that takes a second.
fn slow(counter: &Counter, ended: &Counter) -> Namespace {
    let (begins, ends) = (counter.clone(), ended.clone());
    Namespace::new().on("a", async move |Data(_): Data<String>| {
        begins.count();
        sleep(Duration::from_secs(1)).await;
        ends.count();
    })
}

/// Events run up to a number, wait up to a number of bytes, and the rest stays where it came from.
#[tokio::test(start_paused = true)]
async fn attack_45_what_handlers_do_not_keep_pace_with_is_not_read() {
    const HELD: usize = 100_000;
    const EVENTS: usize = 2_000;
    let packet = format!(r#"42["a","{}"]"#, "x".repeat(1_000));
    for via in BOTH {
        let (begun, ended) = (Counter::default(), Counter::default());
        let server = server_with(slow(&begun, &ended), |builder| {
            builder.inbound_budget(HELD).stall_timeout(Duration::from_secs(3_600)).max_payload(10_000_000)
        });
        let mut peer = Peer::join(&server, via).await;
        let bytes = burst(&peer, via, &packet, EVENTS);
        let whole = bytes.len();
        // What the client gets rid of: a pipe that is full tells.
        let sent = Counter::default();
        let written = sent.clone();
        let mut connection = match peer.websocket.take() {
            None => server.connect(),
            Some(websocket) => websocket.connection,
        };
        let writes = tokio::spawn(async move {
            for piece in bytes.chunks(1_000) {
                connection.write(piece).await;
                written.count();
            }
            connection
        });
        for second in 0..20 {
            settle().await;
            assert!(begun.get() <= 16 * (second + 1), "{} have begun in {second} s", begun.get());
            assert!(begun.get() - ended.get() <= 16);
            if via == Via::WebSocket {
                // What was handled, what may wait, and what the pipe and a read hold.
                let most = begun.get() * packet.len() + HELD + (1 << 20) + 2 * 64 * 1024;
                assert!(sent.get() * 1_000 <= most, "{} bytes were taken", sent.get() * 1_000);
            }
            sleep(Duration::from_millis(999)).await;
        }
        assert!(via == Via::Polling || sent.get() * 1_000 < whole);
        // Nothing is lost by it.
        assert!(eventually(|| ended.get() == EVENTS).await);
        let connection = writes.await.unwrap();
        assert_eq!((begun.get(), server.sessions()), (EVENTS, 1));
        drop(connection);
    }
}

/// In flight are as many as there may be, of each socket, whatever its events are called.
#[tokio::test(start_paused = true)]
async fn attack_45_so_many_events_run_and_no_more() {
    for via in BOTH {
        for most in [1, 16, 40] {
            let (running, gate) = (Counter::default(), Gate::closed());
            let (counts, waits) = (running.clone(), gate.clone());
            let namespace = Namespace::new().fallback(async move || {
                counts.count();
                waits.pass().await;
            });
            let server = match most {
                16 => Server::new(namespace),
                most => server_with(namespace, |builder| builder.events_in_flight(most)),
            };
            let mut peer = Peer::join(&server, via).await;
            let events: Vec<String> = (0..most + 20).map(|event| format!(r#"42["{event}"]"#)).collect();
            peer.send_all(&events.iter().map(String::as_str).collect::<Vec<_>>()).await;
            for done in 0..=20 {
                settle().await;
                assert_eq!(running.get(), most + done);
                gate.let_pass(1);
            }
            gate.let_pass(most);
            settle().await;
            assert_eq!(running.get(), most + 20);
        }
    }
}

/// What has waited is started in portions, too: a gate that opens does not let a hundred thousand through at once.
#[tokio::test(start_paused = true)]
async fn attack_45_what_has_waited_delays_nobody_when_it_starts() {
    const EVENTS: usize = 5_000;
    for via in BOTH {
        for packet in [r#"42["a"]"#, r#"421["a"]"#] {
            let (counter, gate) = (Counter::default(), Gate::closed());
            let waits = gate.clone();
            let namespace = counts(&counter).on("wait", async move || waits.pass().await);
            let server = server_with(namespace.sequential(), |builder| {
                builder.outbox_soft(10_000_000).outbox_hard(10_000_000)
            });
            let mut hostile = Peer::join(&server, via).await;
            hostile.send(r#"42["wait"]"#).await;
            let bytes = burst(&hostile, via, packet, EVENTS);
            write(&server, &mut hostile, via, bytes).await;
            sleep(Duration::from_secs(1)).await;
            assert_eq!(counter.get(), 0);
            let turns = Turns::watch(&counter);
            gate.let_pass(1);
            let all = counter.clone();
            let opens = async move {
                turns.until(|| all.get() == EVENTS).await;
                turns.most()
            };
            let most = tokio::spawn(opens).await.unwrap();
            assert!(most <= BUDGET, "{most} in one turn, {packet} by {via:?}");
        }
    }
}

/// Events of a session that is not read keep no other session from being read.
#[tokio::test(start_paused = true)]
async fn attack_45_a_client_that_is_not_read_delays_nobody() {
    let gate = Gate::closed();
    let waits = gate.clone();
    let namespace = Namespace::new()
        .on("wait", async move |_: Socket, Data(_): Data<String>| waits.pass().await)
        .on("quick", async || Data(1));
    let server = server_with(namespace, |builder| builder.inbound_budget(10_000));
    let packet = format!(r#"42["wait","{}"]"#, "x".repeat(10_000));
    let mut hostile = Vec::new();
    for via in [Via::Polling, Via::WebSocket].into_iter().cycle().take(20) {
        let mut peer = Peer::join(&server, via).await;
        let bytes = burst(&peer, via, &packet, 50);
        let mut connection = match peer.websocket.take() {
            None => server.connect(),
            Some(websocket) => websocket.connection,
        };
        hostile.push(tokio::spawn(async move {
            connection.write(bytes).await;
            connection.rest().await;
        }));
    }
    sleep(Duration::from_secs(5)).await;
    for via in BOTH {
        let mut peer = Peer::join(&server, via).await;
        for _ in 0..10 {
            peer.ask(r#"421["quick"]"#, "431[1]").await;
        }
    }
    // Each is closed when it has been so for too long.
    assert!(eventually(|| server.sessions() == 0).await);
    for task in hostile {
        task.abort();
    }
}
