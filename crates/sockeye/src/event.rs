//! Events on their way to a handler, and functions that wrap that way.
//!
//! [`from_fn`] makes a layer of an `async fn`, as `axum::middleware::from_fn` does for requests: it may look at an event,
//! change or refuse it, run the rest, and look at the reply.
//!
//! ```
//! use std::time::Instant;
//! use sockeye::{Event, Namespace, Reply, Socket, event::{self, Next}};
//!
//! async fn log(socket: Socket, event: Event, next: Next) -> Reply {
//!     let (name, start) = (event.name().to_owned(), Instant::now());
//!     let reply = next.run(event).await;
//!     println!("{} {name:?} took {:?}, failed: {}", socket.id(), start.elapsed(), reply.is_error());
//!     reply
//! }
//!
//! let chat: Namespace = Namespace::new()
//!     .on("message", async |socket: Socket| socket.to("lobby").emit("message", "hi").await)
//!     .layer(event::from_fn(log));
//! # sockeye_test::run(async {
//! # let world = sockeye_test::World::new(sockeye::Sockeye::builder().namespace("/", chat).build());
//! # world.client("/").connect().await.unwrap().emit_with_ack::<()>("message", ()).await.unwrap();
//! # });
//! ```

mod from_fn;
mod middleware;
mod next;

pub use self::{
    from_fn::{FromFn, FromFnLayer, from_fn, from_fn_with_state},
    middleware::Middleware,
    next::Next,
};
pub use sockeye_core::event::{Entry, Event, EventParts, Gate};
