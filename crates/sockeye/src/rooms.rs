//! The sockets of one namespace in this process, and their rooms.

mod members;

use std::{collections::HashMap, fmt};

use parking_lot::RwLock;
use sockeye_core::{Id, JoinError, Local, Room, Scope, Socket};

use self::members::{Members, RoomName};

/// The sockets of one namespace. One lock, held for numbers only: handles are taken under it and used after it.
pub(crate) struct Rooms(RwLock<State>);

struct State {
    members: Members<Id, Room, Socket>,
    /// Rooms chosen for sockets whose admission is not decided yet: nobody reaches them before they have joined.
    expected: HashMap<Id, Vec<Room>>,
}

impl Rooms {
    pub(crate) fn new() -> Self {
        Self(RwLock::new(State { members: Members::new(), expected: HashMap::new() }))
    }

    /// A socket asks for admission; rooms may be chosen for it from now on.
    pub(crate) fn expect(&self, socket: &Socket) {
        self.0.write().expected.insert(socket.id(), Vec::new());
    }

    /// A socket has joined the namespace.
    pub(crate) fn insert(&self, socket: &Socket) {
        let mut state = self.0.write();
        let rooms = state.expected.remove(&socket.id()).unwrap_or_default();
        state.members.insert(socket.id(), socket.clone());
        for room in &rooms {
            state.members.join(socket.id(), room);
        }
    }

    /// A socket leaves everything; the answer is where it was.
    pub(crate) fn remove(&self, socket: &Socket) -> Vec<Room> {
        let mut state = self.0.write();
        state.expected.remove(&socket.id());
        let (rooms, handle) = state.members.remove(socket.id()).unzip();
        drop(state);
        drop(handle);
        rooms.unwrap_or_default()
    }

    /// How many sockets have joined.
    pub(crate) fn len(&self) -> usize {
        self.0.read().members.len()
    }
}

impl Local for Rooms {
    fn members(&self, scope: &Scope) -> Vec<Socket> {
        self.0.read().members.select(&scope.rooms, &scope.except)
    }

    fn join(&self, socket: &Socket, rooms: &[Room]) -> Result<(), JoinError> {
        let mut state = self.0.write();
        if let Some(chosen) = state.expected.get_mut(&socket.id()) {
            chosen.extend(rooms.iter().filter(|room| !chosen.contains(room)).cloned().collect::<Vec<_>>());
            return Ok(());
        }
        let joined = rooms.iter().all(|room| state.members.join(socket.id(), room));
        if joined { Ok(()) } else { Err(JoinError::Closed) }
    }

    fn leave(&self, socket: &Socket, rooms: &[Room]) -> Result<(), JoinError> {
        let mut state = self.0.write();
        if let Some(chosen) = state.expected.get_mut(&socket.id()) {
            chosen.retain(|room| !rooms.contains(room));
            return Ok(());
        }
        if state.members.handle(socket.id()).is_none() {
            return Err(JoinError::Closed);
        }
        for room in rooms {
            state.members.leave(socket.id(), room);
        }
        Ok(())
    }

    fn rooms_of(&self, socket: &Socket) -> Vec<Room> {
        let state = self.0.read();
        match state.expected.get(&socket.id()) {
            Some(chosen) => chosen.clone(),
            None => state.members.rooms_of(socket.id()),
        }
    }

    fn socket(&self, id: Id) -> Option<Socket> {
        self.0.read().members.handle(id).cloned()
    }
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
