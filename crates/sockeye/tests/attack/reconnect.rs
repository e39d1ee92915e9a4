//! Row 43: everybody comes back at once.

use std::time::Duration;

use sockeye::{Namespace, Sockeye};
use tokio::time::sleep;

use crate::{
    kit::{Counter, eventually},
    support::{BOTH, Log, Peer, Request, Server, Via, WebSocket, server_with, witness},
};

const CLIENTS: usize = 10_000;

/// A client that opens a session as soon as it may, joins, and stays; it counts how often it was told to wait.
async fn comes_back(server: Server, via: Via, refused: Counter) -> Option<WebSocket> {
    loop {
        let (answer, connection) = server.ask_websocket(knock(via)).await;
        match answer.status {
            200 => {
                let sid = answer.packets().split('"').nth(3).unwrap();
                server.post(sid, "40").await;
                assert!(server.fetch(sid).await.starts_with("40{"));
                return None;
            }
            101 => {
                let mut websocket = WebSocket::new(connection);
                assert!(websocket.text().await.starts_with("0{"));
                websocket.send("40").await;
                assert!(websocket.text().await.starts_with("40{"));
                return Some(websocket);
            }
            503 => {
                refused.count();
                let wait = answer.header("retry-after").unwrap().parse().unwrap();
                sleep(Duration::from_secs(wait)).await;
            }
            status => panic!("unexpected {status}"),
        }
    }
}

fn knock(via: Via) -> Request {
    match via {
        Via::Polling => Request::open(),
        Via::WebSocket => Request::websocket("EIO=4&transport=websocket"),
    }
}

/// All are served, those for whom there is no place a little later: the server never has more newcomers than it may.
#[tokio::test(start_paused = true)]
async fn attack_43_a_storm_of_polls_is_let_in_portion_by_portion() {
    storm(Via::Polling).await;
}

#[tokio::test(start_paused = true)]
async fn attack_43_a_storm_of_websockets_is_let_in_portion_by_portion() {
    storm(Via::WebSocket).await;
}

async fn storm(via: Via) {
    let refused = Counter::default();
    let namespace = Namespace::new().admit(async || sleep(Duration::from_millis(100)).await);
    let server =
        server_with(namespace, |builder| builder.max_unclaimed(2_500).max_unclaimed_per_address(usize::MAX));
    let before = tokio::time::Instant::now();
    let coming: Vec<_> =
        (0..CLIENTS).map(|_| tokio::spawn(comes_back(server.clone(), via, refused.clone()))).collect();
    let mut back = Vec::new();
    for client in coming {
        back.push(client.await.unwrap());
    }
    assert_eq!((back.len(), server.sessions()), (CLIENTS, CLIENTS));
    // Of four portions three were told to come back once, twice, three times.
    assert_eq!(refused.get(), 2_500 * (1 + 2 + 3));
    assert!(before.elapsed() <= Duration::from_secs(10));
}

/// The storm is not made by ourselves: a server that ends lets its clients go in portions.
#[tokio::test(start_paused = true)]
async fn attack_43_a_server_that_ends_spreads_its_closes() {
    const SOME: usize = 2_000;
    let log = Log::default();
    let builder = Sockeye::builder().namespace("/", witness(&log)).max_unclaimed_per_address(usize::MAX);
    let server = Server::built(builder);
    let mut peers = Vec::new();
    for _ in 0..SOME {
        peers.push(Peer::join(&server, Via::WebSocket).await);
    }
    log.clear();
    for peer in peers {
        let mut websocket = peer.websocket.unwrap();
        tokio::spawn(async move { websocket.connection.rest().await });
    }
    let io = server.io().clone();
    let ending = tokio::spawn(async move { io.shutdown().await });
    for portion in 1..=SOME / 500 {
        sleep(Duration::from_millis(50)).await;
        assert_eq!(log.lines().len(), 500 * portion);
        assert_eq!(server.sessions(), SOME - 500 * portion);
        sleep(Duration::from_millis(50)).await;
    }
    let report = ending.await.unwrap();
    assert_eq!((report.closed, report.flushed, report.aborted), (SOME, SOME, 0));
    assert!(eventually(|| log.lines().iter().all(|line| line == "disconnect: server shutting down")).await);
    for via in BOTH {
        let answer = server.send(knock(via)).await;
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("1")));
    }
}
