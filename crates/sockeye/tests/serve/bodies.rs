//! Row 2: bodies that trickle, and answers that nobody reads.

use sockeye::{Namespace, Sockeye, serve::ServeConfig};

use crate::kit::{HELLO, Server, assert_about, pass, routes};

fn post(path: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nhost: a.example\r\ncontent-length: 100\r\n\r\n")
}

#[tokio::test(start_paused = true)]
async fn attack_02_a_body_that_trickles_is_cut_on_every_route() {
    let server = Server::of_routes(ServeConfig::default());
    let mut peer = server.connect();
    peer.write(post("/length")).await;
    for _ in 0..29 {
        peer.write("x").await;
        pass(1.0).await;
    }
    // The extractor's own answer.
    assert_eq!(peer.answer().await.unwrap().0, 400);
    assert_about(peer.rest().await.1, 30.0);
}

#[tokio::test(start_paused = true)]
async fn attack_02_a_post_of_a_session_that_trickles_is_cut_with_its_session() {
    let sockeye = Sockeye::builder().namespace("/", Namespace::<()>::new()).build();
    let server = Server::new(sockeye.router(), ServeConfig::default());
    let mut poll = server.connect();
    let open = poll.ask("GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nhost: a.example\r\n\r\n").await;
    let sid = open.unwrap().1.split('"').nth(3).unwrap().to_owned();
    assert_eq!(sockeye.sessions(), 1);
    let mut peer = server.connect();
    peer.write(post(&format!("/socket.io/?EIO=4&transport=polling&sid={sid}"))).await;
    for _ in 0..9 {
        peer.write("4").await;
        pass(1.0).await;
    }
    assert_eq!(peer.answer().await, Some((408, String::new())));
    assert_about(peer.rest().await.1, 10.0);
    assert_eq!(sockeye.sessions(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_body_in_time_is_read_and_the_bound_can_be_lifted() {
    for (config, wait) in [
        (ServeConfig::default(), 29.0),
        (ServeConfig { body_timeout: None, ..ServeConfig::default() }, 3600.0),
    ] {
        let server = Server::of_routes(config);
        let mut peer = server.connect();
        peer.write(post("/length")).await;
        pass(wait).await;
        assert_eq!(peer.ask("x".repeat(100)).await, Some((200, "100".to_owned())));
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_nobody_takes_is_given_up() {
    let server = Server::new(routes(), ServeConfig::default());
    let large = HELLO.replacen('/', "/large", 1);
    let mut peer = server.connect_from("192.0.2.1", 1000);
    peer.write(&large).await;
    pass(31.0).await;
    assert!(peer.rest().await.0.len() <= 2000);

    // Slowly, but taken.
    let mut peer = server.connect_from("192.0.2.1", 20_000);
    peer.write(&large).await;
    let mut taken = 0;
    while taken < 1_000_000 {
        pass(20.0).await;
        let piece = peer.take(20_000).await.len();
        assert!(piece > 0, "cut after {taken} bytes");
        taken += piece;
    }
    assert!(peer.age() > 900.0);
}
