//! Who is connected, who is in which room, and what waits for whom.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::task::Waker;

use parking_lot::{Mutex, RwLock};

/// Everybody, and the rooms. `F` is a frame that many can share.
#[derive(Debug)]
pub(crate) struct Hub<F> {
    everybody: Room<F>,
    rooms: RwLock<Rooms<F>>,
}

/// By their names.
type Rooms<F> = HashMap<Box<[u8]>, Arc<Room<F>>>;

/// Members that are sent the same.
#[derive(Debug)]
struct Room<F>(RwLock<Vec<Arc<Member<F>>>>);

/// One connection, as others see it.
#[derive(Debug)]
pub(crate) struct Member<F> {
    queue: Mutex<Queue<F>>,
}

#[derive(Debug)]
struct Queue<F> {
    frames: VecDeque<F>,
    waker: Option<Waker>,
    /// Whether the task has been woken, or runs for the first time: a burst wakes once.
    woken: bool,
    /// Whether a frame was dropped because too many waited.
    overflowed: bool,
}

impl<F: Clone> Hub<F> {
    pub(crate) fn new() -> Self {
        Self { everybody: Room::new(), rooms: RwLock::default() }
    }

    /// A new connection.
    pub(crate) fn enter(&self) -> Arc<Member<F>> {
        let queue = Queue { frames: VecDeque::new(), waker: None, woken: true, overflowed: false };
        let member = Arc::new(Member { queue: Mutex::new(queue) });
        self.everybody.add(&member);
        member
    }

    /// One that has gone, out of everything it was in.
    pub(crate) fn exit(&self, member: &Arc<Member<F>>, rooms: &[Box<[u8]>]) {
        for room in rooms {
            self.leave(member, room);
        }
        self.everybody.remove(member);
    }

    pub(crate) fn join(&self, member: &Arc<Member<F>>, room: &[u8]) {
        let mut rooms = self.rooms.write();
        if !rooms.contains_key(room) {
            rooms.insert(room.into(), Arc::new(Room::new()));
        }
        if let Some(room) = rooms.get(room) {
            room.add(member);
        }
    }

    pub(crate) fn leave(&self, member: &Arc<Member<F>>, name: &[u8]) {
        let mut rooms = self.rooms.write();
        if rooms.get(name).is_some_and(|room| room.remove(member)) {
            rooms.remove(name);
        }
    }

    /// To every connection; `sender` writes its own when it is done reading, so it is not woken.
    pub(crate) fn to_all(&self, frame: &F, sender: &Arc<Member<F>>) {
        self.everybody.push(frame, sender);
    }

    pub(crate) fn to_room(&self, room: &[u8], frame: &F, sender: &Arc<Member<F>>) {
        let room = self.rooms.read().get(room).cloned();
        if let Some(room) = room {
            room.push(frame, sender);
        }
    }
}

impl<F: Clone> Room<F> {
    fn new() -> Self {
        Self(RwLock::default())
    }

    fn add(&self, member: &Arc<Member<F>>) {
        self.0.write().push(member.clone());
    }

    /// Says whether nobody is left.
    fn remove(&self, member: &Arc<Member<F>>) -> bool {
        let mut members = self.0.write();
        if let Some(place) = members.iter().position(|it| Arc::ptr_eq(it, member)) {
            members.swap_remove(place);
        }
        members.is_empty()
    }

    fn push(&self, frame: &F, sender: &Arc<Member<F>>) {
        for member in self.0.read().iter() {
            member.push(frame.clone(), !Arc::ptr_eq(member, sender));
        }
    }
}

impl<F> Member<F> {
    fn push(&self, frame: F, wake: bool) {
        let mut queue = self.queue.lock();
        if queue.frames.len() < MOST_FRAMES {
            queue.frames.push_back(frame);
        } else {
            queue.overflowed = true;
        }
        if wake && !queue.woken {
            queue.woken = true;
            if let Some(waker) = &queue.waker {
                waker.wake_by_ref();
            }
        }
    }

    /// Moves what waits behind `unsent`, and asks to be woken by what comes. `false` when something was dropped.
    pub(crate) fn take(&self, unsent: &mut VecDeque<F>, waker: &Waker) -> bool {
        let mut queue = self.queue.lock();
        if unsent.is_empty() {
            std::mem::swap(unsent, &mut queue.frames);
        } else {
            unsent.append(&mut queue.frames);
        }
        queue.woken = false;
        if !queue.waker.as_ref().is_some_and(|it| it.will_wake(waker)) {
            queue.waker = Some(waker.clone());
        }
        !queue.overflowed
    }
}

/// So many frames may wait for a connection that does not read.
const MOST_FRAMES: usize = 65_536;

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(member: &Member<u8>) -> Vec<u8> {
        let mut frames = VecDeque::new();
        assert!(member.take(&mut frames, Waker::noop()));
        frames.into()
    }

    #[test]
    fn frames_reach_who_they_are_for() {
        let hub = Hub::new();
        let [a, b, c] = [(); 3].map(|()| hub.enter());
        hub.join(&a, b"r");
        hub.join(&b, b"r");
        hub.to_all(&1, &a);
        hub.to_room(b"r", &2, &c);
        hub.to_room(b"q", &3, &c);
        hub.leave(&b, b"r");
        hub.to_room(b"r", &4, &a);
        assert_eq!((taken(&a), taken(&b), taken(&c)), (vec![1, 2, 4], vec![1, 2], vec![1]));
        hub.exit(&a, &[b"r"[..].into()]);
        hub.to_all(&5, &b);
        assert_eq!((taken(&a), taken(&b)), (vec![], vec![5]));
        assert!(hub.rooms.read().is_empty());
    }

    #[test]
    fn who_does_not_take_is_told_when_there_was_too_much() {
        let hub = Hub::new();
        let member = hub.enter();
        for _ in 0..MOST_FRAMES {
            hub.to_all(&0, &member);
        }
        assert!(member.take(&mut VecDeque::new(), Waker::noop()));
        for _ in 0..=MOST_FRAMES {
            hub.to_all(&0, &member);
        }
        assert!(!member.take(&mut VecDeque::new(), Waker::noop()));
    }
}
