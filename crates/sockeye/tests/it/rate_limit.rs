//! A bound on the events of each socket.

use std::time::Duration;

use sockeye::{Data, Event, Handler, Namespace, RateLimitPerSocket, Reply, event};
use tokio::time::advance;
use tower::{ServiceBuilder, timeout::TimeoutLayer};

use crate::kit::{BOTH, Client, Log, Via, serve};

const SECOND: Duration = Duration::from_secs(1);

/// The answer to an event, as it is on the wire.
async fn answer(client: &mut Client, event: &str) -> String {
    client.send(&format!(r#"421["{event}"]"#)).await;
    client.packet().await.strip_prefix("431").unwrap().to_owned()
}

fn refused(milliseconds: u64) -> String {
    let message = "too many events, try again later";
    format!(r#"[{{"error":{{"code":"rate_limited","message":"{message}","retry_after":{milliseconds}}}}}]"#)
}

#[tokio::test(start_paused = true)]
async fn each_socket_has_its_own_allowance_which_fills_again() {
    for via in BOTH {
        let app = serve(Namespace::new().on("a", async || {}).layer(RateLimitPerSocket::new(4, SECOND)));
        let (mut ada, _) = Client::join(&app, via).await;
        let (mut bob, _) = Client::join(&app, via).await;
        for event in ["a", "a", "unknown", "a"] {
            assert!(!answer(&mut ada, event).await.contains("rate_limited"), "{event}");
        }
        assert_eq!(answer(&mut ada, "a").await, refused(250), "bound + 1");
        assert_eq!(answer(&mut ada, "unknown").await, refused(250), "known or not");
        assert_eq!(answer(&mut bob, "a").await, "[]");
        advance(Duration::from_millis(100)).await;
        assert_eq!(answer(&mut ada, "a").await, refused(150));
        advance(Duration::from_millis(150)).await;
        assert_eq!(answer(&mut ada, "a").await, "[]");
        assert_eq!(answer(&mut ada, "a").await, refused(250));
        advance(60 * SECOND).await;
        for _ in 0..4 {
            assert_eq!(answer(&mut ada, "a").await, "[]");
        }
        assert_eq!(answer(&mut ada, "a").await, refused(250), "no more than that is saved");
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_may_have_a_bound_of_its_own_beside_that_of_all() {
    let limit = RateLimitPerSocket::new(5, SECOND).event("upload", 2, 10 * SECOND);
    let app = serve(Namespace::new().on("a", async || {}).on("upload", async || {}).layer(limit));
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    for _ in 0..2 {
        assert_eq!(answer(&mut client, "upload").await, "[]");
    }
    for _ in 0..9 {
        assert_eq!(answer(&mut client, "upload").await, refused(5000));
    }
    // What was refused has taken nothing of the other bucket.
    for _ in 0..3 {
        assert_eq!(answer(&mut client, "a").await, "[]");
    }
    assert_eq!(answer(&mut client, "a").await, refused(200));
    assert_eq!(answer(&mut client, "upload").await, refused(5000), "the longer of both");
}

#[tokio::test(start_paused = true)]
async fn arguments_of_a_refused_event_are_not_read_and_layers_see_the_refusal() {
    let log = Log::default();
    let seen = log.clone();
    let app = serve(
        Namespace::new().on("strict", async |Data(_): Data<u32>| {}).layer(
            ServiceBuilder::new()
                .layer(event::from_fn(async move |event: Event, next: event::Next| -> Reply {
                    let reply = next.run(event).await;
                    seen.write(reply.error_code().unwrap_or_default());
                    reply
                }))
                .layer(RateLimitPerSocket::new(1, SECOND))
                .layer(TimeoutLayer::new(SECOND)),
        ),
    );
    let (mut client, _) = Client::join(&app, Via::WebSocket).await;
    for _ in 0..2 {
        client.send(r#"421["strict","no number"]"#).await;
        client.packet().await;
    }
    client.send(r#"42["strict"]"#).await;
    assert_eq!(log.wait(3).await, ["invalid_payload", "rate_limited", "rate_limited"]);
    client.assert_silent().await;
}

#[tokio::test(start_paused = true)]
async fn several_limits_of_one_socket_count_apart() {
    let one = (async || {}).layer(RateLimitPerSocket::new(1, SECOND));
    let two = (async || {}).layer(RateLimitPerSocket::new(2, SECOND));
    let app = serve(Namespace::new().on("one", one).on("two", two).layer(RateLimitPerSocket::new(5, SECOND)));
    let (mut client, _) = Client::join(&app, Via::Polling).await;
    assert_eq!(answer(&mut client, "one").await, "[]");
    assert_eq!(answer(&mut client, "one").await, refused(1000));
    assert_eq!(answer(&mut client, "two").await, "[]");
    assert_eq!(answer(&mut client, "two").await, "[]");
    assert_eq!(answer(&mut client, "two").await, refused(500));
    assert_eq!(answer(&mut client, "two").await, refused(200), "that of the namespace");
}
