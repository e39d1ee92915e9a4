//! Row 1: more connections than there is room for.

use sockeye::{TrustedProxies, serve::ServeConfig};

use crate::kit::{HELLO, Peer, Server, pass, settle};

async fn connect(server: &Server, address: &str) -> Peer {
    let mut peer = server.connect_from(address, 1024);
    // What was refused has been closed by then.
    settle().await;
    peer.write("GET ").await;
    peer
}

#[tokio::test(start_paused = true)]
async fn attack_01_connections_are_bounded_by_address_and_in_all() {
    let config = ServeConfig { max_connections: 5, max_connections_per_address: 2, ..ServeConfig::default() };
    let server = Server::of_routes(config);
    let mut held = Vec::new();
    for address in ["192.0.2.1", "192.0.2.1", "2001:db8::1", "2001:db8::2", "192.0.2.2"] {
        held.push(connect(&server, address).await);
    }
    for address in ["192.0.2.1", "2001:db8::3", "192.0.2.3"] {
        assert!(connect(&server, address).await.is_closed().await, "{address}");
    }
    for peer in &mut held {
        assert!(!peer.is_closed().await);
    }
    // A place is free when its connection is closed, by whomever.
    drop(held.pop());
    settle().await;
    assert!(connect(&server, "192.0.2.1").await.is_closed().await);
    let mut other = connect(&server, "192.0.2.3").await;
    assert!(!other.is_closed().await);
    pass(10.0).await;
    assert!(other.is_closed().await);
    let peers = [connect(&server, "192.0.2.1").await, connect(&server, "192.0.2.1").await];
    for mut peer in peers {
        assert_eq!(peer.ask(HELLO.trim_start_matches("GET ")).await.unwrap().0, 200);
    }
}

#[tokio::test(start_paused = true)]
async fn the_connections_of_a_trusted_proxy_are_those_of_many() {
    let config = ServeConfig {
        max_connections: 3,
        max_connections_per_address: 1,
        trusted_proxies: TrustedProxies::parse(["10.0.0.0/8"]).unwrap(),
        ..ServeConfig::default()
    };
    let server = Server::of_routes(config);
    let mut peers = Vec::new();
    for _ in 0..3 {
        peers.push(connect(&server, "10.0.0.1").await);
    }
    for peer in &mut peers {
        assert!(!peer.is_closed().await);
    }
    assert!(connect(&server, "10.0.0.1").await.is_closed().await);
}
