//! Who is in which room, by numbers: no hash per member of a broadcast.

mod select;

use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
};

use slab::Slab;

/// The sockets `H` of one namespace and their rooms, named by `N`, each with the id `I`.
///
/// Sockets and rooms have small numbers. A room is a dense list of the numbers of its members, and each member knows
/// its position in that list, so that leaving is a swap-remove and two corrections. The room that is named like the id
/// of a socket is not stored: a socket is in it unless it has left it.
#[derive(Debug)]
pub(crate) struct Members<I, N, H> {
    sockets: Slab<Member<H>>,
    numbers: HashMap<I, usize>,
    rooms: Slab<RoomEntry<N>>,
    names: HashMap<N, usize>,
}

#[derive(Debug)]
struct Member<H> {
    handle: H,
    /// Where it sits, one for each room that it has joined.
    seats: Vec<Seat>,
    /// It has left the room of its own id.
    left_own: bool,
}

#[derive(Debug)]
struct Seat {
    room: usize,
    /// Its position in the room's list.
    position: usize,
}

#[derive(Debug)]
struct RoomEntry<N> {
    name: N,
    members: Vec<Occupant>,
}

#[derive(Clone, Copy, Debug)]
struct Occupant {
    socket: usize,
    /// The position of the seat in the socket's list.
    seat: usize,
}

/// Names of rooms that may be the id of a socket.
pub(crate) trait RoomName<I>: Clone + Eq + Hash {
    fn as_id(&self) -> Option<I>;
    fn of_id(id: &I) -> Self;
}

impl<I, N, H> Members<I, N, H>
where
    I: Copy + Eq + Hash,
    N: RoomName<I>,
{
    pub(crate) fn new() -> Self {
        Self { sockets: Slab::new(), numbers: HashMap::new(), rooms: Slab::new(), names: HashMap::new() }
    }

    pub(crate) fn insert(&mut self, id: I, handle: H) {
        let number = self.sockets.insert(Member { handle, seats: Vec::new(), left_own: false });
        self.numbers.insert(id, number);
    }

    /// Takes a socket out of everything, and gives the rooms it was in and its handle.
    pub(crate) fn remove(&mut self, id: I) -> Option<(Vec<N>, H)> {
        let number = *self.numbers.get(&id)?;
        let rooms = self.rooms_of(id);
        // From the end, so that no other seat moves.
        while let Some(last) = self.sockets.get(number)?.seats.len().checked_sub(1) {
            self.unseat(number, last);
        }
        self.numbers.remove(&id);
        Some((rooms, self.sockets.remove(number).handle))
    }

    /// `false`: such a socket does not exist.
    pub(crate) fn join(&mut self, id: I, room: &N) -> bool {
        let Some(&number) = self.numbers.get(&id) else { return false };
        if room.as_id() == Some(id) {
            if let Some(member) = self.sockets.get_mut(number) {
                member.left_own = false;
            }
            return true;
        }
        let room_number = match self.names.get(room) {
            Some(&room_number) => room_number,
            None => {
                let room_number = self.rooms.insert(RoomEntry { name: room.clone(), members: Vec::new() });
                self.names.insert(room.clone(), room_number);
                room_number
            }
        };
        if self.seat(number, room_number).is_none()
            && let Some(member) = self.sockets.get_mut(number)
            && let Some(entry) = self.rooms.get_mut(room_number)
        {
            member.seats.push(Seat { room: room_number, position: entry.members.len() });
            entry.members.push(Occupant { socket: number, seat: member.seats.len() - 1 });
        }
        true
    }

    /// Whether a socket may join these rooms and be in no more than `most`, that of its own id not counted.
    pub(crate) fn has_room(&self, id: I, rooms: &[N], most: usize) -> bool {
        let Some(&number) = self.numbers.get(&id) else { return true };
        let Some(member) = self.sockets.get(number) else { return true };
        let seats = member.seats.len();
        if seats.saturating_add(rooms.len()) <= most {
            return true;
        }
        // It comes close, so that it matters which of them are new.
        let new = |room: &&N| {
            let known = self.names.get(room).and_then(|&room| self.seat(number, room));
            room.as_id() != Some(id) && known.is_none()
        };
        let new: HashSet<&N> = rooms.iter().filter(new).collect();
        seats.saturating_add(new.len()) <= most
    }

    pub(crate) fn leave(&mut self, id: I, room: &N) {
        let Some(&number) = self.numbers.get(&id) else { return };
        if room.as_id() == Some(id)
            && let Some(member) = self.sockets.get_mut(number)
        {
            member.left_own = true;
        }
        if let Some(&room_number) = self.names.get(room)
            && let Some(at) = self.seat(number, room_number)
        {
            self.unseat(number, at);
        }
    }

    /// The rooms of a socket, that of its own id first.
    pub(crate) fn rooms_of(&self, id: I) -> Vec<N> {
        let Some(member) = self.numbers.get(&id).and_then(|&number| self.sockets.get(number)) else {
            return Vec::new();
        };
        let own = (!member.left_own).then(|| N::of_id(&id));
        let joined =
            member.seats.iter().filter_map(|seat| self.rooms.get(seat.room)).map(|room| room.name.clone());
        own.into_iter().chain(joined).collect()
    }

    /// Whether a socket is in a room, which may be that of its own id.
    pub(crate) fn contains(&self, id: I, room: &N) -> bool {
        let Some(&number) = self.numbers.get(&id) else { return false };
        let own = room.as_id() == Some(id) && self.sockets.get(number).is_some_and(|member| !member.left_own);
        own || self.names.get(room).is_some_and(|&room| self.seat(number, room).is_some())
    }

    /// How many are in a room, by joining it or by its own id.
    pub(crate) fn population(&self, room: &N) -> usize {
        let owner = room.as_id().and_then(|id| self.sockets.get(*self.numbers.get(&id)?));
        let joined = self.names.get(room).and_then(|&room| self.rooms.get(room));
        usize::from(owner.is_some_and(|owner| !owner.left_own)) + joined.map_or(0, |room| room.members.len())
    }

    pub(crate) fn handle(&self, id: I) -> Option<&H> {
        let member = self.sockets.get(*self.numbers.get(&id)?)?;
        Some(&member.handle)
    }

    pub(crate) fn len(&self) -> usize {
        self.sockets.len()
    }

    /// Rooms that were joined, without those of the sockets' own ids, and how many are in each.
    #[cfg(test)]
    fn rooms(&self) -> impl Iterator<Item = (&N, usize)> {
        self.rooms.iter().map(|(_, room)| (&room.name, room.members.len()))
    }

    /// Which of its seats a socket has in a room, if it is in there. Looked for in the shorter list of the two: that of a
    /// socket in very many rooms and that of a room with very many members are both long, but seldom at once.
    fn seat(&self, number: usize, room_number: usize) -> Option<usize> {
        let (seats, room) = (&self.sockets.get(number)?.seats, self.rooms.get(room_number)?);
        if seats.len() <= room.members.len() {
            return seats.iter().position(|seat| seat.room == room_number);
        }
        room.members.iter().find(|occupant| occupant.socket == number).map(|occupant| occupant.seat)
    }

    /// Takes the socket out of the room of one of its seats, and the room away when it was the last.
    fn unseat(&mut self, number: usize, at: usize) {
        let Some(member) = self.sockets.get_mut(number).filter(|member| at < member.seats.len()) else {
            return;
        };
        let Seat { room: room_number, position } = member.seats.swap_remove(at);
        // The seat that was last in the socket's list has moved to `at`.
        if let Some(moved) = member.seats.get(at)
            && let Some(occupant) =
                self.rooms.get_mut(moved.room).and_then(|room| room.members.get_mut(moved.position))
        {
            occupant.seat = at;
        }
        let Some(room) = self.rooms.get_mut(room_number) else { return };
        room.members.swap_remove(position);
        // The member that was last in the room's list has moved to `position`.
        if let Some(&moved) = room.members.get(position)
            && let Some(seat) =
                self.sockets.get_mut(moved.socket).and_then(|member| member.seats.get_mut(moved.seat))
        {
            seat.position = position;
        }
        if room.members.is_empty() {
            let room = self.rooms.remove(room_number);
            self.names.remove(&room.name);
        }
    }
}

#[cfg(test)]
mod tests;
