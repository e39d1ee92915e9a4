//! An Engine.IO 4 server as a tower service: HTTP long-polling, WebSocket, and the upgrade between them.
//!
//! ```
//! # use std::task::Context;
//! # use sockeye_engine::{CloseReason, Engine, Flow, Handler, Handshake, MessageRef, Sender, SessionHandler};
//! struct Echo;
//! struct EchoSession(Sender);
//!
//! impl Handler for Echo {
//!     type Session = EchoSession;
//!
//!     fn open(&self, _: Handshake, sender: Sender) -> EchoSession {
//!         EchoSession(sender)
//!     }
//! }
//!
//! impl SessionHandler for EchoSession {
//!     fn message(&mut self, _: &mut Context<'_>, message: MessageRef<'_>, _: Option<&http::request::Parts>) -> Flow {
//!         let _ = self.0.send(message);
//!         Flow::Continue
//!     }
//!
//!     fn closed(&mut self, _: CloseReason) {}
//! }
//!
//! let engine = Engine::builder().path("/engine.io/").build(Echo);
//! let app: axum::Router = axum::Router::new().route_service("/engine.io/", engine.service());
//! ```
//!
//! # Layout
//! [`EngineService`] judges a request and hands it to its session. A session is one task, the *driver*: a future
//! written by hand which owns the protocol's machine ([`sockeye_proto::engine::Session`]), the websocket if there is
//! one, and one timer. Others reach it by an inbox (requests, closes) and by its [`Outbox`] (what to send). While the
//! session polls, the driver rests beside them, and a request turns it itself.
//! [`Handler`] and [`SessionHandler`] are the seam to whoever uses the engine.
#![forbid(unsafe_code)]

mod body;
mod builder;
mod cookie;
mod driver;
mod engine;
mod exchange;
mod handler;
mod handshake;
mod hooks;
mod inbox;
mod layer;
mod open;
mod opening;
mod origins;
mod places;
mod polling;
mod proxies;
mod response;
mod seat;
mod sender;
mod service;
mod session;
mod sessions;
mod settings;
mod shutdown;
mod span;
mod stats;

pub mod websocket;

#[doc(no_inline)]
pub use sockeye_proto::{
    Frame, Group, Head, Id, Outbox, SessionId,
    engine::{
        Close, CloseReason, Config, Limit, MessageRef, RequestError, Transport, TransportError, Violation,
    },
    websocket::deflate::PermessageDeflate,
};

pub use self::{
    body::Body,
    builder::EngineBuilder,
    cookie::{SameSite, SessionCookie},
    engine::{Engine, WeakEngine},
    handler::{Flow, Handler, Next, SessionHandler},
    handshake::{Handshake, Secure},
    hooks::Refused,
    layer::{EngineLayer, LayerBody, LayerFuture, Layered},
    origins::{InvalidOrigin, Origins},
    places::{Place, Places},
    polling::coding::accepted_quality,
    proxies::{InvalidNetwork, TrustedProxies},
    sender::{Message, SendError, Sender},
    service::{EngineService, ResponseFuture},
    shutdown::{Excused, Report},
    stats::Stats,
};
