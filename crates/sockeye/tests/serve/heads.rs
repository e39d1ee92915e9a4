//! Row 1: heads that do not come.

use sockeye::serve::ServeConfig;

use crate::kit::{HELLO, Server, assert_about, pass};

#[tokio::test(start_paused = true)]
async fn attack_01_silence_and_half_a_head_end_at_the_deadline() {
    let server = Server::of_routes(ServeConfig::default());
    for begin in ["", "G", "GET / HTTP/1.1\r\nhost: a.ex", "PRI * HTTP/2.0\r\n\r\nSM", "\r\n\r\n\r\n"] {
        let mut peer = server.connect();
        peer.write(begin).await;
        let (rest, age) = peer.rest().await;
        assert!(rest.is_empty(), "{begin:?}");
        assert_about(age, 10.0);
    }
}

#[tokio::test(start_paused = true)]
async fn attack_01_a_head_that_trickles_ends_at_the_deadline() {
    let server = Server::of_routes(ServeConfig::default());
    for head in [HELLO, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        let mut peer = server.connect();
        for byte in head.bytes().take(3) {
            peer.write([byte]).await;
            pass(5.0).await;
        }
        assert!(peer.is_closed().await, "{head:?}");
    }
    // The last moment is early enough.
    let mut peer = server.connect();
    let (most, last) = HELLO.split_at(HELLO.len() - 1);
    peer.write(most).await;
    pass(9.9).await;
    assert_eq!(peer.ask(last).await, Some((200, "hello".to_owned())));
}

#[tokio::test(start_paused = true)]
async fn attack_01_the_time_begins_anew_with_each_answer() {
    let server = Server::of_routes(ServeConfig::default());
    let mut peer = server.connect();
    for _ in 0..3 {
        assert_eq!(peer.ask(HELLO).await, Some((200, "hello".to_owned())));
        pass(9.0).await;
    }
    assert_eq!(peer.ask(HELLO).await, Some((200, "hello".to_owned())));
    assert_about(peer.age(), 27.0);
    // Half of the next.
    peer.write("GET /").await;
    assert_about(peer.rest().await.1, 37.0);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_being_answered_has_no_such_deadline() {
    let server = Server::of_routes(ServeConfig::default());
    let mut peer = server.connect();
    assert_eq!(peer.ask(HELLO.replacen('/', "/slow", 1)).await, Some((200, String::new())));
    assert_about(peer.age(), 60.0);
    assert_about(peer.rest().await.1, 70.0);
}

#[tokio::test(start_paused = true)]
async fn a_head_beyond_its_bound_is_refused() {
    let server = Server::of_routes(ServeConfig { max_head: 8192, ..ServeConfig::default() });
    let head =
        |length: usize| format!("GET / HTTP/1.1\r\nhost: a.example\r\nx: {}\r\n\r\n", "x".repeat(length));
    assert_eq!(server.connect().ask(head(8000)).await.unwrap().0, 200);
    assert_eq!(server.connect().ask(head(9000)).await.unwrap().0, 431);
}

#[tokio::test(start_paused = true)]
async fn http_2_is_told_when_its_time_is_over() {
    const SETTINGS: [u8; 9] = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    let server = Server::of_routes(ServeConfig::default());
    let mut peer = server.connect();
    peer.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    peer.write(SETTINGS).await;
    let (frames, age) = peer.rest().await;
    assert_about(age, 10.0);
    let mut kinds = Vec::new();
    let mut frames = &frames[..];
    while let [a, b, c, kind, _, _, _, _, _, rest @ ..] = frames {
        kinds.push(*kind);
        frames = &rest[u32::from_be_bytes([0, *a, *b, *c]) as usize..];
    }
    assert_eq!(kinds.first(), Some(&4), "settings");
    assert!(kinds.contains(&7), "no goaway: {kinds:?}");
}
