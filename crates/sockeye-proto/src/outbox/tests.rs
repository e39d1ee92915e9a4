//! Bounds, order and memory of an outbox. `wakes` has who is woken when, `model` compares any sequence of calls.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::Wake,
};

use super::*;

mod model;
mod wakes;

/// A waker that counts.
#[derive(Default)]
struct Counter(AtomicUsize);

impl Counter {
    fn new() -> (Arc<Self>, Waker) {
        let counter = Arc::new(Self::default());
        (Arc::clone(&counter), Waker::from(counter))
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl Wake for Counter {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// A group of one binary frame of exactly `len` bytes, header included.
fn group(len: usize) -> Group {
    Group::one(frame(len))
}

fn frame(len: usize) -> Frame {
    let frame = Frame::binary(&vec![0; len - 2]);
    assert_eq!(frame.len(), len, "short enough for a header of two bytes");
    frame
}

fn outbox(soft: usize, hard: usize) -> Outbox {
    Outbox::new(Bounds { soft, hard })
}

fn room(outbox: &Outbox, waker: &Waker) -> Poll<Result<(), Closed>> {
    outbox.poll_room(&mut Context::from_waker(waker))
}

const ACCEPTED: Result<Pushed, PushError> = Ok(Pushed { over_soft: false });
const OVER_SOFT: Result<Pushed, PushError> = Ok(Pushed { over_soft: true });

#[test]
fn the_soft_bound_itself_is_not_over_it() {
    let outbox = outbox(100, 300);
    assert_eq!(outbox.push(group(100)), ACCEPTED);
    assert_eq!(outbox.try_push(group(2)), Ok(()), "at the bound");
    assert_eq!(outbox.bytes(), 102);
    assert_eq!(outbox.try_push(group(2)), Err(PushError::Full), "above it");
    assert_eq!(outbox.push(group(2)), OVER_SOFT);
    assert_eq!(outbox.bytes(), 104);
}

#[test]
fn the_hard_bound_is_filled_and_not_exceeded() {
    let outbox = outbox(100, 300);
    for _ in 0..3 {
        outbox.push(group(100)).unwrap();
    }
    assert_eq!(outbox.bytes(), 300);
    assert!(!outbox.overflowed());
    assert_eq!(outbox.push(group(2)), Err(PushError::Overflow));
    assert!(outbox.overflowed());
    assert_eq!(outbox.bytes(), 300, "nothing of it is queued");
}

#[test]
fn one_byte_more_than_fits_overflows() {
    let outbox = outbox(100, 300);
    outbox.push(group(100)).unwrap();
    outbox.push(group(100)).unwrap();
    assert_eq!(outbox.push(group(101)), Err(PushError::Overflow));
}

#[test]
fn nothing_follows_what_an_overflow_refused() {
    let outbox = outbox(10, 20);
    outbox.set_writable(true);
    outbox.push(group(20)).unwrap();
    outbox.push(group(20)).unwrap_err();
    outbox.take(usize::MAX, &mut VecDeque::new());
    outbox.all_written();
    assert_eq!(outbox.bytes(), 0);
    assert_eq!(outbox.push(group(2)), Err(PushError::Overflow));
    assert_eq!(outbox.try_push(group(2)), Err(PushError::Overflow));
    assert_eq!(outbox.push_volatile(group(2)), Err(PushError::Overflow));
}

#[test]
fn a_large_group_behind_a_small_one_does_not_end_a_session_that_keeps_pace() {
    let outbox = outbox(20, 40);
    outbox.push(group(20)).unwrap();
    assert_eq!(outbox.push(group(100)), OVER_SOFT, "no more than the soft bound stands in front of it");
    assert_eq!(outbox.try_push(group(2)), Err(PushError::Full));
    outbox.take(usize::MAX, &mut VecDeque::new());
    outbox.written(20);
    assert_eq!(outbox.push(group(20)), OVER_SOFT, "beside the large one there is room up to the soft bound");
    assert_eq!(outbox.push(group(2)), Err(PushError::Overflow));
}

#[test]
fn what_stands_in_front_of_a_large_group_is_not_counted_as_part_of_it() {
    let outbox = outbox(20, 40);
    outbox.push(group(20)).unwrap();
    outbox.push(group(100)).unwrap();
    assert_eq!(outbox.push(group(2)), Err(PushError::Overflow), "the soft bound is used up in front of it");
}

#[test]
fn try_push_takes_what_push_would() {
    let outbox = outbox(100, 150);
    outbox.push(group(100)).unwrap();
    assert_eq!(outbox.try_push(group(101)), Ok(()));
    assert_eq!(outbox.try_push(group(2)), Err(PushError::Full));
    assert!(!outbox.overflowed());
}

#[test]
fn an_empty_outbox_takes_one_group_of_any_size_and_a_little_behind_it() {
    let outbox = outbox(10, 20);
    outbox.push(group(120)).unwrap();
    assert_eq!(outbox.push(group(10)), OVER_SOFT, "up to the soft bound behind it");
    assert_eq!(outbox.bytes(), 130);

    let mut out = VecDeque::new();
    outbox.take(usize::MAX, &mut out);
    outbox.written(30);
    assert_eq!(outbox.bytes(), 100);
    assert_eq!(outbox.push(group(2)), Err(PushError::Overflow), "which does not grow while it is written");
}

#[test]
fn what_was_taken_counts_until_it_is_written() {
    let outbox = outbox(100, 200);
    outbox.push(group(100)).unwrap();
    outbox.push(group(100)).unwrap();
    let mut out = VecDeque::new();
    outbox.take(usize::MAX, &mut out);
    assert!(outbox.is_empty());
    assert_eq!(outbox.bytes(), 200);
    outbox.written(1);
    assert_eq!(outbox.bytes(), 199);
    assert_eq!(outbox.push(group(2)), Err(PushError::Overflow));
    outbox.written(usize::MAX);
    assert_eq!(outbox.bytes(), 0);
}

#[test]
fn a_group_is_refused_as_a_whole() {
    let outbox = outbox(10, 60);
    outbox.push(group(20)).unwrap();
    let large = Group::with_attachments(frame(20), vec![frame(20), frame(20)]);
    assert_eq!(outbox.push(large), Err(PushError::Overflow));
    let mut out = VecDeque::new();
    outbox.take(usize::MAX, &mut out);
    assert_eq!(out.len(), 1);
}

#[test]
fn many_short_frames_are_bounded_by_their_number() {
    let outbox = outbox(64 * 100, 64 * 300);
    for _ in 0..100 {
        assert_eq!(outbox.push(group(2)), ACCEPTED);
    }
    assert_eq!(outbox.try_push(group(2)), Ok(()), "at the bound");
    assert_eq!(outbox.try_push(group(2)), Err(PushError::Full), "above it");
    assert!(room(&outbox, Waker::noop()).is_pending());
    for _ in 101..300 {
        assert_eq!(outbox.push(group(2)), OVER_SOFT);
    }
    assert_eq!(outbox.bytes(), 600, "far below both bounds in bytes");
    assert_eq!(outbox.push(group(2)), Err(PushError::Overflow));

    let mut out = VecDeque::new();
    outbox.take(64 * 200, &mut out);
    assert_eq!(out.len(), 200, "what is taken at once is bounded too");
    outbox.written(400);
    assert!(room(&outbox, Waker::noop()).is_ready());
}

#[test]
fn what_keeping_frames_costs_is_within_the_hard_bound() {
    let weight = 100 * 1000 + (100 - 64) * Bounds::KEPT;
    // With a header of four bytes.
    let group = || Group::one(Frame::binary(&[0; 996]));
    for (hard, fits) in [(weight, true), (weight - 1, false)] {
        let outbox = outbox(10, hard);
        for _ in 0..99 {
            outbox.push(group()).unwrap();
        }
        assert_eq!(outbox.push(group()).is_ok(), fits, "{hard}");
    }
}

#[test]
fn taking_stops_with_the_frame_that_reaches_the_limit() {
    let outbox = outbox(1000, 1000);
    for _ in 0..4 {
        outbox.push(group(10)).unwrap();
    }
    for (limit, expected) in [(0, 1), (10, 1), (11, 2)] {
        let mut out = VecDeque::new();
        outbox.take(limit, &mut out);
        assert_eq!(out.len(), expected, "limit {limit}");
    }
    assert!(outbox.is_empty());
    let mut out = VecDeque::from([frame(2)]);
    outbox.push(group(10)).unwrap();
    outbox.take(usize::MAX, &mut out);
    assert_eq!(out.iter().map(Frame::len).collect::<Vec<_>>(), [2, 10], "behind what is there already");
}

#[test]
fn a_polling_payload_is_filled_to_its_limit() {
    let outbox = outbox(1000, 1000);
    for text in ["a", "b", "c"] {
        outbox.push(Group::one(Frame::text(text))).unwrap();
    }
    outbox.push(Group::one(Frame::binary(&[1, 2, 3]))).unwrap();

    let mut body = b"2".to_vec();
    assert_eq!(outbox.take_polling(4, &mut body).bytes, 4);
    assert_eq!(body, b"2\x1e4a");
    let mut body = Vec::new();
    assert_eq!(outbox.take_polling(5, &mut body).bytes, 2 * 4);
    assert_eq!(body, b"4b\x1e4c");
    let mut body = Vec::new();
    assert_eq!(outbox.take_polling(0, &mut body).bytes, 5, "one at least");
    assert_eq!(body, b"bAQID");
    assert_eq!(outbox.take_polling(100, &mut body).bytes, 0);

    assert_eq!(outbox.bytes(), 3 * 4 + 5, "counted as on a websocket until written");
    outbox.all_written();
    assert_eq!(outbox.bytes(), 0);
}

#[test]
fn volatile_groups_leave_at_once_or_not_at_all() {
    let outbox = outbox(100, 200);
    assert_eq!(outbox.push_volatile(group(2)), Ok(false), "nobody can take it");
    outbox.set_writable(true);
    assert_eq!(outbox.push_volatile(group(2)), Ok(true));
    assert_eq!(outbox.push_volatile(group(2)), Ok(false), "the first one waits");
    outbox.take(usize::MAX, &mut VecDeque::new());
    assert_eq!(outbox.push_volatile(group(2)), Ok(false), "it is being written");
    outbox.written(2);
    assert_eq!(outbox.push_volatile(group(2)), Ok(true));
    outbox.close();
    assert_eq!(outbox.push_volatile(group(2)), Err(PushError::Closed));
}

#[test]
fn closing_lets_what_waits_leave_and_nothing_in() {
    let outbox = outbox(100, 200);
    outbox.push(group(10)).unwrap();
    outbox.closing();
    assert_eq!(outbox.phase(), Phase::Closing);
    assert_eq!(outbox.push(group(2)), Err(PushError::Closed));
    assert_eq!(outbox.try_push(group(2)), Err(PushError::Closed));
    let mut out = VecDeque::new();
    outbox.take(usize::MAX, &mut out);
    assert_eq!(out.len(), 1);
}

#[test]
fn closed_is_the_end() {
    let outbox = outbox(100, 200);
    outbox.push(group(10)).unwrap();
    outbox.push(group(10)).unwrap();
    outbox.take(1, &mut VecDeque::new());
    outbox.close();
    assert_eq!((outbox.phase(), outbox.bytes(), outbox.is_empty()), (Phase::Closed, 0, true));
    outbox.closing();
    assert_eq!(outbox.phase(), Phase::Closed);
    assert_eq!(outbox.push(group(2)), Err(PushError::Closed));
    outbox.written(10);
    assert_eq!(outbox.bytes(), 0, "a write that ends after the close");
}

#[test]
fn an_emptied_outbox_keeps_no_memory() {
    let capacity = |outbox: &Outbox| outbox.lock().queue.capacity();
    let outbox = outbox(100_000, 100_000);
    assert_eq!(capacity(&outbox), 0, "an idle one never had any");
    let fill = || (0..1000).for_each(|_| assert!(outbox.push(group(2)).is_ok()));

    fill();
    outbox.take(usize::MAX, &mut VecDeque::new());
    assert_eq!(capacity(&outbox), 0, "taken at once");

    outbox.all_written();
    fill();
    while !outbox.is_empty() {
        outbox.take(100, &mut VecDeque::new());
    }
    assert_eq!(capacity(&outbox), 0, "taken in pieces");

    outbox.all_written();
    fill();
    outbox.take_polling(usize::MAX, &mut Vec::new());
    assert_eq!(capacity(&outbox), 0, "polled");

    outbox.all_written();
    fill();
    outbox.close();
    assert_eq!(capacity(&outbox), 0, "closed");
}

#[test]
fn debug_output_says_phase_and_bytes() {
    let outbox = outbox(10, 20);
    outbox.push(group(7)).unwrap();
    assert_eq!(format!("{outbox:?}"), "Outbox { phase: Open, bytes: 7, .. }");
}
