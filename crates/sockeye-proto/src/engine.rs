//! Engine.IO 4: packets and payloads, requests and their errors, and the machine of one session.
//!
//! [`Session`] is the server's side of one session, [`client::Client`] the other end. Neither reads a socket or a
//! clock: an input and the time go in, what follows from it is told to a sink before the call returns.

mod close;
mod config;
mod input;
mod message;
mod packet;
mod session;
mod sink;
mod transport;

pub mod client;
pub mod open;
pub mod payload;
pub mod request;

pub use self::{
    close::{Close, CloseReason, TransportError, Violation},
    config::{Config, ConfigError},
    input::{Conn, FrameRef, Input, Opening, Req, Why},
    message::MessageRef,
    packet::{Packet, PacketType, ParseError},
    request::RequestError,
    session::Session,
    sink::{Answer, Control, Sink, Writable},
    transport::Transport,
};
