//! Any sequence of calls does what a model of few lines does.

use proptest::prelude::*;

use super::*;

const BOUNDS: Bounds = Bounds { soft: 50, hard: 120 };

#[derive(Clone, Debug)]
enum Call {
    Push(Vec<usize>),
    TryPush(Vec<usize>),
    Volatile(Vec<usize>),
    Take(usize),
    TakePolling(usize),
    Written(usize),
    Writable(bool),
    Running(bool),
    Taking,
    Wake,
    Room,
    Closing,
    Close,
}

fn call() -> impl Strategy<Value = Call> {
    let sizes = || prop::collection::vec(2_usize..60, 1..4);
    prop_oneof![
        6 => sizes().prop_map(Call::Push),
        3 => sizes().prop_map(Call::TryPush),
        3 => sizes().prop_map(Call::Volatile),
        4 => (0_usize..150).prop_map(Call::Take),
        2 => (0_usize..150).prop_map(Call::TakePolling),
        6 => (0_usize..150).prop_map(Call::Written),
        2 => any::<bool>().prop_map(Call::Writable),
        4 => any::<bool>().prop_map(Call::Running),
        2 => Just(Call::Taking),
        1 => Just(Call::Wake),
        2 => Just(Call::Room),
        1 => prop_oneof![9 => Just(Call::Wake), 1 => Just(Call::Closing), 1 => Just(Call::Close)],
    ]
}

/// What is true of an outbox, said as plainly as possible.
#[derive(Default)]
struct Model {
    waiting: VecDeque<usize>,
    taken: usize,
    /// Length and unwritten bytes up to the end of the largest group that was let in whatever its size.
    free: (usize, usize),
    writable: bool,
    overflowed: bool,
    closing: bool,
    closed: bool,
    running: bool,
    /// Since the owner started, or was about to take what was queued.
    queued: bool,
    /// Woken while the owner ran, or to make it run.
    woken: bool,
    wakes: usize,
    waits_for_room: bool,
    room_wakes: usize,
}

impl Model {
    fn bytes(&self) -> usize {
        self.waiting.iter().sum::<usize>() + self.taken
    }

    fn fits(&self, sizes: &[usize]) -> bool {
        let after = self.bytes() + sizes.iter().sum::<usize>();
        self.bytes() <= BOUNDS.soft || after <= BOUNDS.hard || after <= self.unwritten() + BOUNDS.soft
    }

    fn unwritten(&self) -> usize {
        self.free.0.min(self.free.1)
    }

    fn refused(&self) -> Option<PushError> {
        if self.closing || self.closed {
            return Some(PushError::Closed);
        }
        self.overflowed.then_some(PushError::Overflow)
    }

    fn queue(&mut self, sizes: &[usize]) {
        let len = sizes.iter().sum();
        if self.bytes() <= BOUNDS.soft && len >= self.unwritten() {
            self.free = (len, self.bytes() + len);
        }
        self.waiting.extend(sizes);
        self.tell();
    }

    /// The owner hears of something queued.
    fn tell(&mut self) {
        if self.running {
            self.queued = true;
        } else {
            self.wake();
        }
    }

    fn wake(&mut self) {
        self.wakes += usize::from(!self.running && !self.woken);
        self.woken = true;
    }

    fn push(&mut self, sizes: &[usize]) -> Result<Pushed, PushError> {
        if let Some(error) = self.refused() {
            if error == PushError::Overflow {
                self.wake();
            }
            return Err(error);
        }
        if !self.fits(sizes) {
            self.overflowed = true;
            self.wake();
            return Err(PushError::Overflow);
        }
        self.queue(sizes);
        Ok(Pushed { over_soft: self.bytes() > BOUNDS.soft })
    }

    fn try_push(&mut self, sizes: &[usize]) -> Result<(), PushError> {
        if let Some(error) = self.refused() {
            return Err(error);
        }
        if self.bytes() > BOUNDS.soft {
            return Err(PushError::Full);
        }
        self.queue(sizes);
        Ok(())
    }

    fn push_volatile(&mut self, sizes: &[usize]) -> Result<bool, PushError> {
        if let Some(error) = self.refused() {
            return Err(error);
        }
        let leaves = self.writable && self.bytes() == 0;
        if leaves {
            self.queue(sizes);
        }
        Ok(leaves)
    }

    fn pop(&mut self) -> usize {
        let len = self.waiting.pop_front().unwrap();
        self.taken += len;
        len
    }

    fn take(&mut self, limit: usize) -> Vec<usize> {
        let mut out = Vec::new();
        while !self.waiting.is_empty() && (out.is_empty() || out.iter().sum::<usize>() < limit) {
            out.push(self.pop());
        }
        self.queued &= !self.waiting.is_empty();
        out
    }

    /// Every frame is binary: `b` and base64 of all but the header.
    fn take_polling(&mut self, limit: usize) -> (usize, usize) {
        let (mut taken, mut body) = (0, 0);
        while let Some(len) = self.waiting.front() {
            let after = body + usize::from(body > 0) + 1 + (len - 2).div_ceil(3) * 4;
            if taken > 0 && after > limit {
                break;
            }
            (taken, body) = (taken + self.pop(), after);
        }
        (taken, body)
    }

    fn written(&mut self, bytes: usize) {
        let bytes = bytes.min(self.taken);
        self.taken -= bytes;
        self.free.1 = self.free.1.saturating_sub(bytes);
        if self.bytes() <= BOUNDS.soft {
            self.wake_room();
        }
    }

    fn wake_room(&mut self) {
        self.room_wakes += usize::from(std::mem::take(&mut self.waits_for_room));
    }

    fn close(&mut self) {
        self.closed = true;
        self.writable = false;
        self.waiting.clear();
        self.taken = 0;
        self.free = (0, 0);
        self.wake_room();
    }
}

fn groups(sizes: &[usize]) -> Group {
    let mut frames = sizes.iter().copied().map(frame);
    let first = frames.next().unwrap();
    Group::with_attachments(first, frames.collect())
}

proptest! {
    #[test]
    fn any_sequence_of_calls_does_what_the_model_does(calls in prop::collection::vec(call(), 0..80)) {
        let outbox = Outbox::new(BOUNDS);
        let mut model = Model::default();
        let (owner, owner_waker) = Counter::new();
        let (waiter, waiter_waker) = Counter::new();
        outbox.register(&owner_waker);

        for call in calls {
            match call {
                Call::Push(sizes) => prop_assert_eq!(outbox.push(groups(&sizes)), model.push(&sizes)),
                Call::TryPush(sizes) => prop_assert_eq!(outbox.try_push(groups(&sizes)), model.try_push(&sizes)),
                Call::Volatile(sizes) => {
                    prop_assert_eq!(outbox.push_volatile(groups(&sizes)), model.push_volatile(&sizes));
                }
                Call::Take(limit) => {
                    let mut out = VecDeque::new();
                    let more = outbox.take(limit, &mut out);
                    prop_assert_eq!(out.iter().map(Frame::len).collect::<Vec<_>>(), model.take(limit));
                    prop_assert_eq!(more, !model.waiting.is_empty());
                    give_back(&mut out);
                }
                Call::TakePolling(limit) => {
                    let mut body = Vec::new();
                    let taken = outbox.take_polling(limit, &mut body);
                    prop_assert_eq!((taken.bytes, body.len()), model.take_polling(limit));
                }
                Call::Written(bytes) => {
                    outbox.written(bytes);
                    model.written(bytes);
                }
                Call::Writable(on) => {
                    outbox.set_writable(on);
                    model.writable = on;
                }
                Call::Running(true) => {
                    outbox.running(true);
                    (model.running, model.queued, model.woken) = (true, false, false);
                }
                Call::Running(false) => {
                    // Stopping without having started only says whether a wake is on its way.
                    model.woken |= model.queued;
                    (model.running, model.queued) = (false, false);
                    prop_assert_eq!(outbox.running(false), model.woken);
                }
                Call::Taking => {
                    outbox.taking();
                    model.queued = false;
                }
                Call::Wake => {
                    outbox.wake();
                    model.wake();
                }
                Call::Room => {
                    let expected = match () {
                        () if model.closed => Poll::Ready(Err(Closed)),
                        () if model.bytes() <= BOUNDS.soft => Poll::Ready(Ok(())),
                        () => Poll::Pending,
                    };
                    model.waits_for_room |= expected.is_pending();
                    prop_assert_eq!(room(&outbox, &waiter_waker), expected);
                }
                Call::Closing => {
                    outbox.closing();
                    model.closing = true;
                }
                Call::Close => {
                    outbox.close();
                    model.close();
                }
            }
            prop_assert_eq!(outbox.bytes(), model.bytes());
            prop_assert_eq!(outbox.is_empty(), model.waiting.is_empty());
            prop_assert_eq!(outbox.overflowed(), model.overflowed);
            prop_assert_eq!(owner.count(), model.wakes);
            prop_assert_eq!(waiter.count(), model.room_wakes);
            if outbox.is_empty() {
                prop_assert_eq!(outbox.lock().queue.capacity(), 0);
            }
        }
    }
}
