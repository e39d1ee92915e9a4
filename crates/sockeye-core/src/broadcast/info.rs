//! What is known of a socket that may live on another node.

use std::sync::Arc;

use sockeye_proto::Id;

use crate::{Room, Socket, handshake::Handshake};

/// A socket of this node or another, as it was when it was asked for.
///
/// Its id is a room: `io.of(..).to(info.id())` reaches it wherever it lives.
#[derive(Clone, Debug)]
pub struct SocketInfo {
    id: Id,
    rooms: Vec<Room>,
    handshake: Arc<Handshake>,
}

impl SocketInfo {
    /// What an adapter has learnt of a socket.
    pub const fn new(id: Id, rooms: Vec<Room>, handshake: Arc<Handshake>) -> Self {
        Self { id, rooms, handshake }
    }

    /// A socket of this process.
    pub fn of(socket: &Socket) -> Self {
        Self::new(socket.id(), socket.rooms(), socket.shared_handshake().clone())
    }

    /// The socket's public name.
    pub const fn id(&self) -> Id {
        self.id
    }

    /// The rooms it was in, that of its own id included.
    pub fn rooms(&self) -> &[Room] {
        &self.rooms
    }

    /// The HTTP request that opened its session.
    pub fn handshake(&self) -> &Handshake {
        &self.handshake
    }
}
