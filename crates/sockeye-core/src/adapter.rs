//! How broadcasts and queries leave the process, and how they reach its sockets.

mod call;
mod in_process;
mod local;

pub use self::{in_process::LocalAdapter, local::Local};

use std::{sync::Arc, time::Duration};

use futures_util::{
    FutureExt as _, StreamExt as _, TryFutureExt as _,
    future::{BoxFuture, ready},
    stream::{self, BoxStream},
};
use sockeye_proto::{Id, socket::Arguments};

use crate::{AckError, AdapterError, Delivery, Encoded, Room, Scope, ServerEvent, SocketInfo};

/// How broadcasts and queries reach the sockets of all nodes.
///
/// Every method does its part for the sockets of this process **in the call itself**, before it returns its future, and
/// serves them first; the future is for what crosses a network. So an emit that is not awaited has happened here, and
/// one emitter's broadcasts reach each local member in the order of the calls. No method waits for a slow member, and
/// none of them is atomic across nodes: a socket that joins a room on another node meanwhile is meant or not.
///
/// With [`Scope::local`] nothing leaves the process.
pub trait Adapter: Send + Sync + 'static {
    /// Hands a packet to all sockets in `scope`.
    fn broadcast(
        &self,
        scope: Arc<Scope>,
        event: Encoded,
        delivery: Delivery,
    ) -> BoxFuture<'static, Result<(), AdapterError>>;

    /// Hands a packet to all sockets in `scope` and collects their answers: one item for each socket that was meant,
    /// [`AckError::Disconnected`] for those that left, [`AckError::Timeout`] at the end for those that stayed silent.
    /// The stream ends when all have been heard of, at the latest after `timeout`.
    fn call(
        &self,
        scope: Arc<Scope>,
        event: Encoded,
        delivery: Delivery,
        timeout: Duration,
    ) -> BoxStream<'static, Answered>;

    /// The sockets in `scope`.
    fn sockets(&self, scope: Arc<Scope>) -> BoxFuture<'static, Result<Vec<SocketInfo>, AdapterError>>;

    /// How many sockets are in `scope`. An adapter that can count without listing does better than this.
    fn count(&self, scope: Arc<Scope>) -> BoxFuture<'static, Result<usize, AdapterError>> {
        self.sockets(scope).map_ok(|sockets| sockets.len()).boxed()
    }

    /// Makes all sockets in `scope` join rooms.
    fn join(&self, scope: Arc<Scope>, rooms: Vec<Room>) -> BoxFuture<'static, Result<(), AdapterError>>;

    /// Makes all sockets in `scope` leave rooms.
    fn leave(&self, scope: Arc<Scope>, rooms: Vec<Room>) -> BoxFuture<'static, Result<(), AdapterError>>;

    /// Makes all sockets in `scope` leave the namespace, behind what was emitted to them before; with `close` their
    /// sessions end.
    fn disconnect(&self, scope: Arc<Scope>, close: bool) -> BoxFuture<'static, Result<(), AdapterError>>;

    /// Hands an event to the other nodes, for each of them to give it to its [`Local::server_event`]. Not to this node.
    /// Default: there are no others.
    fn server_emit(&self, event: ServerEvent) -> BoxFuture<'static, Result<(), AdapterError>> {
        let _ = event;
        ready(Ok(())).boxed()
    }

    /// The same, and collects what they answer: one item for each other node, [`AckError::Timeout`] at the end for those
    /// that stayed silent, nothing for one that has gone meanwhile. Default: there are no others.
    fn server_call(
        &self,
        event: ServerEvent,
        timeout: Duration,
    ) -> BoxStream<'static, Result<Arguments, AckError>> {
        let _ = (event, timeout);
        stream::empty().boxed()
    }

    /// How many nodes there are, this one included. Default: it is alone.
    fn servers(&self) -> BoxFuture<'static, Result<usize, AdapterError>> {
        ready(Ok(1)).boxed()
    }
}

/// What became of a broadcast's ack for one of its members.
#[derive(Debug)]
#[non_exhaustive]
pub struct Answered {
    /// The member.
    pub socket: Id,
    /// Its answer, or why there is none.
    pub answer: Result<Arguments, AckError>,
}

impl Answered {
    /// What one member has answered.
    pub const fn new(socket: Id, answer: Result<Arguments, AckError>) -> Self {
        Self { socket, answer }
    }
}
