//! In which rooms a socket was when an event was sent.

use std::collections::{HashSet, VecDeque};

use crate::Room;

/// The last changes of a socket's rooms. An event that was lost on its way may be sent again much later, when its reader
/// has joined and left; whom it was for is decided by where he was then.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    changes: VecDeque<Change>,
    /// Nothing is known of events up to this number.
    unknown: u64,
}

#[derive(Clone, Debug)]
struct Change {
    /// The last event before it.
    after: u64,
    room: Room,
    joined: bool,
}

impl History {
    /// A room was joined, or left, after event number `after`.
    pub(super) fn record(&mut self, after: u64, room: Room, joined: bool) {
        if self.changes.len() >= MOST
            && let Some(oldest) = self.changes.pop_front()
        {
            self.unknown = self.unknown.max(oldest.after);
        }
        self.changes.push_back(Change { after, room, joined });
    }

    /// Forgets what is of no use, because the events before `floor` are gone.
    pub(super) fn forget(&mut self, floor: u64) {
        while self.changes.front().is_some_and(|change| change.after <= floor) {
            self.changes.pop_front();
        }
        if self.changes.is_empty() {
            self.changes = VecDeque::new();
        }
    }

    /// Whether it reaches back to the first event above `base`.
    pub(super) const fn reaches(&self, base: u64) -> bool {
        self.unknown <= base
    }

    /// Goes back in time, from `rooms`, in which the socket is now.
    pub(super) fn back(&self, rooms: &[Room]) -> Back<'_> {
        Back { rooms: rooms.iter().cloned().collect(), changes: &self.changes, left: self.changes.len() }
    }

    /// Bytes that keeping it takes.
    pub(super) fn cost(&self) -> usize {
        let names = self.changes.iter().map(|change| change.room.len()).sum::<usize>();
        names.saturating_add(self.changes.len().saturating_mul(size_of::<Change>()))
    }
}

/// The rooms of a socket, seen from ever earlier events.
pub(super) struct Back<'a> {
    rooms: HashSet<Room>,
    changes: &'a VecDeque<Change>,
    left: usize,
}

impl Back<'_> {
    /// The rooms in which it was when event number `seq` was sent; never to be asked for a later one again.
    pub(super) fn at(&mut self, seq: u64) -> &HashSet<Room> {
        while let Some(change) = self.left.checked_sub(1).and_then(|at| self.changes.get(at))
            && change.after >= seq
        {
            self.left -= 1;
            if change.joined {
                self.rooms.remove(&change.room);
            } else {
                self.rooms.insert(change.room.clone());
            }
        }
        &self.rooms
    }
}

/// So many changes are remembered; a socket that changes its rooms more often within the time of the log has a new
/// session if it would need more.
const MOST: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    fn names(rooms: &HashSet<Room>) -> Vec<&str> {
        let mut names: Vec<&str> = rooms.iter().map(|room| room.as_str()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn each_event_finds_the_rooms_of_its_time() {
        let mut history = History::default();
        history.record(2, "a".into(), true);
        history.record(4, "b".into(), true);
        history.record(4, "a".into(), false);
        let mut back = history.back(&["b".into(), "c".into()]);
        assert_eq!(names(back.at(5)), ["b", "c"]);
        assert_eq!(names(back.at(4)), ["a", "c"]);
        assert_eq!(names(back.at(3)), ["a", "c"]);
        assert_eq!(names(back.at(2)), ["c"]);
        history.forget(2);
        assert_eq!(history.changes.len(), 2);
        assert!(history.reaches(0));
    }

    #[test]
    fn beyond_the_bound_it_says_how_far_it_reaches() {
        let mut history = History::default();
        for change in 1..=MOST as u64 {
            history.record(change, "a".into(), change % 2 == 1);
        }
        assert!(history.reaches(0));
        history.record(999, "b".into(), true);
        assert!(!history.reaches(0) && history.reaches(1));
    }
}
