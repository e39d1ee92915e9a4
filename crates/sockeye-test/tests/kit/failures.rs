//! How a test fails: where it stands, what it awaited, and what came instead.

use std::{future::Future, panic::AssertUnwindSafe};

use futures_util::FutureExt as _;
use sockeye::{Namespace, Socket, Sockeye};
use sockeye_test::{TestClient, World};
use tokio::time::Instant;

use crate::secs;

async fn client() -> (World, TestClient) {
    let namespace = Namespace::new()
        .on("two", async |socket: Socket| {
            socket.emit("first", 1).await.unwrap();
            socket.emit("second", ("a", 2)).await.unwrap();
        })
        .on("away", async |socket: Socket| socket.disconnect().await);
    let world = World::new(Sockeye::builder().namespace("/", namespace).build());
    let client = world.client("/").connect().await.unwrap();
    (world, client)
}

/// What a failure says.
async fn failure<T>(test: impl Future<Output = T>) -> String {
    let panic = AssertUnwindSafe(test).catch_unwind().await.err().expect("it fails");
    let text = panic.downcast::<String>().map(|text| *text);
    text.unwrap_or_else(|panic| (*panic.downcast::<&str>().expect("a text")).to_owned())
}

#[tokio::test(start_paused = true)]
async fn an_event_that_does_not_come_names_what_came_instead() {
    let (world, client) = client().await;
    client.emit("two", ());
    let started = Instant::now();
    let said = failure(client.next::<u32>("third")).await;
    assert!(said.starts_with(&format!("{}:{}:", file!(), line!() - 1)), "{said}");
    assert!(said.contains("the event `third` did not come: not within 120s"), "{said}");
    assert!(said.ends_with("what waits instead: `first` [1], `second` [\"a\",2]"), "{said}");
    assert_eq!(started.elapsed(), secs(120));

    world.cut(&client);
    let said = failure(client.next_event("third")).await;
    assert!(said.contains("the socket has left (ping timeout)"), "{said}");
}

#[tokio::test(start_paused = true)]
async fn to_a_socket_that_has_left_nothing_comes_so_the_test_fails_at_once() {
    let (_world, client) = client().await;
    client.emit("away", ());
    let started = Instant::now();
    let said = failure(client.next_any()).await;
    assert!(said.contains("an event did not come: the socket has left (io server disconnect)"), "{said}");
    assert!(started.elapsed() < secs(1));
    let said = failure(async { client.emit("two", ()) }).await;
    assert_eq!(said, "`two` cannot be emitted: the socket has left (io server disconnect)");
}

#[tokio::test(start_paused = true)]
async fn noise_and_misfits_are_named() {
    let (_world, client) = client().await;
    client.assert_silent().await;
    client.emit("two", ());
    let said = failure(client.assert_silent()).await;
    assert!(said.contains("there is `first` [1], `second` [\"a\",2]"), "{said}");
    client.assert_no("third").await;
    let said = failure(client.assert_no("second")).await;
    assert!(said.starts_with(file!()) && said.ends_with("there is `second` [\"a\",2]"), "{said}");
    let said = failure(client.next::<String>("first")).await;
    assert!(said.contains("`first` [1] does not have the expected form: "), "{said}");
    let said = failure(async { client.next_event("second").await.answer(1) }).await;
    assert!(said.contains("nobody asks for an answer to `second`"), "{said}");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_awaited_for_longer_than_patience() {
    let namespace: Namespace = Namespace::new().admit(async || std::future::pending::<()>().await);
    let server = Sockeye::builder().admit_timeout(secs(50)).namespace("/", namespace).build();
    let world = World::new(server).patience(secs(5));
    let said = failure(world.client("/").connect()).await;
    assert!(said.contains("an answer to the wish to join `/` did not come within 5s"), "{said}");
    assert!(said.starts_with(file!()), "{said}");
}

#[tokio::test]
async fn a_running_clock_is_refused_unless_it_is_wanted() {
    let server = || Sockeye::builder().namespace("/", Namespace::new()).build();
    let said = failure(async { World::new(server()) }).await;
    assert!(said.contains("start_paused = true"), "{said}");
    assert!(World::in_real_time(server()).client("/").connect().await.is_ok());
}
