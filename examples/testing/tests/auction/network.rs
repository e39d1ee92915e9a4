//! Bidders whose network dies, or is slow.

use std::time::Duration;

use sockeye_test::Transport;
use testing::auction::Bid;

use crate::{bidder, world};

#[tokio::test(start_paused = true)]
async fn a_bidder_whose_network_dies_is_missed_by_the_heartbeat() {
    for transport in Transport::ALL {
        let world = world();
        let ada = bidder(&world, "ada", Transport::WebSocket).await;
        let bob = bidder(&world, "bob", transport).await;

        world.cut(&bob);
        bob.emit("bid", 5); // does not arrive
        world.advance(Duration::from_secs(25 + 20)).await;
        assert_eq!(ada.next::<String>("left").await, "bob");
        assert_eq!(ada.emit_with_ack::<Option<Bid>>("ask the price", ()).await.unwrap(), None);

        world.heal(&bob);
        let bob = bob.reconnect().await.unwrap();
        bob.emit_with_ack::<Bid>("bid", 6).await.unwrap();
        assert_eq!(ada.next::<Bid>("bid").await.amount, 6);
    }
}

#[tokio::test(start_paused = true)]
async fn a_bid_that_comes_too_late_is_too_late() {
    let world = world();
    let ada = bidder(&world, "ada", Transport::WebSocket).await;
    let bob = bidder(&world, "bob", Transport::WebSocket).await;
    ada.emit_with_ack::<Bid>("bid", 5).await.unwrap();

    world.delay(&bob, Duration::from_secs(11));
    let late = bob.emit_with_ack::<Bid>("bid", 6);
    assert_eq!(ada.next::<Bid>("sold").await.name, "ada");
    // The house takes it as the first bid of the next round.
    assert_eq!(late.await.unwrap().amount, 6);
}
