//! What sockets ask of their session, from any task.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use parking_lot::Mutex;
use sockeye_core::{Id, SessionControl, Transport};
use sockeye_engine::Sender;

use super::waits::Waits;

/// The session's end of every [`Socket`](crate::Socket): requests wait here until the session's task looks at them.
pub(super) struct Control {
    sender: Sender,
    /// Boxed: mostly there are none.
    requests: Mutex<Option<Box<Requests>>>,
    /// Something was asked for since the last look; read without the lock, for mostly nothing was.
    asked: AtomicBool,
    pub(super) waits: Waits,
}

/// What was asked for since the last look. Nothing is allocated while nothing is.
#[derive(Default)]
pub(super) struct Requests {
    /// Sockets that leave their namespace.
    pub(super) leave: Vec<Id>,
    /// The whole session is to end.
    pub(super) close: bool,
}

impl Control {
    pub(super) fn new(sender: Sender) -> Arc<Self> {
        Arc::new(Self {
            sender,
            requests: Mutex::default(),
            asked: AtomicBool::new(false),
            waits: Waits::default(),
        })
    }

    pub(super) const fn sender(&self) -> &Sender {
        &self.sender
    }

    /// Whether there is something to [take](Self::take).
    pub(super) fn is_asked(&self) -> bool {
        self.asked.load(Ordering::Acquire)
    }

    pub(super) fn take(&self) -> Requests {
        // Before they are taken: what comes in between is looked at twice, and never missed.
        self.asked.store(false, Ordering::Release);
        self.requests.lock().take().map_or_else(Requests::default, |requests| *requests)
    }
}

impl SessionControl for Control {
    fn disconnect(&self, socket: Id) {
        self.requests.lock().get_or_insert_default().leave.push(socket);
        self.asked.store(true, Ordering::Release);
        self.wake();
    }

    fn close(&self) {
        self.requests.lock().get_or_insert_default().close = true;
        self.asked.store(true, Ordering::Release);
        self.wake();
    }

    fn wake(&self) {
        self.sender.outbox().wake();
    }

    fn transport(&self) -> Transport {
        self.sender.transport()
    }

    fn latency(&self) -> Option<Duration> {
        self.sender.latency()
    }
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control").finish_non_exhaustive()
    }
}
