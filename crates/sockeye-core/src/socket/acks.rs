//! The acks that a socket owes.

use std::{
    collections::BTreeMap,
    mem,
    sync::atomic::{Ordering, fence},
};

use parking_lot::Mutex;
use sockeye_proto::{Id, socket::Arguments};
use tokio::sync::{mpsc, oneshot};

use super::Socket;
use crate::{AckError, EmitError};

/// What became of an awaited ack.
pub(crate) type Answer = Result<Arguments, AckError>;

/// Whom an ack is for.
pub(crate) enum Waiter {
    /// One emit to one socket.
    One(oneshot::Sender<Answer>),
    /// A broadcast, of which this socket is a member.
    Broadcast(Id, mpsc::UnboundedSender<(Id, Answer)>),
}

impl Waiter {
    pub(crate) fn one() -> (Self, oneshot::Receiver<Answer>) {
        let (sender, receiver) = oneshot::channel();
        (Self::One(sender), receiver)
    }

    /// Whoever does not listen any longer misses nothing.
    fn tell(self, answer: Answer) {
        match self {
            Self::One(waiter) => drop(waiter.send(answer)),
            Self::Broadcast(socket, waiter) => drop(waiter.send((socket, answer))),
        }
    }
}

/// The acks of one socket that somebody waits for, by id. Empty, it owns no allocation.
#[derive(Default)]
pub(super) struct PendingAcks(Mutex<State>);

#[derive(Default)]
struct State {
    closed: bool,
    waiting: BTreeMap<u64, Waiter>,
}

impl PendingAcks {
    pub(super) fn answer(&self, id: u64, arguments: Arguments) -> bool {
        // Waking is done with no lock held: it may run anything.
        let waiter = self.0.lock().waiting.remove(&id);
        let awaited = waiter.is_some();
        if let Some(waiter) = waiter {
            waiter.tell(Ok(arguments));
        }
        awaited
    }

    /// Tells all that wait, and when `close`, refuses those that come later.
    pub(super) fn fail_all(&self, error: impl Fn() -> AckError, close: bool) {
        let mut state = self.0.lock();
        state.closed |= close;
        let waiting = mem::take(&mut state.waiting);
        drop(state);
        for waiter in waiting.into_values() {
            waiter.tell(Err(error()));
        }
    }

    fn expect(&self, id: u64, waiter: Waiter, most: usize) -> Result<(), AckError> {
        let mut state = self.0.lock();
        if state.closed {
            return Err(EmitError::Closed.into());
        }
        if state.waiting.len() >= most {
            return Err(EmitError::Full.into());
        }
        state.waiting.insert(id, waiter);
        Ok(())
    }
}

impl Socket {
    /// Registers that somebody waits for an ack.
    pub(crate) fn expect_ack(&self, id: u64, waiter: Waiter) -> Result<(), AckError> {
        let acks = &self.0.extras_or_new().acks;
        // Either whoever ends the socket sees that there are acks to fail, or here it is seen that it has ended.
        fence(Ordering::SeqCst);
        if self.0.is_gone() {
            return Err(EmitError::Closed.into());
        }
        acks.expect(id, waiter, self.0.namespace.config().max_pending_acks)
    }

    /// Nobody waits for this ack any longer.
    pub(crate) fn forget_ack(&self, id: u64) {
        let waiter = self.0.extras().and_then(|extras| extras.acks.0.lock().waiting.remove(&id));
        drop(waiter);
    }

    /// How many acks are awaited.
    pub fn pending_acks(&self) -> usize {
        self.0.extras().map_or(0, |extras| extras.acks.0.lock().waiting.len())
    }
}
