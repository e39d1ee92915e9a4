//! A socket that may live on another node.

use std::{sync::Arc, time::Duration};

use futures_util::{FutureExt as _, StreamExt as _, future::BoxFuture};
use serde::de::DeserializeOwned;
use sockeye_proto::Id;

use super::{Broadcast, BroadcastFuture};
use crate::{
    AckError, BroadcastError, DataError, FromAck, IntoArgs, IntoRooms, NamespaceContext, Room, Socket,
    handshake::Handshake,
    socket::{read_ack, read_data},
};

/// A socket of this node or another: what was known of it when it was asked for, and how to reach it.
///
/// What it does is done to the socket wherever it lives. One that has left meanwhile is no error, for that cannot be known
/// of another node, save where an answer is awaited.
///
/// ```
/// use std::time::Duration;
/// use sockeye_core::{Broadcast, BroadcastError};
///
/// async fn weed_out(game: Broadcast) -> Result<(), BroadcastError> {
///     for player in game.to("table-1").sockets().await? {
///         let ready = player.timeout(Duration::from_secs(5)).emit_with_ack::<bool>("ready?", ()).await;
///         if !ready.unwrap_or(false) {
///             player.emit("too-late", ()).await?;
///             player.leave("table-1").await?;
///         }
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct SocketInfo {
    id: Id,
    rooms: Vec<Room>,
    handshake: Arc<Handshake>,
    data: Option<Arc<str>>,
    home: Home,
    timeout: Option<Duration>,
}

#[derive(Clone, Debug)]
enum Home {
    Here(Socket),
    Elsewhere(Arc<NamespaceContext>),
}

impl SocketInfo {
    /// What an adapter has learnt of a socket of another node.
    pub const fn new(
        namespace: Arc<NamespaceContext>,
        id: Id,
        rooms: Vec<Room>,
        handshake: Arc<Handshake>,
    ) -> Self {
        Self { id, rooms, handshake, data: None, home: Home::Elsewhere(namespace), timeout: None }
    }

    /// A socket of this process.
    pub fn of(socket: &Socket) -> Self {
        Self {
            id: socket.id(),
            rooms: socket.rooms(),
            handshake: socket.shared_handshake().clone(),
            data: socket.data_json(),
            home: Home::Here(socket.clone()),
            timeout: None,
        }
    }

    /// Adds the text of its [`Socket::data`].
    #[must_use]
    pub fn with_data(mut self, json: Option<Arc<str>>) -> Self {
        self.data = json;
        self
    }

    /// How long [`emit_with_ack`](Self::emit_with_ack) of the answer waits.
    #[must_use]
    pub fn timeout(&self, timeout: Duration) -> Self {
        Self { timeout: Some(timeout), ..self.clone() }
    }

    /// Emits an event to it. Queued by this call, if the socket is here; then awaiting it waits for room, as
    /// [`Socket::emit`] does.
    ///
    /// # Errors
    /// When awaited: [`BroadcastError`].
    pub fn emit(&self, name: impl AsRef<str>, args: impl IntoArgs) -> BroadcastFuture {
        match &self.home {
            Home::Here(socket) => {
                let emit = socket.emit(name, args);
                BroadcastFuture::boxed(async move { emit.await.map_err(BroadcastError::from) }.boxed())
            }
            Home::Elsewhere(_) => self.broadcast().emit(name, args),
        }
    }

    /// Emits an event to it and reads its one answer, as [`Socket::emit_with_ack`] does.
    ///
    /// # Errors
    /// When awaited: [`AckError`].
    pub fn emit_with_ack<T: FromAck + 'static>(
        &self,
        name: impl AsRef<str>,
        args: impl IntoArgs,
    ) -> BoxFuture<'static, Result<T, AckError>> {
        match (&self.home, self.timeout) {
            (Home::Here(socket), Some(timeout)) => socket.timeout(timeout).emit_with_ack(name, args).boxed(),
            (Home::Here(socket), None) => socket.emit_with_ack(name, args).boxed(),
            (Home::Elsewhere(_), _) => match self.broadcast().call(name, args) {
                Ok(mut answers) => async move {
                    let first = answers.next().await.ok_or(AckError::Disconnected)?;
                    read_ack(&first.answer?)
                }
                .boxed(),
                Err(error) => async { Err(error.into()) }.boxed(),
            },
        }
    }

    /// Makes it join rooms. One that has left, or may not be in more rooms, stays as it is.
    ///
    /// # Errors
    /// When awaited: [`BroadcastError`].
    pub fn join<M>(&self, rooms: impl IntoRooms<M>) -> BroadcastFuture {
        match &self.home {
            Home::Here(socket) => {
                drop(socket.join(rooms));
                BroadcastFuture::done(())
            }
            Home::Elsewhere(_) => self.broadcast().join(rooms),
        }
    }

    /// Makes it leave rooms.
    ///
    /// # Errors
    /// When awaited: [`BroadcastError`].
    pub fn leave<M>(&self, rooms: impl IntoRooms<M>) -> BroadcastFuture {
        match &self.home {
            Home::Here(socket) => {
                drop(socket.leave(rooms));
                BroadcastFuture::done(())
            }
            Home::Elsewhere(_) => self.broadcast().leave(rooms),
        }
    }

    /// Makes it leave the namespace, after what was emitted to it before.
    ///
    /// # Errors
    /// When awaited: [`BroadcastError`].
    pub fn disconnect(&self) -> BroadcastFuture {
        match &self.home {
            Home::Here(socket) => {
                drop(socket.disconnect());
                BroadcastFuture::done(())
            }
            Home::Elsewhere(_) => self.broadcast().disconnect(),
        }
    }

    /// Ends its session, after what was emitted to it before.
    ///
    /// # Errors
    /// When awaited: [`BroadcastError`].
    pub fn close(&self) -> BroadcastFuture {
        match &self.home {
            Home::Here(socket) => {
                drop(socket.close());
                BroadcastFuture::done(())
            }
            Home::Elsewhere(_) => self.broadcast().close(),
        }
    }

    /// The socket's public name.
    pub const fn id(&self) -> Id {
        self.id
    }

    /// The socket itself, if it is one of this process.
    pub const fn socket(&self) -> Option<&Socket> {
        match &self.home {
            Home::Here(socket) => Some(socket),
            Home::Elsewhere(_) => None,
        }
    }

    /// The rooms it was in, that of its own id included.
    pub fn rooms(&self) -> &[Room] {
        &self.rooms
    }

    /// Its [`Socket::data`], read as `T`; `None` if it was empty.
    ///
    /// # Errors
    /// [`DataError::Decode`] when it is not a `T`.
    pub fn data<T: DeserializeOwned>(&self) -> Result<Option<T>, DataError> {
        self.data.as_deref().map(read_data).transpose()
    }

    /// The text of its [`Socket::data`]; `None` if it was empty.
    pub fn data_json(&self) -> Option<&str> {
        self.data.as_deref()
    }

    /// The HTTP request that opened its session.
    pub fn handshake(&self) -> &Handshake {
        &self.handshake
    }

    /// Its own room, which is how it is reached on another node.
    fn broadcast(&self) -> Broadcast {
        let namespace = match &self.home {
            Home::Here(socket) => socket.context(),
            Home::Elsewhere(namespace) => namespace,
        };
        let own = Broadcast::new(namespace.clone()).to(self.id);
        self.timeout.map_or_else(|| own.clone(), |timeout| own.clone().timeout(timeout))
    }
}
