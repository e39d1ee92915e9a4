//! The sockets of one namespace in this process, and their rooms.

mod members;
mod news;
#[cfg(test)]
mod tests;

pub(crate) use self::news::RoomNews;

use std::{collections::HashMap, fmt, sync::PoisonError};

use crossbeam_utils::sync::{ShardedLock, ShardedLockReadGuard, ShardedLockWriteGuard};
use futures_util::future::BoxFuture;
use sockeye_core::{Id, JoinError, Local, Reply, Room, Scope, ServerEvent, Socket, recovery::Order};

use self::members::{Members, RoomName};
use crate::{hooks::HookQueue, namespace::ServerEvents};

/// The sockets of one namespace. Their lock is held for numbers only: handles are taken under it and used after it.
pub(crate) struct Rooms {
    /// Broadcasts read, each thread by a place of its own, so that two workers never meet there; who comes, goes or
    /// changes rooms takes all the places.
    state: ShardedLock<State>,
    /// How many rooms one socket may join.
    most: usize,
    /// Bytes of the longest name.
    longest: usize,
    news: RoomNews,
    server_events: ServerEvents,
}

struct State {
    members: Members<Id, Room, Socket>,
    /// Rooms chosen for sockets whose admission is not decided yet: nobody reaches them before they have joined.
    expected: HashMap<Id, Vec<Room>>,
}

impl Rooms {
    pub(crate) fn new(most: usize, longest: usize, news: RoomNews, server_events: ServerEvents) -> Self {
        let state = State { members: Members::new(), expected: HashMap::new() };
        Self { state: ShardedLock::new(state), most, longest, news, server_events }
    }

    /// A socket asks for admission; rooms may be chosen for it from now on.
    pub(crate) fn expect(&self, socket: &Socket) {
        self.write().expected.insert(socket.id(), Vec::new());
    }

    /// A socket has joined the namespace, `order` being held until it is in its rooms. One that had left the room of its
    /// own id and comes back is without it.
    pub(crate) fn insert(&self, socket: &Socket, without_own: bool, order: Option<Order<'_>>) {
        let (id, mut notes) = (socket.id(), self.news.notes(None));
        let mut state = self.write();
        let rooms = state.expected.remove(&id).unwrap_or_default();
        state.members.insert(id, socket.clone());
        if without_own {
            state.members.leave(id, &Room::from(id));
        } else {
            notes.joined_own(&state.members, id);
        }
        for room in &rooms {
            notes.join(&mut state.members, id, room);
        }
        self.news.queue(id, &mut notes);
        drop(state);
        drop(order);
        self.news.tell(socket, &notes);
    }

    /// A socket leaves everything; the answer is where it was, which `settle` is told before anybody else.
    pub(crate) fn remove(&self, socket: &Socket, settle: impl FnOnce(&[Room])) -> Vec<Room> {
        let mut state = self.write();
        state.expected.remove(&socket.id());
        let (rooms, handle) = state.members.remove(socket.id()).unzip();
        let (rooms, mut notes) = (rooms.unwrap_or_default(), self.news.notes(None));
        for room in &rooms {
            notes.left(&state.members, room);
        }
        self.news.queue(socket.id(), &mut notes);
        drop(state);
        settle(&rooms);
        drop(handle);
        self.news.tell(socket, &notes);
        rooms
    }

    /// What the handlers of its sockets are still to be told.
    pub(crate) const fn hooks(&self) -> &HookQueue {
        self.news.hooks()
    }

    /// How many sockets have joined.
    pub(crate) fn len(&self) -> usize {
        self.read().members.len()
    }

    /// Nothing panics while it is held, so a poisoned lock protects a sound state.
    fn read(&self) -> ShardedLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> ShardedLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Local for Rooms {
    fn members(&self, scope: &Scope) -> Vec<Socket> {
        self.read().members.select(&scope.rooms, &scope.except)
    }

    fn count(&self, scope: &Scope) -> usize {
        if scope.rooms.is_empty() && scope.except.is_empty() { self.len() } else { self.members(scope).len() }
    }

    fn join(&self, socket: &Socket, rooms: &[Room]) -> Result<(), JoinError> {
        let is_own = |room: &Room| room.as_id() == Some(socket.id());
        if rooms.iter().any(|room| room.len() > self.longest && !is_own(room)) {
            return Err(JoinError::NameTooLong);
        }
        let order = order_of(socket);
        let mut state = self.write();
        if let Some(chosen) = state.expected.get_mut(&socket.id()) {
            let before = chosen.len();
            for room in rooms {
                if !chosen.contains(room) {
                    chosen.push(room.clone());
                }
            }
            if chosen.iter().filter(|room| !is_own(room)).count() > self.most {
                chosen.truncate(before);
                return Err(JoinError::TooManyRooms);
            }
            return Ok(());
        }
        if !state.members.has_room(socket.id(), rooms, self.most) {
            return Err(JoinError::TooManyRooms);
        }
        if !self.news.has_room(socket.id(), rooms.len()) {
            return Err(JoinError::Full);
        }
        let mut notes = self.news.notes(order.as_ref());
        let joined = rooms.iter().all(|room| notes.join(&mut state.members, socket.id(), room));
        self.news.queue(socket.id(), &mut notes);
        drop(state);
        notes.settle(socket, order);
        self.news.tell(socket, &notes);
        if joined { Ok(()) } else { Err(JoinError::Closed) }
    }

    fn leave(&self, socket: &Socket, rooms: &[Room]) -> Result<(), JoinError> {
        let order = order_of(socket);
        let mut state = self.write();
        if let Some(chosen) = state.expected.get_mut(&socket.id()) {
            chosen.retain(|room| !rooms.contains(room));
            return Ok(());
        }
        if state.members.handle(socket.id()).is_none() {
            return Err(JoinError::Closed);
        }
        let mut notes = self.news.notes(order.as_ref());
        for room in rooms {
            notes.leave(&mut state.members, socket.id(), room);
        }
        self.news.queue(socket.id(), &mut notes);
        drop(state);
        notes.settle(socket, order);
        self.news.tell(socket, &notes);
        Ok(())
    }

    fn rooms_of(&self, socket: &Socket) -> Vec<Room> {
        let state = self.read();
        match state.expected.get(&socket.id()) {
            Some(chosen) => chosen.clone(),
            None => state.members.rooms_of(socket.id()),
        }
    }

    fn server_event(&self, event: ServerEvent) -> BoxFuture<'static, Reply> {
        self.server_events.answer(event)
    }

    fn socket(&self, id: Id) -> Option<Socket> {
        self.read().members.handle(id).cloned()
    }
}

/// Held while rooms change, where events have an order: taken before the lock here, and released after it.
fn order_of(socket: &Socket) -> Option<Order<'_>> {
    socket.context().sequencer().map(|sequencer| sequencer.lock())
}

impl RoomName<Id> for Room {
    fn as_id(&self) -> Option<Id> {
        Self::as_id(self)
    }

    fn of_id(id: &Id) -> Self {
        Self::from(id)
    }
}

impl fmt::Debug for Rooms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rooms").field("sockets", &self.len()).finish_non_exhaustive()
    }
}
