//! Rows 37 and 38: requests of one session at the same time.

use crate::support::{Log, Peer, Request, Server, Via, settle, witness};

async fn joined(log: &Log) -> (Server, Peer) {
    let server = Server::new(witness(log));
    let peer = Peer::join(&server, Via::Polling).await;
    (server, peer)
}

#[tokio::test(start_paused = true)]
async fn attack_37_a_second_poll_ends_the_session() {
    let log = Log::default();
    let (server, peer) = joined(&log).await;
    let first = server.poll(&peer.sid).await;
    server.send(Request::poll(&peer.sid)).await.assert_empty(400);
    assert_eq!(first.answer().await.packets(), "1");
    log.expect(&["connect", "disconnect: transport error"]).await;
    server.send(Request::poll(&peer.sid)).await.assert_unknown();
    assert_eq!(server.sessions(), 0);
}

/// A hundred of them are no worse than two.
#[tokio::test(start_paused = true)]
async fn attack_37_many_polls_at_once_end_the_session_once() {
    let log = Log::default();
    let (server, peer) = joined(&log).await;
    let polls: Vec<_> = (0..100).map(|_| server.start(Request::poll(&peer.sid))).collect();
    let (mut closed, mut refused) = (0, 0);
    for poll in polls {
        let answer = poll.answer().await;
        match answer.status {
            200 => {
                assert_eq!(answer.packets(), "1");
                closed += 1;
            }
            400 => refused += 1,
            status => panic!("unexpected {status}"),
        }
    }
    assert_eq!((closed, refused), (1, 99));
    log.expect(&["connect", "disconnect: transport error"]).await;
}

/// One poll after the other is how polling works.
#[tokio::test(start_paused = true)]
async fn attack_37_a_poll_behind_another_is_served() {
    let log = Log::default();
    let (server, peer) = joined(&log).await;
    for number in 0..100 {
        let poll = server.poll(&peer.sid).await;
        server.io().emit("news", number).await.unwrap();
        assert_eq!(poll.answer().await.packets(), format!(r#"42["news",{number}]"#));
    }
    log.expect(&["connect"]).await;
}

const HEADER: &str = r#"451-["x",{"_placeholder":true,"num":0}]"#;

/// Two POSTs would be decoded in no order, so the second ends the session: no half of either becomes an event.
#[tokio::test(start_paused = true)]
async fn attack_38_a_second_post_ends_the_session() {
    for (first, second) in [(HEADER, "bAAAA"), ("bAAAA", HEADER), (r#"42["x"]"#, r#"42["y"]"#)] {
        let log = Log::default();
        let (server, peer) = joined(&log).await;
        // The first one is there but for its last byte.
        let mut connection = server.connect();
        let bytes = Request::post(&peer.sid, first).bytes();
        connection.write(&bytes[..bytes.len() - 1]).await;
        settle().await;
        server.send(Request::post(&peer.sid, second)).await.assert_empty(400);
        log.expect(&["connect", "disconnect: transport error"]).await;
        connection.write(&bytes[bytes.len() - 1..]).await;
        assert_eq!(connection.answer().await.status, 400);
        log.expect(&["connect", "disconnect: transport error"]).await;
        assert_eq!(server.sessions(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn attack_38_a_packet_may_be_split_over_posts_that_follow_each_other() {
    let log = Log::default();
    let (server, peer) = joined(&log).await;
    for _ in 0..3 {
        server.post(&peer.sid, HEADER).await;
        server.post(&peer.sid, "bAAAA").await;
    }
    let event = r#"x[{"_placeholder":true,"num":0}] +3"#;
    log.expect(&["connect", event, event, event]).await;
}

/// Many at once: one of them is heard whole or none is, and there is one end.
#[tokio::test(start_paused = true)]
async fn attack_38_many_posts_at_once_end_the_session_once() {
    let log = Log::default();
    let (server, peer) = joined(&log).await;
    let posts: Vec<_> =
        (0..100).map(|_| server.start(Request::post(&peer.sid, "42[\"x\"]\x1e42[\"y\"]"))).collect();
    let mut refused = 0;
    for post in posts {
        refused += usize::from(post.answer().await.status == 400);
    }
    assert!(refused >= 99, "{refused}");
    settle().await;
    let lines = log.lines();
    let events = &lines[1..lines.len() - 1];
    assert!(events.is_empty() || events == ["x[]", "y[]"], "{lines:?}");
    assert_eq!(lines.last().unwrap(), "disconnect: transport error");
    assert_eq!(server.sessions(), 0);
}
