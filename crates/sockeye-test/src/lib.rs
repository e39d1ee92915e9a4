//! Tests a sockeye application in memory: clients that speak the whole stack, a network that can fail, and a clock that
//! stands still.
//!
//! ```
//! use std::time::Duration;
//!
//! use serde_json::{Value, json};
//! use sockeye::{DisconnectReason, Namespace, Socket, Sockeye};
//! use sockeye_test::{Transport, World};
//!
//! # sockeye_test::run(async {
//! // #[tokio::test(start_paused = true)]
//! let room = Namespace::new().on_disconnect(async |socket: Socket, reason: DisconnectReason| {
//!     let _ = socket.broadcast().emit("left", reason.as_str()).await;
//! });
//! let world = World::new(Sockeye::builder().namespace("/", room).build());
//! let ada = world.client("/").connect().await.unwrap();
//! let bob = world.client("/").transport(Transport::Polling).connect().await.unwrap();
//!
//! world.cut(&bob); // the network dies
//! world.advance(Duration::from_secs(25 + 20)).await; // the heartbeat notices
//! assert_eq!(ada.next::<String>("left").await, "ping timeout");
//! # });
//! ```
//!
//! - [`World`] is the application, its clients, and the time.
//! - [`TestClient`] is one socket of a client: it emits, asks, answers, and keeps what comes.
//! - [`ClientBuilder`] says who the client is: cookies, headers, auth, transport; and logs it in over HTTP.
//! - [`EventTest`] and [`CallEvent`] call a handler, with the layers around it, without any session.
//!
//! Everything goes through the tower service of the application, byte for byte what stock clients say: handshake,
//! polling, websocket and upgrade. Whatever is awaited has a deadline, and a test that fails says what it awaited and what
//! came instead.
#![forbid(unsafe_code)]
#![expect(clippy::panic, reason = "its panics are the failures of the tests that use it")]

mod answer;
mod ask;
mod client;
mod clock;
mod connect;
mod device;
mod incoming;
mod jar;
mod join;
mod network;
mod received;
mod session;
mod state;
mod transport;
mod unit;
mod web;
mod world;

pub use self::{
    answer::Answer,
    ask::{AskError, Asking},
    client::{TestClient, Timed},
    connect::{ClientBuilder, ConnectError},
    join::Join,
    received::Received,
    transport::Transport,
    unit::{CallEvent, EventTest, ReadReply, TestEvent},
    world::{IntoApp, World},
};

/// Runs a test that is no `#[tokio::test]`, such as the example of a doc comment: on a runtime of its own whose clock
/// stands still.
///
/// # Panics
/// When there is no runtime to be had, or the test fails.
pub fn run<F: Future>(test: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.expect("a runtime of one thread is always to be had").block_on(test)
}

/// The examples of the guide run.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/testing.md")]
struct Guide;
