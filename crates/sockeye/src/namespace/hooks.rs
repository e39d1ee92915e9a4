//! Handlers for what happens to a namespace's sockets beside events: rooms and upgrades.

use super::{Namespace, build::PendingRoute};
use crate::Handler;

/// Rooms and upgrades.
///
/// These handlers are called for one socket one at a time, in the order of what happened, and not before the handler of
/// [`on_connect`](Namespace::on_connect) has been called; that of [`on_disconnect`](Namespace::on_disconnect) waits for
/// them. Nobody waits for them otherwise: `socket.join(..)` is done when it returns. The room is an argument of its own:
///
/// ```
/// use sockeye::{Namespace, Room, Socket};
///
/// let chat: Namespace = Namespace::new()
///     .on_join(async |socket: Socket, room: Room| {
///         let _ = socket.to(&room).emit("user-joined", &socket.id()).await;
///     })
///     .on_room_deleted(async |room: Room| println!("nobody is left in {room}"));
/// # sockeye_test::run(async {
/// # let chat = chat.on_connect(async |socket: Socket| drop(socket.join("lobby").await));
/// # let world = sockeye_test::World::new(sockeye::Sockeye::builder().namespace("/", chat).build());
/// # let ada = world.client("/").connect().await.unwrap();
/// # world.settle().await;
/// # let bob = world.client("/").connect().await.unwrap();
/// # assert_eq!(ada.next::<String>("user-joined").await, bob.id());
/// # });
/// ```
///
/// The room of a socket's own id is not told of: `on_connect` and `on_disconnect` are that.
impl<S> Namespace<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// Runs when a socket of this process has joined a room in which it was not before.
    ///
    /// # Panics
    /// When the namespace already has such a handler.
    #[track_caller]
    pub fn on_join<H, T>(mut self, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        set(&mut self.hooks.joined, handler);
        self
    }

    /// Runs when a socket of this process has left a room, by itself or with its namespace.
    ///
    /// # Panics
    /// When the namespace already has such a handler.
    #[track_caller]
    pub fn on_leave<H, T>(mut self, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        set(&mut self.hooks.left, handler);
        self
    }

    /// Runs when a room has got its first member in this process; [`Socket`](crate::Socket) is that member.
    ///
    /// # Panics
    /// When the namespace already has such a handler.
    #[track_caller]
    pub fn on_room_created<H, T>(mut self, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        set(&mut self.hooks.created, handler);
        self
    }

    /// Runs when a room has lost its last member in this process; [`Socket`](crate::Socket) is that member.
    ///
    /// # Panics
    /// When the namespace already has such a handler.
    #[track_caller]
    pub fn on_room_deleted<H, T>(mut self, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        set(&mut self.hooks.deleted, handler);
        self
    }

    /// Runs when the session of a socket has moved to a websocket; [`Socket::transport`](crate::Socket::transport) says
    /// so.
    ///
    /// # Panics
    /// When the namespace already has such a handler.
    #[track_caller]
    pub fn on_upgrade<H, T>(mut self, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        set(&mut self.hooks.upgraded, handler);
        self
    }
}

#[track_caller]
fn set<S, H, T>(hook: &mut Option<PendingRoute<S>>, handler: H)
where
    S: Clone + Send + Sync + 'static,
    H: Handler<T, S>,
    T: 'static,
{
    assert!(hook.is_none(), "a namespace has one handler of each kind");
    *hook = Some(PendingRoute::new(handler));
}
