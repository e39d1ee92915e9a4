//! What attacks need beyond the support: turns of the runtime that are counted, chance that repeats itself.

use std::{
    cell::Cell,
    future::poll_fn,
    sync::{
        Arc, Once,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
    time::Duration,
};

use sockeye::{Data, Namespace};
use tokio::{task::JoinHandle, time::sleep};

use crate::support::Peer;

/// A number that handlers count up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counter(Arc<AtomicUsize>);

impl Counter {
    pub(crate) fn count(&self) -> usize {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }

    pub(crate) fn get(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// A namespace whose event `a` is counted, and whose event `quick` answers how many had been by then.
pub(crate) fn counts(counter: &Counter) -> Namespace {
    let (counted, asked) = (counter.clone(), counter.clone());
    Namespace::new()
        .on("a", async move || {
            counted.count();
        })
        .on("quick", async move || Data(asked.get()))
}

/// Watches a counter, turn by turn of the runtime.
///
/// Tasks that are ready are polled one after the other, each once a turn, and this is one of them: so what a single
/// task counts between two turns is what it does in one poll. Nothing but what is ready happens meanwhile, for a
/// runtime that has something to do does not move its paused clock.
#[derive(Debug)]
pub(crate) struct Turns {
    turns: Counter,
    most: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Turns {
    pub(crate) fn watch(counter: &Counter) -> Self {
        let (turns, most) = (Counter::default(), Arc::new(AtomicUsize::new(0)));
        let (counter, turned, found) = (counter.clone(), turns.clone(), most.clone());
        let mut before = counter.get();
        let task = tokio::spawn(poll_fn(move |cx| {
            let now = counter.get();
            found.fetch_max(now - before, Ordering::SeqCst);
            before = now;
            turned.count();
            cx.waker().wake_by_ref();
            Poll::Pending
        }));
        Self { turns, most, task }
    }

    /// How many turns there have been.
    pub(crate) fn count(&self) -> usize {
        self.turns.get()
    }

    /// The most that was counted in one turn.
    pub(crate) fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }

    /// Lets turns go by until `condition` comes true; answers how many. A hundred thousand are too many.
    ///
    /// To be called by a task: the test itself is not polled in each turn.
    pub(crate) async fn until(&self, condition: impl Fn() -> bool) -> usize {
        let start = self.count();
        poll_fn(|cx| {
            if condition() {
                return Poll::Ready(());
            }
            assert!(self.count() - start < 100_000, "it does not come true");
            cx.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
        self.count() - start
    }
}

impl Drop for Turns {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// How many turns a request and its answer take. The namespace is that of [`counts`].
pub(crate) async fn trip(peer: &mut Peer, turns: &Turns) -> usize {
    let before = turns.count();
    peer.send(r#"421["quick"]"#).await;
    assert!(peer.packet().await.starts_with("431["));
    turns.count() - before
}

/// Whether `condition` comes true within ten minutes of the paused clock.
pub(crate) async fn eventually(condition: impl Fn() -> bool) -> bool {
    for _ in 0..6_000 {
        if condition() {
            return true;
        }
        sleep(Duration::from_millis(100)).await;
    }
    condition()
}

/// Chance that a seed repeats.
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// A number below `sides`.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides).unwrap()).unwrap()
    }

    pub(crate) fn choose<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }
}

/// How many panics this thread has had. A test and all that it spawns run on one, so a panic that the server survives
/// is found all the same.
pub(crate) fn panics() -> usize {
    thread_local! {
        static PANICS: Cell<usize> = const { Cell::new(0) };
    }
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            PANICS.set(PANICS.get() + 1);
            before(panic);
        }));
    });
    PANICS.get()
}
