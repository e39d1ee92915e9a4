//! The Engine.IO 4 and Socket.IO 5 protocols as state machines, without sockets, clock or runtime.
//!
//! One contract holds for every machine here: an input and the time go in, all that follows is told before the call
//! returns, and the machine names the instant at which it wants to be asked again. Whoever owns sockets and a clock
//! drives it; tests and fuzzers do so without either.
//!
//! - [`engine`]: Engine.IO 4, the session and its transports.
//! - [`socket`]: Socket.IO 5, many namespaces on one session.
//! - `deflate`: compressors on loan (feature `websocket`).
//! - `websocket`: the server half of RFC 6455 (feature `websocket`, on by default).
//! - [`Outbox`], [`Frame`] and [`Group`]: what waits to be written, framed once for every transport and recipient.
#![forbid(unsafe_code)]

// So that tests here can share code with those in `tests/`.
#[cfg(test)]
extern crate self as sockeye_proto;

#[cfg(feature = "websocket")]
pub mod deflate;
pub mod engine;
pub mod socket;
#[cfg(feature = "websocket")]
pub mod websocket;

pub mod outbox;

mod few;
mod frame;
mod group;
mod head;
mod id;
mod payload;
mod session_id;

pub use self::{
    frame::{Frame, FrameBuilder, Part},
    group::Group,
    head::Head,
    id::Id,
    outbox::Outbox,
    payload::Payload,
    session_id::SessionId,
};
