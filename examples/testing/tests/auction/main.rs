//! The auction under test: nothing here opens a port or waits.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "a test may fail by a panic")]

mod bids;
mod handlers;
mod network;
mod time;

use serde_json::json;
use sockeye_test::{TestClient, Transport, World};

/// The auction, in a world of its own.
fn world() -> World {
    World::new(testing::app().0)
}

/// Somebody enters over HTTP and takes a seat.
async fn bidder(world: &World, name: &str, transport: Transport) -> TestClient {
    let visitor = world.client("/auction").transport(transport);
    assert!(visitor.post("/enter", &json!({ "name": name })).await.status.is_success());
    visitor.connect().await.unwrap()
}
