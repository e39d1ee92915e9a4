//! The auction: bids, the hammer, and who leaves.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::extract::State;
use serde::{Deserialize, Serialize};
use sockeye::{Admitted, Data, IntoReply, Reply, Socket};
use tokio::time::sleep;

use crate::Bidder;

/// How long nobody may bid before the hammer falls.
pub const HAMMER: Duration = Duration::from_secs(10);

/// The state of one auction. Clones are the same auction.
#[derive(Clone, Debug, Default)]
pub struct Auction(Arc<Mutex<Bids>>);

#[derive(Debug, Default)]
struct Bids {
    highest: Option<Bid>,
    count: usize,
}

/// What somebody would pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bid {
    /// Who.
    pub name: String,
    /// How much.
    pub amount: u32,
}

/// Why a bid does not count.
#[derive(Debug)]
pub enum BidError {
    /// Somebody has bid as much, or more.
    TooLow(Bid),
}

impl IntoReply for BidError {
    fn into_reply(self) -> Reply {
        let Self::TooLow(highest) = self;
        Reply::error("too_low", format_args!("{} has bid {}", highest.name, highest.amount))
    }
}

/// The event `bid`: tells the others, and lets the hammer fall when nobody follows.
pub(crate) async fn bid(
    State(auction): State<Auction>,
    socket: Socket,
    Admitted(bidder): Admitted<Bidder>,
    Data(amount): Data<u32>,
) -> Result<Bid, BidError> {
    let bid = Bid { name: bidder.name, amount };
    let number = auction.place(&bid)?;
    let _ = socket.broadcast().emit("bid", &bid).await;
    let sold = bid.clone();
    tokio::spawn(async move {
        sleep(HAMMER).await;
        if auction.count() == number {
            let _ = socket.namespace().emit("sold", &sold).await;
        }
    });
    Ok(bid)
}

/// The event `ask the price`: the highest bid, or nothing.
pub(crate) async fn price(State(auction): State<Auction>) -> Data<Option<Bid>> {
    Data(auction.lock().highest.clone())
}

/// Somebody has left, or was lost.
pub(crate) async fn left(socket: Socket, Admitted(bidder): Admitted<Bidder>) {
    let _ = socket.broadcast().emit("left", &bidder.name).await;
}

impl Auction {
    /// Takes the bid, and says how many there were with it.
    fn place(&self, bid: &Bid) -> Result<usize, BidError> {
        let mut bids = self.lock();
        if let Some(highest) = bids.highest.as_ref().filter(|highest| highest.amount >= bid.amount) {
            return Err(BidError::TooLow(highest.clone()));
        }
        bids.highest = Some(bid.clone());
        bids.count += 1;
        Ok(bids.count)
    }

    fn count(&self) -> usize {
        self.lock().count
    }

    fn lock(&self) -> MutexGuard<'_, Bids> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
