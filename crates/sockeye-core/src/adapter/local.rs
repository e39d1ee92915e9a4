//! The sockets of this process, as adapters and sockets see them.

use futures_util::{
    FutureExt as _,
    future::{BoxFuture, ready},
};
use sockeye_proto::{Group, Id};

use crate::{Delivery, JoinError, Reply, Room, Scope, ServerEvent, Socket};

/// The sockets of one namespace in this process, and their rooms.
///
/// Implemented once, by the namespace; adapters and sockets call it. Contract:
///
/// - The room of a socket's own id is virtual: a socket is in it from the start, joining it again changes nothing,
///   [`Scope::except`] with it means the socket (also after it has left that room), and leaving it is remembered, so
///   that a scope with that room reaches nobody and [`rooms_of`](Self::rooms_of) omits it.
/// - A scope without rooms means all sockets that have joined the namespace.
/// - A socket that is in several rooms of a scope is meant once.
/// - No method waits for a client, and none calls the application's code, or pushes to an outbox, under a lock.
pub trait Local: Send + Sync + 'static {
    /// Handles of all sockets in `scope`, each once.
    fn members(&self, scope: &Scope) -> Vec<Socket>;

    /// How many sockets are in `scope`.
    fn count(&self, scope: &Scope) -> usize {
        self.members(scope).len()
    }

    /// Puts a packet into the outbox of every socket in `scope` and says how many took it.
    fn deliver(&self, scope: &Scope, group: &Group, delivery: Delivery) -> usize {
        self.members(scope).iter().filter(|socket| socket.deliver(group, delivery)).count()
    }

    /// One socket joins rooms, all of them or none. It may be about to be admitted still.
    ///
    /// # Errors
    /// [`JoinError::Closed`] for a socket that has left; [`JoinError::TooManyRooms`] and [`JoinError::NameTooLong`] beyond
    /// the bounds of [`SocketConfig`](crate::SocketConfig).
    fn join(&self, socket: &Socket, rooms: &[Room]) -> Result<(), JoinError>;

    /// One socket leaves rooms.
    ///
    /// # Errors
    /// [`JoinError::Closed`] for a socket that has left.
    fn leave(&self, socket: &Socket, rooms: &[Room]) -> Result<(), JoinError>;

    /// The rooms of a socket, that of its own id included; none for a socket that has left.
    fn rooms_of(&self, socket: &Socket) -> Vec<Room>;

    /// An event of another server, for this one's handler of it; resolves to what that answers, which is nothing when there
    /// is none.
    fn server_event(&self, event: ServerEvent) -> BoxFuture<'static, Reply> {
        let _ = event;
        ready(Reply::none()).boxed()
    }

    /// The socket with that id.
    fn socket(&self, id: Id) -> Option<Socket>;
}
