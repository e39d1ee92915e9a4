//! Row 44: one client floods with events that are bounded by a rate.

use std::time::Duration;

use sockeye::{Data, Event, Namespace, RateLimitPerSocket};
use tower::util::MapRequestLayer;

use crate::{
    kit::{Counter, Turns, eventually, trip},
    support::{BOTH, Peer, Request, Server, Via, frame},
};

/// So many packets are handled in one poll of a session's task, and no more.
const BUDGET: usize = 64;

const EVENTS: usize = 100_000;

/// So many of them pass.
const RATE: u32 = 100;

#[tokio::test(start_paused = true)]
async fn attack_44_a_flood_of_events_reaches_no_handler_beyond_the_rate_and_delays_nobody() {
    for (via, other) in [(BOTH[0], BOTH[1]), (BOTH[1], BOTH[0]), (BOTH[1], BOTH[1])] {
        let (came, handled) = (Counter::default(), Counter::default());
        let (counted, read, asked) = (came.clone(), handled.clone(), handled.clone());
        let server = Server::new(
            Namespace::new()
                .on("a", async move |Data(_): Data<u32>| {
                    read.count();
                })
                .on("quick", async move || Data(asked.get()))
                .layer(RateLimitPerSocket::new(100_000, Duration::from_secs(1)).event("a", RATE, HOUR))
                .layer(MapRequestLayer::new(move |event: Event| {
                    if event.name() == "a" {
                        counted.count();
                    }
                    event
                })),
        );
        let mut hostile = Peer::join(&server, via).await;
        let mut peer = Peer::join(&server, other).await;
        let packet = r#"42["a",1]"#;
        let bytes = match via {
            Via::Polling => Request::post(&hostile.sid, vec![packet; EVENTS].join("\x1e")).bytes(),
            Via::WebSocket => frame(1, packet).repeat(EVENTS),
        };
        let turns = Turns::watch(&came);
        // In a task of its own: the test itself is not polled in each turn.
        let asks = async move {
            let mut calm = 0;
            for _ in 0..20 {
                calm = trip(&mut peer, &turns).await.max(calm);
            }
            let flooded = server.clone();
            let writes = tokio::spawn(async move {
                match via {
                    Via::Polling => {
                        let mut connection = flooded.connect();
                        connection.write(bytes).await;
                        connection.answer().await.assert_ok();
                    }
                    Via::WebSocket => hostile.websocket.as_mut().unwrap().connection.write(bytes).await,
                }
                hostile
            });
            let mut trips = 0;
            while came.get() < EVENTS {
                let took = trip(&mut peer, &turns).await;
                assert!(took <= 2 * calm, "{took} turns instead of {calm}");
                trips += 1;
            }
            assert!(trips > EVENTS / BUDGET / (2 * calm), "{trips}");
            assert!(turns.most() <= BUDGET, "{} in one turn", turns.most());
            let mut hostile = writes.await.unwrap();
            assert!(eventually(|| came.get() == EVENTS).await);
            assert_eq!(handled.get(), RATE as usize);
            // It is answered when it asks, and its other events pass.
            hostile.send(r#"421["a",1]"#).await;
            assert!(hostile.packet().await.contains("rate_limited"));
            hostile.ask(r#"422["quick"]"#, &format!("432[{RATE}]")).await;
        };
        tokio::spawn(asks).await.unwrap();
    }
}

/// Longer than the flood takes.
const HOUR: Duration = Duration::from_secs(3600 * RATE as u64);
