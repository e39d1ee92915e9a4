//! The hammer: ten seconds that take none.

use std::time::Duration;

use sockeye_test::Transport;
use testing::auction::{Bid, HAMMER};

use crate::{bidder, world};

#[tokio::test(start_paused = true)]
async fn the_hammer_falls_ten_seconds_after_the_last_bid_and_not_before() {
    let world = world();
    let ada = bidder(&world, "ada", Transport::WebSocket).await;
    let bob = bidder(&world, "bob", Transport::Polling).await;

    ada.emit_with_ack::<Bid>("bid", 5).await.unwrap();
    world.advance(HAMMER / 2).await;
    bob.emit_with_ack::<Bid>("bid", 6).await.unwrap();
    world.advance(HAMMER - Duration::from_millis(100)).await;
    ada.assert_no("sold").await;
    world.advance(Duration::from_millis(100)).await;
    for client in [&ada, &bob] {
        assert_eq!(client.next::<Bid>("sold").await.name, "bob");
    }
    world.advance(Duration::from_secs(3600)).await;
    ada.assert_no("sold").await;
}
