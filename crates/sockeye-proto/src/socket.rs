//! Socket.IO 5 over Engine.IO messages: packets, arguments, and the multiplexer of namespaces.
//!
//! [`Mux`] is the server's half: Engine.IO messages go in, connects, events, acks and disconnects come out.
//! [`encode`] writes what goes the other way, and [`client`] plays the peer in tests.
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

pub mod client;
pub mod encode;

mod arguments;
mod assembly;
mod decode;
mod mux;
mod name;
mod packet;
mod placeholder;
mod scan;
mod text;
mod violation;

pub use self::{
    arguments::{Arguments, Codec, PayloadError},
    encode::EncodeError,
    mux::{ConfigError, Incoming, Mux, MuxConfig, Slot},
    name::{Name, is_reserved},
    packet::PacketType,
    violation::Violation,
};
