//! What extractors and adapters of sockeye name: the socket, events, replies, broadcasts and rooms.
//!
//! Applications use the crate `sockeye`, which re-exports what they need. This crate is for those who write extractors,
//! adapters or tools for it, and changes less often.
//!
//! | module | what is in it |
//! |---|---|
//! | [`socket`] | [`Socket`] and how to emit to it, with and without an ack |
//! | [`broadcast`] | [`Broadcast`]: many sockets by room |
//! | [`event`] | [`Event`], on its way to a handler |
//! | [`handler`] | which functions answer events |
//! | [`contract`] | events as types |
//! | [`extract`] | what a handler may take as an argument |
//! | [`reply`] | what a handler may return |
//! | [`args`] | what may be emitted |
//! | [`adapter`] | how broadcasts leave the process ([`Adapter`]) and reach its sockets ([`Local`]) |
//! | [`observer`] | who is told what happens in a server |
//! | [`handshake`] | the HTTP request that opened the session |
//! | [`recovery`] | how a client goes on after its connection was lost |
#![forbid(unsafe_code)]

mod deadline;
mod disconnect;
mod encoded;
mod error;
mod namespace;
mod room;
mod scope;
mod server_event;
mod wire;

pub mod adapter;
pub mod args;
pub mod broadcast;
pub mod contract;
pub mod event;
pub mod extract;
pub mod handler;
pub mod handshake;
pub mod observer;
pub mod recovery;
pub mod rejection;
pub mod reply;
pub mod socket;
#[cfg(test)]
mod testing;

pub use self::{
    adapter::{Adapter, Local, LocalAdapter},
    args::{FromAck, IntoArg, IntoArgs},
    broadcast::{Acks, Broadcast, RoomInfo, SocketInfo},
    contract::{AcksWith, Contract, EventType, TypeScript},
    disconnect::DisconnectReason,
    encoded::Encoded,
    error::{AckError, AdapterError, BroadcastError, DataError, EmitError, JoinError},
    event::{Entry, Event, EventParts, Gate},
    extract::{Acker, Admitted, Args, Attachments, Data, EventName, FromEvent, FromEventParts, Raw, via},
    handler::EventFn,
    namespace::{NamespaceContext, Parameters, SocketConfig},
    observer::{Observer, Observers, Observing},
    recovery::{Recovery, Subject},
    reply::{IntoReply, NoAck, Reply},
    room::{IntoRooms, Room},
    scope::{Delivery, Scope},
    server_event::ServerEvent,
    socket::{DataType, ListenerId, SessionControl, Socket, SocketData, SocketInit},
};

// Types of the protocol crate that appear in the signatures here.
pub use sockeye_proto::{
    Group, Id, Outbox, Payload,
    engine::{CloseReason, Transport},
    socket::{Arguments, EncodeError, PayloadError},
};
