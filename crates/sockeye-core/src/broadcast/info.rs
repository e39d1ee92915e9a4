//! What is known of a socket that may live on another node.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use sockeye_proto::Id;

use crate::{DataError, Room, Socket, handshake::Handshake, socket::read_data};

/// A socket of this node or another, as it was when it was asked for.
///
/// Its id is a room: `io.of(..).to(info.id())` reaches it wherever it lives.
#[derive(Clone, Debug)]
pub struct SocketInfo {
    id: Id,
    rooms: Vec<Room>,
    handshake: Arc<Handshake>,
    data: Option<Arc<str>>,
}

impl SocketInfo {
    /// What an adapter has learnt of a socket.
    pub const fn new(id: Id, rooms: Vec<Room>, handshake: Arc<Handshake>) -> Self {
        Self { id, rooms, handshake, data: None }
    }

    /// A socket of this process.
    pub fn of(socket: &Socket) -> Self {
        Self::new(socket.id(), socket.rooms(), socket.shared_handshake().clone())
            .with_data(socket.data_json())
    }

    /// Adds the text of its [`Socket::data`].
    #[must_use]
    pub fn with_data(mut self, json: Option<Arc<str>>) -> Self {
        self.data = json;
        self
    }

    /// The socket's public name.
    pub const fn id(&self) -> Id {
        self.id
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
}
