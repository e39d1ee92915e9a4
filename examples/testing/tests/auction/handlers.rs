//! One handler at a time, without any session.

use sockeye::{Event, Namespace};
use sockeye_test::{CallEvent, EventTest, ReadReply};
use testing::{Auction, Bidder, auction::Bid};

fn auction(auction: &Auction) -> Namespace {
    testing::namespace().with_state(auction.clone())
}

fn ada() -> Bidder {
    Bidder { name: "ada".to_owned() }
}

#[tokio::test(start_paused = true)]
async fn a_bid_is_acknowledged_and_one_that_is_not_higher_is_refused() {
    let state = Auction::default();
    let reply = auction(&state).call(Event::test("bid", 5).admitted(ada())).await;
    assert_eq!(reply.read::<Bid>(), Bid { name: "ada".to_owned(), amount: 5 });

    let reply = auction(&state).call(Event::test("bid", 5).admitted(ada())).await;
    assert_eq!(reply.error_code().as_deref(), Some("too_low"));
    let reply = auction(&state).call(Event::test("ask the price", ())).await;
    assert_eq!(reply.read::<Option<Bid>>().unwrap().amount, 5);
}

#[tokio::test(start_paused = true)]
async fn a_bid_that_is_no_number_is_refused_before_the_handler_runs() {
    for nonsense in [Event::test("bid", "a lot"), Event::test("bid", -1), Event::test("bid", ())] {
        let reply = auction(&Auction::default()).call(nonsense.admitted(ada())).await;
        assert_eq!(reply.error_code().as_deref(), Some("invalid_payload"));
    }
}
