//! Engine.IO 4: packets and payloads, requests and their errors, and the machine of one session.
//!
//! [`Session`] is the server's side of one session, [`client::Client`] the other end. Neither reads a socket or a
//! clock: an [`Input`] and the time go in, what follows from it is told to a [`Sink`] before the call returns, and
//! [`Session::timeout`] says when to come back at the latest. Messages to the peer do not pass through the machine:
//! they wait in an [`Outbox`](crate::Outbox), and the machine says who may take from it ([`Writable`]).
//!
//! ```
//! use std::{sync::Arc, time::Instant};
//!
//! use sockeye_proto::{
//!     Id,
//!     engine::{Answer, CloseReason, Config, Conn, Control, Input, MessageRef, Opening, Req, Session, Sink, Writable},
//! };
//!
//! #[derive(Default)]
//! struct Log(Vec<String>);
//!
//! impl Sink for Log {
//!     fn message(&mut self, message: MessageRef<'_>) {
//!         self.0.push(format!("{message:?}"));
//!     }
//!     fn answer(&mut self, req: Req, answer: Answer<'_>) {
//!         self.0.push(format!("{} is answered", req.0));
//!     }
//!     fn control(&mut self, _: Conn, _: Control<'_>) {}
//!     fn writable(&mut self, _: Writable) {}
//!     fn hang_up(&mut self, _: Conn, _: Option<u16>) {}
//!     fn outgoing(&self) -> bool {
//!         false
//!     }
//!     fn closing(&mut self) {}
//!     fn closed(&mut self, reason: CloseReason) {
//!         self.0.push(reason.to_string());
//!     }
//! }
//!
//! let (config, now, mut log) = (Arc::new(Config::default()), Instant::now(), Log::default());
//! let mut session = Session::open(Id::from_random([7; 15]), config, Opening::Polling(Req(0)), now, &mut log);
//! session.handle(Input::PostOpened { req: Req(1), binary: false }, now, &mut log);
//! session.handle(Input::PostPacket(Req(1), b"4hello"), now, &mut log);
//! session.handle(Input::PostEnd(Req(1)), now, &mut log);
//! while let Some(at) = session.timeout() {
//!     session.handle(Input::Timeout, at, &mut log);
//! }
//! assert_eq!(log.0, ["0 is answered", "Text(5 bytes)", "1 is answered", "ping timeout"]);
//! ```

mod close;
mod config;
mod input;
mod limit;
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
    limit::Limit,
    message::MessageRef,
    packet::{Packet, PacketType, ParseError},
    request::RequestError,
    session::Session,
    sink::{Answer, Control, Sink, Writable},
    transport::Transport,
};
