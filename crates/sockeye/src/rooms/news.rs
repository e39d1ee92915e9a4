//! Who joined and left which room: noted under the lock, told after it.

use std::sync::Arc;

use sockeye_core::{Id, Observers, Room, Socket, recovery::Order};

use super::members::Members;
use crate::hooks::{Happened, HookQueue};

/// Tells what changes in the rooms of one namespace.
#[derive(Debug)]
pub(crate) struct RoomNews {
    namespace: Arc<str>,
    observers: Arc<Observers>,
    hooks: HookQueue,
    /// How many hooks of one socket may wait.
    most: usize,
}

/// What has changed for one socket, in order. While nobody listens, nothing is noted.
pub(super) struct Notes {
    wanted: bool,
    changes: Vec<Change>,
    /// Handlers have something to do.
    wake: bool,
}

struct Change {
    room: Room,
    joined: bool,
    /// The first to join, or the last to leave.
    edge: bool,
}

impl RoomNews {
    pub(crate) const fn new(
        namespace: Arc<str>,
        observers: Arc<Observers>,
        hooks: HookQueue,
        most: usize,
    ) -> Self {
        Self { namespace, observers, hooks, most }
    }

    pub(super) const fn hooks(&self) -> &HookQueue {
        &self.hooks
    }

    /// With `order`, they are wanted for the history of the socket too.
    pub(super) fn notes(&self, order: Option<&Order<'_>>) -> Notes {
        let wanted = order.is_some() || self.hooks.wants_rooms() || !self.observers.is_empty();
        Notes { wanted, changes: Vec::new(), wake: false }
    }

    /// Whether the handlers of a socket can be told of so many rooms more.
    pub(super) fn has_room(&self, socket: Id, rooms: usize) -> bool {
        !self.hooks.wants_rooms() || self.hooks.waiting(socket).saturating_add(rooms) <= self.most
    }

    /// Queues what the socket's handlers are to be told. Under the lock of the rooms, so that it is the order in which it
    /// happened.
    pub(super) fn queue(&self, socket: Id, notes: &mut Notes) {
        if !self.hooks.wants_rooms() {
            return;
        }
        // The socket's own room goes without saying.
        for Change { room, joined, edge } in
            notes.changes.iter().filter(|change| change.room.as_id() != Some(socket))
        {
            if *joined {
                notes.wake |= *edge && self.hooks.push(socket, Happened::Created(room.clone()));
                notes.wake |= self.hooks.push(socket, Happened::Joined(room.clone()));
            } else {
                notes.wake |= self.hooks.push(socket, Happened::Left(room.clone()));
                notes.wake |= *edge && self.hooks.push(socket, Happened::Deleted(room.clone()));
            }
        }
    }

    /// Tells of what one socket did. Hold no lock.
    pub(super) fn tell(&self, of: &Socket, notes: &Notes) {
        if notes.wake {
            of.wake();
        }
        let (namespace, socket) = (&*self.namespace, of.id());
        for Change { room, joined, edge } in &notes.changes {
            self.observers.tell(|observer| {
                if *joined && *edge {
                    observer.room_created(namespace, room, socket);
                }
            });
            self.observers.tell(|observer| {
                if *joined {
                    observer.room_joined(namespace, room, socket);
                } else {
                    observer.room_left(namespace, room, socket);
                }
            });
            self.observers.tell(|observer| {
                if !*joined && *edge {
                    observer.room_deleted(namespace, room, socket);
                }
            });
        }
    }
}

impl Notes {
    /// Writes them into the history of their socket, and lets others go on.
    pub(super) fn settle(&self, socket: &Socket, order: Option<Order<'_>>) {
        let Some(mut order) = order else { return };
        for change in &self.changes {
            order.changed(socket, &change.room, change.joined);
        }
    }

    /// Lets a socket join a room, and notes it if that was new to it. `false`: there is no such socket.
    pub(super) fn join(&mut self, members: &mut Members<Id, Room, Socket>, id: Id, room: &Room) -> bool {
        if !self.wanted {
            return members.join(id, room);
        }
        let (new, created) = (!members.contains(id, room), members.population(room) == 0);
        let exists = members.join(id, room);
        if exists && new {
            self.changes.push(Change { room: room.clone(), joined: true, edge: created });
        }
        exists
    }

    /// A socket has come, and is in the room of its own id.
    pub(super) fn joined_own(&mut self, members: &Members<Id, Room, Socket>, id: Id) {
        if self.wanted {
            let room = Room::from(id);
            // Somebody else may have joined a room of that name.
            let created = members.population(&room) == 1;
            self.changes.push(Change { room, joined: true, edge: created });
        }
    }

    pub(super) fn leave(&mut self, members: &mut Members<Id, Room, Socket>, id: Id, room: &Room) {
        let was_in = self.wanted && members.contains(id, room);
        members.leave(id, room);
        if was_in {
            self.left(members, room);
        }
    }

    /// A socket is no longer in a room.
    pub(super) fn left(&mut self, members: &Members<Id, Room, Socket>, room: &Room) {
        if self.wanted {
            let deleted = members.population(room) == 0;
            self.changes.push(Change { room: room.clone(), joined: false, edge: deleted });
        }
    }
}
