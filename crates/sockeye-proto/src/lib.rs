//! The Engine.IO 4 and Socket.IO 5 protocols as state machines, without sockets, clock or runtime.
#![forbid(unsafe_code)]

pub mod engine;
pub mod socket;
#[cfg(feature = "websocket")]
pub mod websocket;

pub mod outbox;

mod frame;
mod group;
mod head;
mod id;
mod payload;

pub use self::{
    frame::{Frame, FrameBuilder},
    group::Group,
    head::Head,
    id::Id,
    outbox::Outbox,
    payload::Payload,
};
