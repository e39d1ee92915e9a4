//! Who is told what happens in a server: tools such as an admin page.

mod list;
mod sent;
#[cfg(test)]
mod tests;

pub(crate) use self::list::discard;
pub use self::{
    list::{Observers, Observing},
    sent::Sent,
};

use sockeye_proto::{Id, socket::Arguments};

use crate::{DisconnectReason, Room, Socket};

/// Is told what happens in all namespaces of a server.
///
/// For tools that look on, such as an admin page; what belongs to one namespace of an application is better told to its
/// handlers. Implement what you need, the rest does nothing.
///
/// Called in the place where it happens, by whoever caused it, outside of all locks: return at once, and leave longer work
/// to a task of your own. A panic is caught, and costs this call. What one task causes is told in its order; where several
/// change the same room at the same moment, either may be told of
/// first.
///
/// An observer may hold the handle of its server; it is dropped with the server at the latest.
///
/// ```
/// use std::sync::atomic::{AtomicUsize, Ordering};
/// use sockeye_core::{DisconnectReason, Observer, Socket};
///
/// #[derive(Default)]
/// struct Online(AtomicUsize);
///
/// impl Observer for Online {
///     fn socket_joined(&self, _: &Socket) {
///         self.0.fetch_add(1, Ordering::Relaxed);
///     }
///
///     fn socket_left(&self, _: &Socket, _: DisconnectReason) {
///         self.0.fetch_sub(1, Ordering::Relaxed);
///     }
/// }
/// ```
#[expect(unused_variables, reason = "their names are the documentation")]
pub trait Observer: Send + Sync + 'static {
    /// A socket has joined its namespace, and is in its rooms already: that of its own id, and those that its admission
    /// has chosen.
    fn socket_joined(&self, socket: &Socket) {}

    /// A socket has left its namespace, and its rooms before that; [`Socket::rooms`] still says which they were.
    fn socket_left(&self, socket: &Socket, reason: DisconnectReason) {}

    /// The session of this socket has moved to the transport that [`Socket::transport`] names.
    fn transport_changed(&self, socket: &Socket) {}

    /// [`Socket::data`] has changed.
    fn data_changed(&self, socket: &Socket) {}

    /// A room has its first member, `socket`, who is told of next.
    fn room_created(&self, namespace: &str, room: &Room, socket: Id) {}

    /// A socket is in a room in which it was not before.
    fn room_joined(&self, namespace: &str, room: &Room, socket: Id) {}

    /// A socket is no longer in a room.
    fn room_left(&self, namespace: &str, room: &Room, socket: Id) {}

    /// A room has lost its last member, `socket`, who was told of just before.
    fn room_deleted(&self, namespace: &str, room: &Room, socket: Id) {}

    /// An event of a client is about to be handled. `name` is the client's text: escape it in logs.
    fn event_received(&self, socket: &Socket, name: &str, arguments: &Arguments) {}

    /// An event was queued for a client. A broadcast is told once for each member that got it.
    fn event_sent(&self, socket: &Socket, event: Sent<'_>) {}
}
