//! Rows 33, 34 and 35: frames that cost more than they say, and pongs without a ping.

use std::time::Duration;

use tokio::time::sleep;

use crate::{
    kit::{Counter, Turns, counts, trip},
    support::{BOTH, Frame, Log, Peer, Server, Via, WebSocket, frame, settle, witness},
};

/// A websocket that has joined `/`.
async fn joined(server: &Server) -> WebSocket {
    let (mut websocket, _) = server.open_websocket().await;
    websocket.send("40").await;
    assert!(websocket.text().await.starts_with("40{"));
    websocket
}

/// An event in so many fragments, most of them empty.
fn fragments(count: usize) -> Vec<u8> {
    let mut bytes = frame(1, r#"42["a""#);
    bytes[0] &= 0x7f;
    let empty = frame(0, "");
    for _ in 2..count {
        bytes.push(empty[0] & 0x7f);
        bytes.extend(&empty[1..]);
    }
    bytes.extend(frame(0, "]"));
    bytes
}

#[tokio::test(start_paused = true)]
async fn attack_33_fragments_of_a_message_are_bounded() {
    const MOST: usize = 1_024;
    for count in [2, MOST, MOST + 1] {
        let log = Log::default();
        let server = Server::new(witness(&log));
        let mut websocket = joined(&server).await;
        websocket.connection.write(fragments(count)).await;
        if count <= MOST {
            log.expect(&["connect", "a[]"]).await;
        } else {
            websocket.assert_closed(Some(1009)).await;
            log.expect(&["connect", "disconnect: transport error"]).await;
        }
    }
}

/// The bound holds for a message that never ends, and for the bytes of all its fragments.
#[tokio::test(start_paused = true)]
async fn attack_33_a_message_that_does_not_end_is_cut() {
    for (bytes, most) in [(0, 1_024), (1, 1_024), (1_000, 1_000), (100_000, 10)] {
        let log = Log::default();
        let server = Server::new(witness(&log));
        let mut websocket = joined(&server).await;
        websocket.send_fragment(1, "4").await;
        let payload = vec![b'a'; bytes];
        // The last that fits, counted with the first one: by number, or by bytes with its `4`.
        let room = if bytes < 1_000 { most - 1 } else { (1_000_000 - 1) / bytes };
        for _ in 0..room {
            websocket.send_fragment(0, &payload).await;
        }
        settle().await;
        assert_eq!(server.sessions(), 1);
        websocket.send_fragment(0, &payload).await;
        websocket.assert_closed(Some(1009)).await;
        assert_eq!(server.sessions(), 0);
    }
}

/// However many frames are in one read, another client is served in between.
#[tokio::test(start_paused = true)]
async fn attack_33_a_flood_of_fragments_delays_nobody() {
    flood(fragments(1_000).repeat(300)).await;
}

#[tokio::test(start_paused = true)]
async fn attack_34_a_flood_of_pings_delays_nobody() {
    flood(frame(9, "").repeat(300_000)).await;
    flood(frame(9, [0; 125]).repeat(20_000)).await;
    flood(frame(10, "").repeat(300_000)).await;
}

/// Another client is served as soon as ever, counted in turns of the runtime, while this is read.
async fn flood(bytes: Vec<u8>) {
    let counter = Counter::default();
    let server = Server::new(counts(&counter));
    let mut websocket = joined(&server).await;
    let mut peer = Peer::join(&server, Via::WebSocket).await;
    let turns = Turns::watch(&counter);
    // In a task of its own: the test itself is not polled in each turn.
    let asks = async move {
        let mut calm = 0;
        for _ in 0..20 {
            calm = trip(&mut peer, &turns).await.max(calm);
        }
        let writes = tokio::spawn(async move { websocket.connection.write(bytes).await });
        let mut trips = 0;
        while !writes.is_finished() {
            let took = trip(&mut peer, &turns).await;
            assert!(took <= 2 * calm, "{took} turns instead of {calm}");
            trips += 1;
        }
        assert!(trips >= 2, "{trips}");
        assert!(turns.most() <= 64);
    };
    tokio::spawn(asks).await.unwrap();
}

/// One answer stands for all pings before it, so a flood of them does not come back.
#[tokio::test(start_paused = true)]
async fn attack_34_pongs_are_fewer_than_pings() {
    const PINGS: usize = 10_000;
    let server = Server::new(witness(&Log::default()));
    let mut websocket = joined(&server).await;
    let pings: Vec<u8> = (0..PINGS).flat_map(|ping| frame(9, ping.to_string())).collect();
    websocket.connection.write(pings).await;
    let mut pongs = 0;
    loop {
        let Frame::Pong(payload) = websocket.next().await else { panic!("no pong") };
        pongs += 1;
        if payload == (PINGS - 1).to_string().as_bytes() {
            break;
        }
    }
    assert!(pongs <= PINGS / 4, "{pongs}");
    // A single one is answered by itself.
    websocket.connection.write(frame(9, "alone")).await;
    assert_eq!(websocket.next().await, Frame::Pong(b"alone".to_vec()));
}

/// Pings whose answers nobody reads: what waits are two answers at the most.
#[tokio::test(start_paused = true)]
async fn attack_34_pongs_that_nobody_reads_do_not_pile_up() {
    let log = Log::default();
    let server = Server::new(witness(&log));
    let mut client = joined(&server).await;
    // Fills the pipe, so that nothing more can be written.
    for _ in 0..14 {
        server.io().emit("news", "x".repeat(100_000)).await.unwrap();
        settle().await;
    }
    for ping in 0..20_000 {
        client.connection.write(frame(9, ping.to_string())).await;
    }
    settle().await;
    // One that was about to be written, and one for all that came behind it.
    let (mut news, mut pongs, mut last) = (0, 0, Vec::new());
    while news < 14 || last != b"19999" {
        match client.next().await {
            Frame::Text(_) => news += 1,
            Frame::Pong(payload) => {
                last = payload;
                pongs += 1;
            }
            other => panic!("unexpected {other:?}"),
        }
    }
    assert!(pongs <= 2, "{pongs}");
    assert_eq!((news, server.sessions()), (14, 1));
}

/// Pongs that nobody waits for put the next ping off, and are counted.
#[tokio::test(start_paused = true)]
async fn attack_35_unasked_pongs_are_bounded() {
    const MOST: usize = 128;
    for via in BOTH {
        for pongs in [MOST, MOST + 1] {
            for apart in [true, false] {
                let log = Log::default();
                let server = Server::new(witness(&log));
                let mut peer = Peer::join(&server, via).await;
                if apart {
                    for _ in 0..pongs {
                        peer.send("3").await;
                        sleep(Duration::from_millis(100)).await;
                    }
                } else {
                    peer.send_all(&vec!["3"; pongs]).await;
                }
                if pongs == MOST {
                    peer.assert_alive().await;
                } else {
                    peer.assert_closed().await;
                    log.expect(&["connect", "disconnect: transport error"]).await;
                }
            }
        }
    }
}

/// The count begins anew with each ping interval, although no ping is sent to one that pongs all the time.
#[tokio::test(start_paused = true)]
async fn attack_35_a_few_pongs_now_and_then_are_no_flood() {
    for via in BOTH {
        let server = Server::new(witness(&Log::default()));
        let mut peer = Peer::join(&server, via).await;
        for _ in 0..1_000 {
            peer.send("3").await;
            sleep(Duration::from_millis(250)).await;
        }
        peer.assert_alive().await;
        assert_eq!(server.sessions(), 1);
    }
}
