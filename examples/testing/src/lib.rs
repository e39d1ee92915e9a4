//! An auction of one thing: whoever bids most is told `sold` when nobody has bid for ten seconds.
//!
//! The program is small so that `tests/` can show every way of testing one: see the README.
#![forbid(unsafe_code)]

use axum::{Extension, Json, Router, routing::post};
use axum_extra::extract::{CookieJar, cookie::Cookie};
use serde::Deserialize;
use sockeye::{Io, Namespace, Sockeye};

pub mod auction;
mod bidder;

pub use self::{auction::Auction, bidder::Bidder};

/// The whole application, not yet listening, and the handle of its sockets.
pub fn app() -> (Router, Io) {
    let sockeye = Sockeye::builder().namespace("/auction", namespace()).build_with_state(Auction::default());
    let router = Router::new().route("/enter", post(enter)).merge(sockeye.router());
    (router, sockeye.io().clone())
}

/// The auction's namespace, for bidders alone.
pub fn namespace() -> Namespace<Auction> {
    Namespace::new()
        .admit(async |bidder: Bidder| Extension(bidder))
        .on("bid", auction::bid)
        .on("ask the price", auction::price)
        .on_disconnect(auction::left)
}

#[derive(Deserialize)]
struct Enter {
    name: String,
}

async fn enter(jar: CookieJar, Json(Enter { name }): Json<Enter>) -> CookieJar {
    jar.add(Cookie::build((Bidder::COOKIE, name)).path("/").http_only(true))
}
