//! What sockets ask of their session, from any task.

use std::{fmt, sync::Arc, time::Duration};

use parking_lot::Mutex;
use sockeye_core::{Id, SessionControl, Transport};
use sockeye_engine::Sender;

use super::waits::Waits;

/// The session's end of every [`Socket`](crate::Socket): requests wait here until the session's task looks at them.
pub(super) struct Control {
    sender: Sender,
    /// Boxed: mostly there are none.
    requests: Mutex<Option<Box<Requests>>>,
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
        Arc::new(Self { sender, requests: Mutex::default(), waits: Waits::default() })
    }

    pub(super) const fn sender(&self) -> &Sender {
        &self.sender
    }

    pub(super) fn take(&self) -> Requests {
        self.requests.lock().take().map_or_else(Requests::default, |requests| *requests)
    }
}

impl SessionControl for Control {
    fn disconnect(&self, socket: Id) {
        self.requests.lock().get_or_insert_default().leave.push(socket);
        self.wake();
    }

    fn close(&self) {
        self.requests.lock().get_or_insert_default().close = true;
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
