//! Who is woken when: once per burst, never under the lock, and nothing is lost.

use std::{
    sync::OnceLock,
    thread::{self, Thread},
};

use super::*;

#[test]
fn a_burst_wakes_the_owner_once() {
    let outbox = outbox(1000, 2000);
    let (owner, waker) = Counter::new();
    outbox.register(&waker);
    for _ in 0..10 {
        outbox.push(group(2)).unwrap();
    }
    outbox.wake();
    assert_eq!(owner.count(), 1);

    outbox.running(true);
    assert!(!outbox.running(false));
    outbox.try_push(group(2)).unwrap();
    assert_eq!(owner.count(), 2, "the next burst");
}

#[test]
fn what_comes_while_the_owner_runs_is_told_when_it_stops() {
    let outbox = outbox(1000, 2000);
    let (owner, waker) = Counter::new();
    outbox.register(&waker);
    outbox.running(true);
    outbox.push(group(2)).unwrap();
    outbox.wake();
    assert_eq!(owner.count(), 0);
    assert!(outbox.running(false));

    outbox.push(group(2)).unwrap();
    assert_eq!(owner.count(), 0, "it knows that it has to look again");
    outbox.running(true);
    assert!(!outbox.running(false));
    outbox.push(group(2)).unwrap();
    assert_eq!(owner.count(), 1);
}

#[test]
fn what_is_about_to_be_taken_needs_no_other_turn_but_a_wake_does() {
    let outbox = outbox(1000, 2000);
    let (owner, waker) = Counter::new();
    outbox.register(&waker);
    outbox.running(true);
    outbox.push(group(2)).unwrap();
    outbox.taking();
    assert!(!outbox.running(false), "the turn has seen it");

    outbox.running(true);
    outbox.taking();
    outbox.push(group(2)).unwrap();
    assert!(outbox.running(false), "queued behind the back of the turn");

    outbox.running(true);
    outbox.push(group(2)).unwrap();
    outbox.wake();
    outbox.taking();
    assert!(outbox.running(false), "somebody wants to be looked at");
    assert_eq!(owner.count(), 0);

    outbox.running(true);
    outbox.running(false);
    outbox.taking();
    outbox.push(group(2)).unwrap();
    assert_eq!(owner.count(), 1, "an owner that does not run is woken all the same");
}

#[test]
fn what_is_not_queued_wakes_nobody_but_an_overflow_does() {
    let outbox = outbox(2, 4);
    let (owner, waker) = Counter::new();
    outbox.register(&waker);
    assert_eq!(outbox.push_volatile(group(2)), Ok(false));
    assert_eq!(owner.count(), 0);

    outbox.push(group(4)).unwrap();
    outbox.running(true);
    outbox.running(false);
    assert_eq!(owner.count(), 1);
    outbox.try_push(group(2)).unwrap_err();
    assert_eq!(owner.count(), 1);
    outbox.push(group(4)).unwrap_err();
    assert_eq!(owner.count(), 2, "the owner has to close a slow consumer");

    outbox.running(true);
    outbox.running(false);
    outbox.close();
    outbox.push(group(2)).unwrap_err();
    assert_eq!(owner.count(), 2);
    outbox.wake();
    assert_eq!(owner.count(), 3, "its inbox works to the end");
}

#[test]
fn a_wake_before_the_owner_was_known_is_repeated() {
    let outbox = outbox(1000, 2000);
    outbox.push(group(2)).unwrap();
    let (first, waker) = Counter::new();
    outbox.register(&waker);
    outbox.register(&waker);
    assert_eq!(first.count(), 1);

    let (second, waker) = Counter::new();
    outbox.register(&waker);
    assert_eq!(second.count(), 1, "the first may have moved on: a session changes its task at the upgrade");
    assert_eq!(first.count(), 1);
}

#[test]
fn a_forgotten_owner_is_released() {
    let outbox = outbox(1000, 2000);
    let (owner, waker) = Counter::new();
    outbox.register(&waker);
    drop(waker);
    assert_eq!(Arc::strong_count(&owner), 2);
    outbox.unregister();
    assert_eq!(Arc::strong_count(&owner), 1);
    outbox.wake();
    assert_eq!(owner.count(), 0);
}

#[test]
fn all_who_wait_for_room_are_woken_when_there_is_some() {
    let outbox = outbox(10, 100);
    let waiters: Vec<_> = (0..3).map(|_| Counter::new()).collect();
    assert_eq!(room(&outbox, &waiters[0].1), Poll::Ready(Ok(())));

    outbox.push(group(10)).unwrap();
    assert_eq!(room(&outbox, &waiters[0].1), Poll::Ready(Ok(())), "at the bound");
    outbox.push(group(2)).unwrap();
    for (_, waker) in waiters.iter().chain(&waiters) {
        assert_eq!(room(&outbox, waker), Poll::Pending);
    }
    assert_eq!(outbox.lock().room.as_ref().map(|room| room.0.len()), Some(3), "who polls twice waits once");

    outbox.take(usize::MAX, &mut VecDeque::new());
    outbox.written(1);
    assert!(waiters.iter().all(|(counter, _)| counter.count() == 0), "one byte above the bound");
    outbox.written(1);
    assert!(waiters.iter().all(|(counter, _)| counter.count() == 1));
    assert!(outbox.lock().room.is_none());
    outbox.written(1);
    assert!(waiters.iter().all(|(counter, _)| counter.count() == 1), "once");
}

#[test]
fn who_waits_for_room_learns_of_the_end() {
    let outbox = outbox(10, 100);
    let (waiter, waker) = Counter::new();
    outbox.push(group(11)).unwrap();
    assert_eq!(room(&outbox, &waker), Poll::Pending);
    outbox.closing();
    assert_eq!(
        (waiter.count(), room(&outbox, &waker)),
        (0, Poll::Pending),
        "what waits may still be written"
    );
    outbox.close();
    assert_eq!((waiter.count(), room(&outbox, &waker)), (1, Poll::Ready(Err(Closed))));
}

/// Looks into the outbox from inside the wake, which would never end if the lock were held.
struct Curious(Arc<Outbox>, AtomicUsize);

impl Wake for Curious {
    fn wake(self: Arc<Self>) {
        self.1.fetch_add(1 + self.0.bytes(), Ordering::SeqCst);
    }
}

impl Drop for Curious {
    fn drop(&mut self) {
        self.0.close();
    }
}

#[test]
fn wakers_are_called_without_the_lock() {
    let outbox = Arc::new(outbox(10, 100));
    let curious = Arc::new(Curious(Arc::clone(&outbox), AtomicUsize::new(0)));
    let waker = Waker::from(Arc::clone(&curious));
    outbox.register(&waker);
    outbox.push(group(11)).unwrap();
    assert_eq!(curious.1.load(Ordering::SeqCst), 1 + 11);
    assert_eq!(room(&outbox, &waker), Poll::Pending);
    outbox.close();
    assert_eq!(curious.1.load(Ordering::SeqCst), 1 + 11 + 1);
}

#[test]
fn a_waker_that_ends_its_task_is_dropped_without_the_lock() {
    let close = |forget: &dyn Fn(&Outbox)| {
        let outbox = Arc::new(outbox(10, 100));
        let curious = Curious(Arc::clone(&outbox), AtomicUsize::new(0));
        outbox.register(&Waker::from(Arc::new(curious)));
        forget(&outbox);
        assert_eq!(outbox.phase(), Phase::Closed);
    };
    close(&|outbox| outbox.register(Waker::noop()));
    close(&Outbox::unregister);
}

/// Wakes a thread that parks.
struct Unpark(OnceLock<Thread>);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.get().expect("the owner registers itself").unpark();
    }
}

#[test]
fn no_wake_is_lost_between_threads() {
    const EMITTERS: usize = 4;
    const EACH: usize = 2_000;
    let outbox = Arc::new(outbox(usize::MAX, usize::MAX));
    let emitters: Vec<_> = (0..EMITTERS)
        .map(|_| {
            let outbox = Arc::clone(&outbox);
            thread::spawn(move || (0..EACH).for_each(|_| assert!(outbox.push(group(2)).is_ok())))
        })
        .collect();

    let unpark = Arc::new(Unpark(OnceLock::from(thread::current())));
    outbox.register(&Waker::from(unpark));
    let mut received = 0;
    while received < EMITTERS * EACH {
        outbox.running(true);
        let mut out = VecDeque::new();
        outbox.take(64, &mut out);
        outbox.all_written();
        received += out.len();
        let more = !outbox.is_empty();
        if !outbox.running(false) && !more && received < EMITTERS * EACH {
            thread::park();
        }
    }
    emitters.into_iter().for_each(|emitter| emitter.join().unwrap());
    assert_eq!((received, outbox.bytes()), (EMITTERS * EACH, 0));
}
