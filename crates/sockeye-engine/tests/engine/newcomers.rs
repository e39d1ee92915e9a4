//! Who may open a session: origins, addresses, and how many may wait to be claimed.

use std::{net::IpAddr, time::Duration};

use http::{Extensions, Method, Request};
use sockeye_engine::{CloseReason, Origins, TransportError, TrustedProxies};

use crate::support::{
    RequestBody, World, body, pass, refused, request, settle, slow_body, websocket_request,
};

const FOREIGN: &str = r#"{"code":4,"message":"Origin not allowed"}"#;

/// The peer of the connection, as a server in front may tell.
#[derive(Clone, Copy)]
struct Peer(IpAddr);

fn peer(extensions: &Extensions) -> Option<IpAddr> {
    extensions.get().map(|Peer(address)| *address)
}

/// A handshake on each transport.
fn handshakes(headers: &[(&str, &str)]) -> [Request<RequestBody>; 2] {
    let with = |builder: http::request::Builder| {
        headers
            .iter()
            .fold(builder, |builder, (name, value)| builder.header(*name, *value))
            .body(body(""))
            .unwrap()
    };
    let (_, server) = tokio::io::duplex(1024);
    let upgrade = sockeye_engine::websocket::Upgrade::new(async { Ok(server) });
    [
        with(request(Method::GET, "EIO=4&transport=polling")),
        with(websocket_request("EIO=4&transport=websocket").extension(upgrade)),
    ]
}

/// Opens a session by polling and reads the answer, without which the session would end.
async fn open_from(world: &World, address: &str) -> u16 {
    let [polling, _] = handshakes(&[]);
    refused(world.send(from(address, polling)).await.unwrap()).await.0
}

fn from(address: &str, mut request: Request<RequestBody>) -> Request<RequestBody> {
    request.extensions_mut().insert(Peer(address.parse().unwrap()));
    request
}

#[tokio::test(start_paused = true)]
async fn attack_10_a_foreign_page_with_the_visitors_cookie_is_refused_on_every_transport() {
    let world = World::new();
    for origin in ["https://evil.example", "null", "nonsense"] {
        for request in handshakes(&[("origin", origin), ("host", "a.example"), ("cookie", "token=x")]) {
            let answer = refused(world.send(request).await.unwrap()).await;
            assert_eq!(answer, (403, FOREIGN.to_owned()), "{origin}");
        }
    }
    settle().await;
    assert_eq!(world.engine.sessions(), 0);
    for headers in [
        &[("origin", "https://a.example"), ("host", "a.example:3000"), ("cookie", "token=x")][..],
        &[("origin", "https://evil.example"), ("host", "a.example")],
        &[("host", "a.example"), ("cookie", "token=x")],
    ] {
        let [polling, websocket] = handshakes(headers);
        assert_eq!(world.send(polling).await.unwrap().status(), 200, "{headers:?}");
        assert_eq!(world.send(websocket).await.unwrap().status(), 101, "{headers:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_of_origins_holds_without_cookies_and_any_origin_is_let_in_if_the_application_says_so() {
    let list = World::with(|builder| builder.origins(Origins::list(["https://a.example"])));
    for request in handshakes(&[("origin", "https://b.example"), ("host", "c.example")]) {
        assert_eq!(list.send(request).await.unwrap().status(), 403);
    }
    for request in handshakes(&[("origin", "https://a.example"), ("host", "c.example")]) {
        assert!(list.send(request).await.unwrap().status().as_u16() < 300);
    }
    let any = World::with(|builder| builder.origins(Origins::any()));
    for request in handshakes(&[("origin", "null"), ("cookie", "token=x")]) {
        assert!(any.send(request).await.unwrap().status().as_u16() < 300);
    }
}

#[tokio::test(start_paused = true)]
async fn later_requests_of_a_session_are_not_asked_for_their_origin() {
    let mut world = World::new();
    let (sid, _sender) = world.open().await;
    let post = request(Method::POST, &format!("EIO=4&transport=polling&sid={sid}"))
        .header("origin", "https://evil.example")
        .header("cookie", "token=x");
    assert_eq!(world.send(post.body(body("4a")).unwrap()).await.unwrap().status(), 200);
}

#[tokio::test(start_paused = true)]
async fn the_clients_address_is_the_peers_or_what_a_trusted_proxy_says() {
    let mut world = World::with(|builder| {
        builder.peer(peer).trusted_proxies(TrustedProxies::parse(["10.0.0.0/8"]).unwrap())
    });
    let lines = [("x-forwarded-for", "6.6.6.6, 192.0.2.1"), ("x-forwarded-host", "a.example")];
    let cookie = [("origin", "https://a.example"), ("cookie", "a=1"), ("host", "10.0.0.1")];
    for (peer, headers, expected) in [
        (Some("198.51.100.1"), &lines[..], Some("198.51.100.1")),
        (Some("10.0.0.1"), &lines[..], Some("192.0.2.1")),
        (Some("10.0.0.1"), &[][..], Some("10.0.0.1")),
        (Some("10.0.0.1"), &[("x-forwarded-for", "unknown")], None),
        (None, &lines[..], None),
    ] {
        for request in handshakes(headers) {
            let request = if let Some(peer) = peer { from(peer, request) } else { request };
            world.send(request).await.unwrap();
            let (_, handshake) = world.opened.recv().await.unwrap();
            assert_eq!(handshake.address, expected.map(|address| address.parse().unwrap()), "{peer:?}");
        }
    }
    // The forwarded host counts from the same peers.
    for (peer, status) in [("10.0.0.1", 200), ("198.51.100.1", 403)] {
        let [request, _] = handshakes(&[&lines[..], &cookie[..]].concat());
        assert_eq!(world.send(from(peer, request)).await.unwrap().status(), status);
    }
}

#[tokio::test(start_paused = true)]
async fn attack_03_sessions_that_nobody_claims_are_bounded_by_address_and_in_all() {
    let mut world = World::with(|builder| builder.peer(peer).max_unclaimed(3).max_unclaimed_per_address(2));
    let mut senders = Vec::new();
    for address in ["192.0.2.1", "192.0.2.1", "192.0.2.2"] {
        assert_eq!(open_from(&world, address).await, 200);
        senders.push(world.opened.recv().await.unwrap().0);
    }
    for address in ["192.0.2.1", "192.0.2.3"] {
        for request in handshakes(&[]) {
            let response = world.send(from(address, request)).await.unwrap();
            assert_eq!(response.headers()["retry-after"], "1");
            assert_eq!(refused(response).await, (503, String::new()), "{address}");
        }
    }
    // One is claimed, so there is room for another of its address; then the bound of all holds again.
    senders[0].claimed();
    for status in [200, 503] {
        assert_eq!(open_from(&world, "192.0.2.1").await, status);
    }
    world.opened.recv().await.unwrap();
    // One ends, and a websocket may come.
    senders[2].close(sockeye_engine::Close::Now(CloseReason::ServerShuttingDown));
    settle().await;
    let (client, server) = tokio::io::duplex(1024);
    let upgrade = sockeye_engine::websocket::Upgrade::new(async { Ok(server) });
    let websocket = websocket_request("EIO=4&transport=websocket").extension(upgrade).body(body("")).unwrap();
    assert_eq!(world.send(from("192.0.2.3", websocket)).await.unwrap().status(), 101);
    world.opened.recv().await.unwrap();
    assert_eq!(open_from(&world, "192.0.2.4").await, 503);
    drop(client);
    settle().await;
    assert_eq!(open_from(&world, "192.0.2.4").await, 200);
}

#[tokio::test(start_paused = true)]
async fn a_websocket_that_is_never_taken_up_gives_its_place_back() {
    let world = World::with(|builder| builder.max_unclaimed(1));
    let never = sockeye_engine::websocket::Upgrade::new(std::future::pending::<
        std::io::Result<tokio::io::DuplexStream>,
    >());
    let websocket = websocket_request("EIO=4&transport=websocket").extension(never).body(body("")).unwrap();
    assert_eq!(world.send(websocket).await.unwrap().status(), 101);
    let [polling, _] = handshakes(&[]);
    assert_eq!(world.send(polling).await.unwrap().status(), 503);
    pass(11.0).await;
    let [polling, _] = handshakes(&[]);
    assert_eq!(world.send(polling).await.unwrap().status(), 200);
}

#[tokio::test(start_paused = true)]
async fn attack_02_a_body_that_trickles_is_cut_at_its_deadline() {
    let mut world = World::new();
    let (sid, _sender) = world.open().await;
    let (pieces, slow) = slow_body();
    let post = world.post_body(&sid, slow);
    for _ in 0..9 {
        pieces.send(Ok("4")).unwrap();
        pass(1.0).await;
    }
    assert!(!post.is_finished());
    pass(1.1).await;
    assert_eq!(post.await.unwrap().status(), 408);
    assert!(pieces.is_closed());
    world.expect_closed(CloseReason::TransportError(TransportError::PostAborted)).await;
}

#[tokio::test(start_paused = true)]
async fn a_body_that_the_session_does_not_read_yet_is_not_late() {
    let mut world = World::with(|builder| builder.body_timeout(Duration::from_secs(5)));
    let (sid, sender) = world.open().await;
    world.behave(|behaviour| behaviour.pause_after = Some(1));
    assert_eq!(world.post(&sid, "4a").await.unwrap().status(), 200);
    let (pieces, slow) = slow_body();
    let post = world.post_body(&sid, slow);
    pass(20.0).await;
    assert!(!post.is_finished(), "the session stalls, and the client is not to blame");
    world.behave(|behaviour| behaviour.pause_after = None);
    sender.outbox().wake();
    pass(4.0).await;
    pieces.send(Ok("4b")).unwrap();
    drop(pieces);
    assert_eq!(post.await.unwrap().status(), 200);
}
