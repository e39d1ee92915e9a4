//! The rooms that are known: who is in them and what was said.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;

use super::bounds::RoomName;
use super::error::ChatError;
use super::history::{History, Message};
use super::limits;

/// Taken by whoever tells a room something, so that all members hear it in the order in which it became true.
pub(super) type Turn = Arc<tokio::sync::Mutex<()>>;

/// One socket in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// The account's name.
    pub name: String,
    /// Its socket; somebody with two tabs is two members.
    pub socket_id: String,
}

/// Who is in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Members {
    /// Which one.
    pub room: String,
    /// The first [`limits::MEMBERS_LISTED`] of them, in the order of their coming.
    pub members: Vec<Member>,
    /// How many there are.
    pub total: usize,
}

#[derive(Debug)]
pub(super) struct Room {
    pub(super) members: Vec<Member>,
    pub(super) history: History,
    pub(super) turn: Turn,
}

/// All rooms, at most [`limits::ROOMS`].
#[derive(Debug, Default)]
pub(super) struct Rooms {
    rooms: HashMap<RoomName, Room>,
}

impl Rooms {
    /// Puts a socket into a room that may have to be made; `now` is the id a message would get.
    pub(super) fn enter(&mut self, name: &RoomName, member: Member, now: u64) -> Result<Turn, ChatError> {
        if !self.rooms.contains_key(name) && self.rooms.len() >= limits::ROOMS {
            self.forget_one()?;
        }
        let room = self.rooms.entry(name.clone()).or_insert_with(|| Room {
            members: Vec::new(),
            history: History::new(now),
            turn: Turn::default(),
        });
        room.members.push(member);
        Ok(room.turn.clone())
    }

    /// Takes a socket out. A room that nobody is in and that has nothing to tell is forgotten.
    pub(super) fn leave(&mut self, name: &RoomName, socket_id: &str) -> Option<Turn> {
        let room = self.rooms.get_mut(name)?;
        room.members.retain(|member| member.socket_id != socket_id);
        let turn = room.turn.clone();
        if room.members.is_empty() && room.history.is_empty() {
            self.rooms.remove(name);
        }
        Some(turn)
    }

    pub(super) fn room(&self, name: &RoomName) -> Option<&Room> {
        self.rooms.get(name)
    }

    pub(super) fn say(&mut self, name: &RoomName, message: Message) {
        if let Some(room) = self.rooms.get_mut(name) {
            room.history.push(message);
        }
    }

    /// A room that is gone has no members: whoever is told so late still gets a true answer.
    pub(super) fn members(&self, name: &RoomName) -> Members {
        let members = self.rooms.get(name).map_or(&[][..], |room| &room.members);
        Members {
            room: name.as_str().to_owned(),
            members: members.iter().take(limits::MEMBERS_LISTED).cloned().collect(),
            total: members.len(),
        }
    }

    fn forget_one(&mut self) -> Result<(), ChatError> {
        let silent = self
            .rooms
            .iter()
            .filter(|(_, room)| room.members.is_empty())
            .min_by_key(|(_, room)| room.history.last())
            .map(|(name, _)| name.clone())
            .ok_or(ChatError::RoomsFull)?;
        self.rooms.remove(&silent);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> RoomName {
        RoomName::new(text.to_owned()).unwrap()
    }

    fn ada() -> Member {
        Member { name: "ada".to_owned(), socket_id: "a".to_owned() }
    }

    #[test]
    fn a_thousand_occupied_rooms_are_full_and_an_empty_one_makes_place() {
        let mut rooms = Rooms::default();
        for room in 0..limits::ROOMS {
            rooms.enter(&name(&room.to_string()), ada(), 0).unwrap();
        }
        assert_eq!(rooms.enter(&name("one more"), ada(), 0).err(), Some(ChatError::RoomsFull));
        rooms.leave(&name("7"), "a");
        assert!(rooms.enter(&name("one more"), ada(), 0).is_ok());
    }

    #[test]
    fn a_list_ends_at_its_bound_and_says_how_many_there_are() {
        let mut rooms = Rooms::default();
        for member in 0..=limits::MEMBERS_LISTED {
            rooms.enter(&name("r"), Member { socket_id: member.to_string(), ..ada() }, 0).unwrap();
        }
        let members = rooms.members(&name("r"));
        assert_eq!(
            (members.members.len(), members.total),
            (limits::MEMBERS_LISTED, limits::MEMBERS_LISTED + 1)
        );
    }
}
