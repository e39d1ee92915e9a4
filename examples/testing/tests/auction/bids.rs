//! Bidders at the auction, on each transport.

use serde_json::json;
use sockeye_test::Transport;
use testing::auction::Bid;

use crate::{bidder, world};

#[tokio::test(start_paused = true)]
async fn the_others_hear_of_a_bid_and_the_bidder_reads_the_acknowledgement() {
    for transport in Transport::ALL {
        let world = world();
        let ada = bidder(&world, "ada", transport).await;
        let bob = bidder(&world, "bob", transport).await;

        let placed: Bid = ada.emit_with_ack("bid", 5).await.unwrap();
        assert_eq!(bob.next::<Bid>("bid").await, placed);
        ada.assert_silent().await;

        let refused = bob.emit_with_ack::<Bid>("bid", 4).await.unwrap_err();
        assert_eq!(refused.to_string(), "too_low: ada has bid 5");
        ada.assert_silent().await;
    }
}

#[tokio::test(start_paused = true)]
async fn who_has_not_entered_is_not_let_in() {
    for transport in Transport::ALL {
        let error = world().client("/auction").transport(transport).connect().await.unwrap_err();
        assert_eq!(error.message, "Enter first.");
        assert_eq!(error.data, Some(json!({ "status": 401, "body": "Enter first." })));
    }
}
