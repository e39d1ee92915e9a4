//! Who is meant by "these rooms, but not those".

use std::hash::Hash;

use super::{Members, RoomName};

impl<I, N, H> Members<I, N, H>
where
    I: Copy + Eq + Hash,
    N: RoomName<I>,
    H: Clone,
{
    /// The handles of all sockets that are in one of `rooms` (in the namespace, if there are none) and in none of
    /// `except`; each once.
    pub(crate) fn select(&self, rooms: &[N], except: &[N]) -> Vec<H> {
        let excluded: Vec<usize> = except.iter().flat_map(|room| self.excluded_by(room)).collect();
        if let [room] = rooms
            && excluded.len() <= FEW
        {
            // The usual broadcast: one room, all but the sender. No list as long as the namespace is needed.
            let members = self.members_of(room).filter(|number| !excluded.contains(number));
            // The owner of an id beside those who joined; so the list never grows.
            let mut numbers = Vec::with_capacity(self.joined(room).len() + 1);
            numbers.extend(members);
            // A socket can be in the room of another's id, and then also be that other.
            return self.handles(&dedup(numbers, room.as_id().is_some()));
        }
        let mut marks = Marks::new(self.sockets.capacity());
        for number in excluded {
            marks.mark(number);
        }
        if rooms.is_empty() {
            let all = self.sockets.iter().filter(|(number, _)| !marks.is_marked(*number));
            let mut handles = Vec::with_capacity(self.sockets.len());
            handles.extend(all.map(|(_, member)| member.handle.clone()));
            return handles;
        }
        let members = rooms.iter().flat_map(|room| self.members_of(room));
        self.handles(&members.filter(|number| marks.mark(*number)).collect::<Vec<_>>())
    }

    fn handles(&self, numbers: &[usize]) -> Vec<H> {
        let members = numbers.iter().filter_map(|number| self.sockets.get(*number));
        let mut handles = Vec::with_capacity(numbers.len());
        handles.extend(members.map(|member| member.handle.clone()));
        handles
    }

    /// Who is in `room`: by joining it, or by its own id.
    fn members_of(&self, room: &N) -> impl Iterator<Item = usize> {
        let owner = self
            .owner(room)
            .filter(|number| self.sockets.get(*number).is_some_and(|member| !member.left_own));
        owner.into_iter().chain(self.joined(room))
    }

    /// Whom `except(room)` means. The owner of an id is meant by it also after leaving its own room: a sender must
    /// not hear its own broadcast.
    fn excluded_by(&self, room: &N) -> impl Iterator<Item = usize> {
        self.owner(room).into_iter().chain(self.joined(room))
    }

    fn owner(&self, room: &N) -> Option<usize> {
        self.numbers.get(&room.as_id()?).copied()
    }

    fn joined(&self, room: &N) -> impl ExactSizeIterator<Item = usize> {
        let room = self.names.get(room).and_then(|&number| self.rooms.get(number));
        let members = room.map_or(&[][..], |room| &room.members);
        members.iter().map(|occupant| occupant.socket)
    }
}

fn dedup(mut numbers: Vec<usize>, needed: bool) -> Vec<usize> {
    if needed {
        numbers.sort_unstable();
        numbers.dedup();
    }
    numbers
}

/// A set of numbers, as bits.
struct Marks(Vec<u64>);

impl Marks {
    fn new(numbers: usize) -> Self {
        Self(vec![0; numbers.div_ceil(64)])
    }

    /// `true`: it was not marked yet.
    fn mark(&mut self, number: usize) -> bool {
        let Some(word) = self.0.get_mut(number / 64) else { return false };
        let bit = 1 << (number % 64);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    fn is_marked(&self, number: usize) -> bool {
        self.0.get(number / 64).is_some_and(|word| word & (1 << (number % 64)) != 0)
    }
}

/// Up to so many exceptions are searched one by one.
const FEW: usize = 16;
