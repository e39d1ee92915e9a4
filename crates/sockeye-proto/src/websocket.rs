//! The server half of RFC 6455, over borrowed bytes: no socket, no clock, no task.
//!
//! [`Reader`] turns what a client sent into messages; the functions make the few frames a server sends beside its
//! messages, which are framed already ([`Frame`](crate::Frame)). One extension is known: permessage-deflate
//! ([`deflate`]). Unless it was negotiated, the bits of extensions are refused.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

pub mod deflate;

mod incoming;
mod mask;
mod message;
mod outgoing;
mod partial;
mod reader;
#[cfg(test)]
mod tests;
mod usual;
mod violation;

pub use incoming::Incoming;
pub use outgoing::{close_frame, pong_frame, text_frame};
pub use reader::{Limits, Reader};
pub use violation::Violation;
