//! Which rooms there are, and who is in them.

use std::collections::BTreeMap;

use sockeye_proto::Id;

use super::SocketInfo;
use crate::Room;

/// A room, and who was in it when it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomInfo {
    room: Room,
    members: Vec<Id>,
}

impl RoomInfo {
    /// The room's name.
    pub const fn room(&self) -> &Room {
        &self.room
    }

    /// How many sockets are in it; never 0.
    #[expect(clippy::len_without_is_empty, reason = "there is no room without a member")]
    pub const fn len(&self) -> usize {
        self.members.len()
    }

    /// The ids of the sockets in it.
    pub fn members(&self) -> &[Id] {
        &self.members
    }

    /// Whether it is the room of a socket's own id, which every socket is in from the start.
    pub fn is_own(&self) -> bool {
        self.room.as_id().is_some_and(|id| self.members.contains(&id))
    }

    /// The rooms of these sockets, by their names.
    pub(super) fn of(sockets: &[SocketInfo]) -> Vec<Self> {
        let mut rooms: BTreeMap<&Room, Vec<Id>> = BTreeMap::new();
        for socket in sockets {
            for room in socket.rooms() {
                rooms.entry(room).or_default().push(socket.id());
            }
        }
        rooms.into_iter().map(|(room, members)| Self { room: room.clone(), members }).collect()
    }
}
