//! Ending all sessions without losing what is queued.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicIsize, AtomicUsize, Ordering},
    },
    time::Duration,
};

use sockeye_proto::engine::{Close, CloseReason};
use tokio::{
    sync::{Notify, watch},
    time::{Instant, sleep_until, timeout_at},
};

use crate::{engine::EngineState, inbox::Command, sessions::Sessions};

/// How a shutdown went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Sessions that ended after the shutdown began.
    pub closed: usize,
    /// Of these, the ones whose queued packets had all been handed to their transport.
    pub flushed: usize,
    /// Of these, the ones that were cut with packets still waiting.
    pub aborted: usize,
}

/// Whether the engine is shutting down, and how many tasks of sessions are left.
#[derive(Default)]
pub(crate) struct Shutdown {
    begun: AtomicBool,
    /// Less those that are excused, which may be gone sooner than their excuse.
    tasks: AtomicIsize,
    flushed: AtomicUsize,
    aborted: AtomicUsize,
    task_ended: Notify,
    /// When everything has to have ended, once the time is over.
    last: watch::Sender<Option<Instant>>,
}

impl Shutdown {
    pub(crate) fn begin(&self) {
        self.begun.store(true, Ordering::SeqCst);
    }

    pub(crate) fn has_begun(&self) -> bool {
        self.begun.load(Ordering::SeqCst)
    }

    /// Counts a session that ended; only those after the beginning are reported.
    pub(crate) fn session_ended(&self, flushed: bool) {
        if self.has_begun() {
            let counter = if flushed { &self.flushed } else { &self.aborted };
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    async fn until_no_task_is_left(&self) {
        loop {
            let ended = self.task_ended.notified();
            if self.tasks.load(Ordering::Acquire) <= 0 {
                return;
            }
            ended.await;
        }
    }

    fn one_less(&self) {
        if self.tasks.fetch_sub(1, Ordering::AcqRel) <= 1 {
            self.task_ended.notify_waiters();
        }
    }

    fn report(&self) -> Report {
        let (flushed, aborted) = (self.flushed.load(Ordering::Relaxed), self.aborted.load(Ordering::Relaxed));
        Report { closed: flushed + aborted, flushed, aborted }
    }
}

/// Held by whatever still works for a session; a shutdown waits for it.
pub(crate) struct Alive(Arc<Shutdown>);

impl Alive {
    pub(crate) fn new(shutdown: &Arc<Shutdown>) -> Self {
        shutdown.tasks.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(shutdown))
    }

    /// Waits until a shutdown has run out of its time; until when the last word has to be said then.
    pub(crate) fn cut(&self) -> impl Future<Output = std::time::Instant> + Send + 'static + use<> {
        let mut last = self.0.last.subscribe();
        async move {
            let until = last.wait_for(Option::is_some).await.ok().and_then(|until| *until);
            match until {
                Some(until) => until.into_std(),
                // There is no engine any more that could shut down.
                None => std::future::pending().await,
            }
        }
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.one_less();
    }
}

/// One session's task is not waited for by shutdowns, as long as this lives: something in it waits for the shutdown.
#[must_use = "the session is waited for again when this is dropped"]
pub struct Excused(Arc<Shutdown>);

impl Excused {
    pub(crate) fn new(shutdown: &Arc<Shutdown>) -> Self {
        shutdown.one_less();
        Self(Arc::clone(shutdown))
    }
}

impl Drop for Excused {
    fn drop(&mut self) {
        self.0.tasks.fetch_add(1, Ordering::AcqRel);
    }
}

impl fmt::Debug for Excused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Excused").finish_non_exhaustive()
    }
}

pub(crate) async fn shut_down<H>(engine: Arc<EngineState<H>>, grace: Duration) -> Report {
    let shutdown = Arc::clone(&engine.shutdown);
    let deadline = Instant::now() + grace.min(LONGEST);
    let gentle = async {
        ask_in_batches(&engine).await;
        shutdown.until_no_task_is_left().await;
    };
    if timeout_at(deadline, gentle).await.is_err() {
        let now = Instant::now();
        tell(&engine.sessions, Close::Now(CloseReason::ServerShuttingDown));
        // Of sessions that have ended handlers may be under way.
        shutdown.last.send_replace(Some(now + LAST_WORDS));
        // The tasks need one more turn each. A handler that never returns does not hold up the process.
        let _ = timeout_at(now + CUT, shutdown.until_no_task_is_left()).await;
    }
    shutdown.report()
}

/// Spreads the closes over time, so that not all clients come back to another server in one moment.
async fn ask_in_batches<H>(engine: &EngineState<H>) {
    let settings = &engine.settings;
    let mut next = Instant::now();
    for batch in engine.sessions.all().chunks(settings.drain_batch) {
        sleep_until(next).await;
        for session in batch {
            session.command(Command::Close(Close::Graceful(CloseReason::ServerShuttingDown)));
        }
        next += settings.drain_every;
    }
}

fn tell(sessions: &Sessions, close: Close) {
    for session in sessions.all() {
        session.command(Command::Close(close));
    }
}

/// Keeps the arithmetic with instants far from its limits, for `Duration::MAX` is how callers say "as long as it takes".
const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

/// How long disconnect handlers may take when the time is over.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// How long sessions that are cut may take to notice.
const CUT: Duration = Duration::from_secs(1);
