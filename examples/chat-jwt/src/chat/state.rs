//! What the chat remembers: who is here and in which rooms. One lock, never held over an await.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::bounds::{RoomName, Text};
use super::error::ChatError;
use super::history::{Message, Meta};
use super::limits;
use super::rate::Rate;
use super::rooms::{Member, Members, Rooms, Turn};
use crate::token::now;
use crate::user::User;

/// The memory of the chat.
#[derive(Debug, Default)]
pub struct Chat(Mutex<Memory>);

#[derive(Debug, Default)]
struct Memory {
    seats: HashMap<String, Seat>,
    rooms: Rooms,
    last_id: u64,
}

/// What belongs to one socket, from its connect to its disconnect.
#[derive(Debug)]
struct Seat {
    name: String,
    rooms: HashSet<RoomName>,
    rate: Rate,
    expiry: AbortHandle,
}

impl Chat {
    /// A socket has come; `expiry` is the task that will send it away.
    pub(super) fn sit_down(&self, socket_id: String, user: &User, expiry: AbortHandle) {
        let seat = Seat { name: user.name.clone(), rooms: HashSet::new(), rate: Rate::default(), expiry };
        self.memory().seats.insert(socket_id, seat);
    }

    /// A socket has gone: the rooms it was in, each with its turn.
    pub(super) fn stand_up(&self, socket_id: &str) -> Vec<(RoomName, Turn)> {
        let mut memory = self.memory();
        let Some(seat) = memory.seats.remove(socket_id) else {
            return Vec::new();
        };
        seat.expiry.abort();
        seat.rooms
            .into_iter()
            .filter_map(|room| memory.rooms.leave(&room, socket_id).map(|turn| (room, turn)))
            .collect()
    }

    /// Counts an event of a socket, or says that it is one too many.
    pub(super) fn count_event(&self, socket_id: &str, now: Instant) -> Result<(), ChatError> {
        let mut memory = self.memory();
        let seat = memory.seats.get_mut(socket_id).ok_or(ChatError::Gone)?;
        if seat.rate.allow(now) { Ok(()) } else { Err(ChatError::RateLimited) }
    }

    /// Puts a socket into a room. `None` when it is there already.
    pub(super) fn join(&self, socket_id: &str, room: &RoomName) -> Result<Option<Turn>, ChatError> {
        let mut memory = self.memory();
        if memory.seats.contains_key(room.as_str()) {
            return Err(ChatError::ReservedName);
        }
        let now = memory.next_id();
        let Memory { seats, rooms, .. } = &mut *memory;
        let seat = seats.get_mut(socket_id).ok_or(ChatError::Gone)?;
        if seat.rooms.contains(room) {
            return Ok(None);
        }
        if seat.rooms.len() >= limits::ROOMS_OF_A_SOCKET {
            return Err(ChatError::TooManyRooms);
        }
        let turn =
            rooms.enter(room, Member { name: seat.name.clone(), socket_id: socket_id.to_owned() }, now)?;
        seat.rooms.insert(room.clone());
        Ok(Some(turn))
    }

    /// Takes a socket out of a room.
    pub(super) fn leave(&self, socket_id: &str, room: &RoomName) -> Result<Turn, ChatError> {
        let mut memory = self.memory();
        let seat = memory.seats.get_mut(socket_id).ok_or(ChatError::Gone)?;
        if !seat.rooms.remove(room) {
            return Err(ChatError::NotInRoom);
        }
        memory.rooms.leave(room, socket_id).ok_or(ChatError::NotInRoom)
    }

    /// The turn of a room the socket is in.
    pub(super) fn turn(&self, socket_id: &str, room: &RoomName) -> Result<Turn, ChatError> {
        let memory = self.memory();
        let seat = memory.seats.get(socket_id).ok_or(ChatError::Gone)?;
        let member = seat.rooms.contains(room);
        memory.rooms.room(room).filter(|_| member).map(|room| room.turn.clone()).ok_or(ChatError::NotInRoom)
    }

    /// Keeps a message for a room, under the next id.
    pub(super) fn say(&self, socket_id: &str, user: &User, room: &RoomName, text: &Text) -> Meta {
        let mut memory = self.memory();
        let meta = memory.meta(socket_id, user, room.as_str().to_owned(), false);
        memory.rooms.say(room, Message { text: text.as_str().to_owned(), meta: meta.clone() });
        meta
    }

    /// What goes with a private message; it is kept nowhere.
    pub(super) fn whisper(&self, socket_id: &str, user: &User, to: String) -> Meta {
        self.memory().meta(socket_id, user, to, true)
    }

    /// Whether this is the id of a socket that is here.
    pub(super) fn is_socket(&self, id: &str) -> bool {
        self.memory().seats.contains_key(id)
    }

    /// Whether anybody of that name is here.
    pub(super) fn is_here(&self, name: &str) -> bool {
        self.memory().seats.values().any(|seat| seat.name == name)
    }

    /// Who is in a room.
    pub(super) fn members(&self, room: &RoomName) -> Members {
        self.memory().rooms.members(room)
    }

    /// The id up to which somebody who joins now has nothing to catch up with.
    pub(super) fn last(&self, room: &RoomName) -> u64 {
        self.memory().rooms.room(room).map_or(0, |room| room.history.last())
    }

    /// What was said in a room after the message `after`, and whether something in between may be lost.
    pub(super) fn since(&self, room: &RoomName, after: u64) -> (Vec<Message>, bool) {
        self.memory().rooms.room(room).map_or((Vec::new(), true), |room| room.history.since(after))
    }

    /// Nothing under this lock can leave half a change behind, so a panic elsewhere does not make it unusable.
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    /// Microseconds since 1970, but never the same and never less: ids of before a restart stay the lower ones, and
    /// a script's numbers hold them exactly for centuries.
    fn next_id(&mut self) -> u64 {
        let micros = u64::try_from(now().as_micros()).unwrap_or(u64::MAX);
        self.last_id = micros.max(self.last_id.saturating_add(1));
        self.last_id
    }

    fn meta(&mut self, socket_id: &str, user: &User, room: String, private: bool) -> Meta {
        let id = self.next_id();
        Meta { id, at: id / 1_000, room, from: user.name.clone(), socket_id: socket_id.to_owned(), private }
    }
}
