//! What a session tells its sockets.

use std::sync::{
    Arc,
    atomic::{Ordering, fence},
};

use http::Extensions;
use parking_lot::Mutex;
use sockeye_proto::{Group, socket::Arguments};

use super::{Socket, state::Left};
use crate::{AckError, Delivery, DisconnectReason, Room};

/// For the crates that run sessions and namespaces.
impl Socket {
    /// The client is admitted; `locals` is what the admission has left. `false`: the socket has left, or was asked to,
    /// before that.
    pub fn joined(&self, locals: Extensions) -> bool {
        // First the locals, for a socket that is seen as connected has them.
        self.0.locals.set(locals).is_ok() && self.0.join()
    }

    /// The socket has left the namespace and its rooms, which were `rooms`. `false`: it had left before, and nothing
    /// changes; so of two that race, one runs the disconnect handler.
    ///
    /// Emits are refused from now on, acks that are awaited fail, and [`rooms`](Self::rooms) answers from `rooms`.
    pub fn left(&self, reason: DisconnectReason, rooms: Vec<Room>) -> bool {
        // Rooms and reason first: whoever sees that the socket is gone sees them too.
        let left = Left { reason, rooms: Mutex::new(rooms.into()) };
        let won = self.0.left.set(Box::new(left)).is_ok();
        self.0.gone();
        // Whoever comes to wait for an ack at this moment sees that it is gone, or is seen here.
        fence(Ordering::SeqCst);
        if won && let Some(extras) = self.0.extras() {
            extras.acks.fail_all(|| AckError::Disconnected, true);
        }
        won
    }

    /// The disconnect handler has ended, so nobody asks for its rooms any more, nor for what was kept for handlers and
    /// listeners.
    pub fn forget(&self) {
        let rooms = self.0.left.get().map(|left| std::mem::take(&mut *left.rooms.lock()));
        let extracted = self.0.extras().map(|extras| std::mem::take(&mut *extras.extracted.write()));
        // Values of the application are dropped with no lock held.
        drop((rooms, extracted));
        self.drop_listeners();
    }

    /// There is something for its session to look at.
    pub fn wake(&self) {
        self.0.session.wake();
    }

    /// The session cannot read on for a while: whoever waits for an answer of this client gives up now.
    pub fn stalled(&self) {
        if let Some(extras) = self.0.extras() {
            extras.acks.fail_all(|| AckError::Stalled, false);
        }
    }

    /// An ack has come. `false`: nobody waits for it (any longer), and it is ignored.
    pub fn acknowledge(&self, id: u64, arguments: Arguments) -> bool {
        self.0.extras().is_some_and(|extras| extras.acks.answer(id, arguments))
    }

    /// Queues a packet of a broadcast; never waits. `false`: it was dropped, because the socket is gone, or volatile
    /// and busy, or so slow that its session ends now.
    pub fn deliver(&self, group: &Group, delivery: Delivery) -> bool {
        if !self.0.takes_events() {
            return false;
        }
        let group = group.clone().compress(delivery.compress);
        if delivery.volatile {
            return self.push_volatile(group).unwrap_or(false);
        }
        self.push(group).is_ok()
    }

    /// Whether event number `seq`, or a later one, has entered its handler's body. If not, the session is woken when it
    /// does.
    pub fn has_entered(&self, seq: u64) -> bool {
        // Most events enter while the session's own task runs them, and need no wake. Asking is announced before looking
        // again, and entering happens before looking whether somebody asks: one of the two sees the other.
        if self.0.entered.load(Ordering::SeqCst) >= seq {
            return true;
        }
        self.0.entry_awaited.store(true, Ordering::SeqCst);
        self.0.entered.load(Ordering::SeqCst) >= seq
    }

    pub(crate) fn enter(&self, seq: u64) {
        self.0.entered.fetch_max(seq, Ordering::SeqCst);
        if self.0.entry_awaited.load(Ordering::SeqCst) && self.0.entry_awaited.swap(false, Ordering::SeqCst) {
            self.0.session.wake();
        }
    }

    /// A value that was extracted from the handshake before.
    pub(crate) fn extracted<T: Clone + Send + Sync + 'static>(&self) -> Option<T> {
        let value = self.0.extras()?.extracted.read().get::<Arc<T>>().cloned();
        // The clone of the value is the application's code, so it runs after the lock is released.
        value.map(|value| T::clone(&value))
    }

    pub(crate) fn keep_extracted<T: Clone + Send + Sync + 'static>(&self, value: T) {
        let old = self.0.extras_or_new().extracted.write().insert(Arc::new(value));
        drop(old);
    }
}
