//! Room for frames that is passed on from one burst to the next.

use std::{cell::RefCell, collections::VecDeque, mem};

use crate::frame::Frame;

/// Empty queues of one thread.
///
/// An idle outbox owns no memory, so each burst would allocate a queue and free it again, for every recipient of a
/// broadcast. Whoever queues something takes a spare one instead, and whoever has written the last frame gives it back.
struct Spares {
    queues: Vec<VecDeque<Frame>>,
    /// Frames that all of them have room for.
    room: usize,
}

/// At most so many frames have room in the spares of one thread, which is 384 KiB: eight waiting for each of a thousand
/// members.
const ROOM: usize = 8 * 1024;

/// A queue for more frames than this is not kept: it was a rare burst.
const LONGEST: usize = 64;

thread_local! {
    static SPARES: RefCell<Spares> = const { RefCell::new(Spares { queues: Vec::new(), room: 0 }) };
}

/// An empty queue, with room if there is a spare one.
pub(super) fn take() -> VecDeque<Frame> {
    let take = |spares: &RefCell<Spares>| {
        let mut spares = spares.borrow_mut();
        let queue = spares.queues.pop()?;
        spares.room = spares.room.saturating_sub(queue.capacity());
        Some(queue)
    };
    // The thread may be ending.
    SPARES.try_with(take).ok().flatten().unwrap_or_default()
}

/// Leaves `queue` without memory. What it had may serve the next burst, of whichever session.
pub fn give_back(queue: &mut VecDeque<Frame>) {
    let room = queue.capacity();
    if room == 0 {
        return;
    }
    let mut queue = mem::take(queue);
    // Before the spares are borrowed: whatever is dropped with a frame cannot meet them.
    queue.clear();
    if room <= LONGEST {
        let _ = SPARES.try_with(|spares| {
            let mut spares = spares.borrow_mut();
            if spares.room + room <= ROOM {
                spares.room += room;
                spares.queues.push(queue);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room() -> usize {
        SPARES.with_borrow(|spares| {
            assert_eq!(spares.room, spares.queues.iter().map(VecDeque::capacity).sum::<usize>());
            spares.room
        })
    }

    fn queue(room: usize) -> VecDeque<Frame> {
        let queue = VecDeque::with_capacity(room);
        assert_eq!(queue.capacity(), room);
        queue
    }

    #[test]
    fn a_queue_is_used_again_empty() {
        let mut first = queue(4);
        first.push_back(Frame::text("a"));
        give_back(&mut first);
        assert_eq!((first.capacity(), room()), (0, 4));
        let again = take();
        assert_eq!((again.len(), again.capacity(), room()), (0, 4, 0));
        assert_eq!(take().capacity(), 0, "there is no other");
    }

    #[test]
    fn spares_are_bounded_each_and_together() {
        give_back(&mut queue(LONGEST + 1));
        assert_eq!(room(), 0);
        for _ in 0..ROOM / LONGEST {
            give_back(&mut queue(LONGEST));
        }
        assert_eq!(room(), ROOM);
        give_back(&mut queue(1));
        assert_eq!(room(), ROOM);
    }
}
