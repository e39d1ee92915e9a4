//! What is asked of, or done to, many sockets without an event.

use futures_util::{FutureExt as _, TryFutureExt as _, future::BoxFuture};
use sockeye_proto::Id;

use super::{Broadcast, BroadcastFuture, RoomInfo, SocketInfo};
use crate::{AdapterError, IntoRooms, NamespaceContext, Socket};

/// Who they are, and where they are sent.
impl Broadcast {
    /// Makes all of them join rooms.
    ///
    /// # Errors
    /// When awaited: [`BroadcastError`](crate::BroadcastError).
    pub fn join<M>(&self, rooms: impl IntoRooms<M>) -> BroadcastFuture {
        let rooms = rooms.into_rooms();
        self.ask(|namespace| namespace.adapter().join(self.scope.clone(), rooms))
    }

    /// Makes all of them leave rooms.
    ///
    /// # Errors
    /// When awaited: [`BroadcastError`](crate::BroadcastError).
    pub fn leave<M>(&self, rooms: impl IntoRooms<M>) -> BroadcastFuture {
        let rooms = rooms.into_rooms();
        self.ask(|namespace| namespace.adapter().leave(self.scope.clone(), rooms))
    }

    /// Makes all of them leave the namespace, after what was emitted to them before.
    ///
    /// # Errors
    /// When awaited: [`BroadcastError`](crate::BroadcastError).
    pub fn disconnect(&self) -> BroadcastFuture {
        self.ask(|namespace| namespace.adapter().disconnect(self.scope.clone(), false))
    }

    /// Ends the sessions of all of them, after what was emitted to them before.
    ///
    /// # Errors
    /// When awaited: [`BroadcastError`](crate::BroadcastError).
    pub fn close(&self) -> BroadcastFuture {
        self.ask(|namespace| namespace.adapter().disconnect(self.scope.clone(), true))
    }

    /// Who they are, here and on other nodes.
    ///
    /// # Errors
    /// When awaited: [`BroadcastError`](crate::BroadcastError).
    pub fn sockets(&self) -> BroadcastFuture<Vec<SocketInfo>> {
        self.ask(|namespace| namespace.adapter().sockets(self.scope.clone()))
    }

    /// How many they are, here and on other nodes.
    ///
    /// # Errors
    /// When awaited: [`BroadcastError`](crate::BroadcastError).
    pub fn count(&self) -> BroadcastFuture<usize> {
        self.ask(|namespace| namespace.adapter().count(self.scope.clone()))
    }

    /// The rooms they are in, by name, with the ids of those of them who are in there. Rooms of sockets' own ids are among
    /// them; [`RoomInfo::is_own`] tells them apart.
    ///
    /// ```
    /// use sockeye_core::{Broadcast, BroadcastError};
    ///
    /// async fn lobby(chat: Broadcast) -> Result<(), BroadcastError> {
    ///     for room in chat.rooms().await?.iter().filter(|room| !room.is_own()) {
    ///         println!("{}: {} people", room.room(), room.len());
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// When awaited: [`BroadcastError`](crate::BroadcastError).
    pub fn rooms(&self) -> BroadcastFuture<Vec<RoomInfo>> {
        self.ask(|namespace| {
            let sockets = namespace.adapter().sockets(self.scope.clone());
            sockets.map_ok(|sockets| RoomInfo::of(&sockets)).boxed()
        })
    }

    /// One of them by its id, if it is a socket of this process. What is not an id is nobody's.
    pub fn socket(&self, id: impl AsRef<str>) -> Option<Socket> {
        let namespace = self.namespace().ok()?;
        let socket = namespace.local().socket(Id::parse(id.as_ref())?)?;
        let everybody = self.scope.rooms.is_empty() && self.scope.except.is_empty();
        (everybody || namespace.local().members(&self.scope).contains(&socket)).then_some(socket)
    }

    pub(crate) fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&NamespaceContext) -> BoxFuture<'static, Result<T, AdapterError>>,
    ) -> BroadcastFuture<T> {
        match self.namespace() {
            Ok(namespace) => BroadcastFuture::new(ask(namespace)),
            Err(error) => BroadcastFuture::failed(error),
        }
    }
}
