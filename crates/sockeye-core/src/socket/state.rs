//! What all handles of one socket share.

use std::{
    fmt,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering},
    },
};

use http::Extensions;
use parking_lot::{Mutex, RwLock};
use sockeye_proto::{Id, Outbox, Payload, socket::encode};

use super::{SessionControl, SocketExtensions, acks::PendingAcks, answer::Takeovers, listeners::Listeners};
use crate::{DisconnectReason, NamespaceContext, Room, handshake::Handshake, recovery::Member};

/// What a socket is made of.
pub struct SocketInit {
    /// Its public name.
    pub id: Id,
    /// What it shares with the other sockets of its namespace.
    pub namespace: Arc<NamespaceContext>,
    /// What waits to be written to its session.
    pub outbox: Arc<Outbox>,
    /// The session itself.
    pub session: Arc<dyn SessionControl>,
    /// The request that opened the session.
    pub handshake: Arc<Handshake>,
    /// What the client sent along: the text of a JSON object.
    pub auth: Payload,
}

impl fmt::Debug for SocketInit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SocketInit").field("id", &self.id).finish_non_exhaustive()
    }
}

/// In the order of the fields: what each delivery of a broadcast looks at comes first, beside the count of handles.
#[repr(C)]
pub(crate) struct SocketState {
    pub(super) namespace: Arc<NamespaceContext>,
    pub(super) outbox: Arc<Outbox>,
    extras: OnceLock<Box<Extras>>,
    phase: AtomicU8,
    /// The session waits for an event to enter.
    pub(super) entry_awaited: AtomicBool,
    pub(super) id: Id,
    pub(super) session: Arc<dyn SessionControl>,
    pub(super) handshake: Arc<Handshake>,
    /// Most clients send none, and then it is nothing.
    auth: Option<Box<Payload>>,
    /// Written once, by the admission; read without a lock ever after.
    pub(super) locals: OnceLock<Extensions>,
    pub(super) extensions: SocketExtensions,
    /// The highest number of an event that has entered its handler.
    pub(super) entered: AtomicU64,
    /// Boxed: most of the time it is there.
    pub(super) left: OnceLock<Box<Left>>,
    /// What it needs for its return; nothing where recovery is off.
    pub(super) member: Option<Box<Member>>,
}

/// What most sockets do without. Made when the first of it is used.
#[derive(Default)]
pub(super) struct Extras {
    /// Values of `Handshake<T>`, extracted once.
    pub(super) extracted: RwLock<Extensions>,
    /// A JSON object; nothing while it has no fields.
    pub(super) data: Mutex<Option<Arc<str>>>,
    pub(super) acks: PendingAcks,
    pub(super) takeovers: Takeovers,
    pub(super) listeners: OnceLock<Box<Listeners>>,
}

/// How a socket has left.
pub(super) struct Left {
    pub(super) reason: DisconnectReason,
    /// The rooms it was in, until its disconnect handler has ended.
    pub(super) rooms: Mutex<Box<[Room]>>,
}

impl SocketState {
    pub(super) fn new(init: SocketInit) -> Self {
        let SocketInit { id, namespace, outbox, session, handshake, auth } = init;
        let member = namespace.sequencer().map(|_| Box::default());
        Self {
            id,
            phase: AtomicU8::new(JOINING),
            namespace,
            outbox,
            session,
            handshake,
            auth: (auth != Payload::EMPTY_OBJECT).then(|| Box::new(auth)),
            locals: OnceLock::new(),
            extensions: SocketExtensions::default(),
            extras: OnceLock::new(),
            entered: AtomicU64::new(0),
            entry_awaited: AtomicBool::new(false),
            left: OnceLock::new(),
            member,
        }
    }

    /// What the client sent along.
    pub(super) fn auth(&self) -> &Payload {
        static NONE: Payload = Payload::EMPTY_OBJECT;
        self.auth.as_deref().unwrap_or(&NONE)
    }

    /// What is there of it.
    pub(super) fn extras(&self) -> Option<&Extras> {
        self.extras.get().map(|extras| &**extras)
    }

    /// To put something in.
    pub(super) fn extras_or_new(&self) -> &Extras {
        self.extras.get_or_init(Box::default)
    }

    pub(super) fn is_joined(&self) -> bool {
        self.phase.load(Ordering::Acquire) == JOINED
    }

    /// It may be emitted to: it has joined or is about to, and has not been asked to leave.
    pub(super) fn takes_events(&self) -> bool {
        self.phase.load(Ordering::Acquire) <= JOINED
    }

    /// `false`: it has left meanwhile.
    pub(super) fn join(&self) -> bool {
        self.phase.compare_exchange(JOINING, JOINED, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// The server's side asks it to leave.
    pub(super) fn leave(&self) {
        let before = self.phase.fetch_max(LEAVING, Ordering::AcqRel);
        if before >= LEAVING {
            return;
        }
        if before == JOINED {
            // A session that takes no more packets is about to end by itself.
            let _ = self.outbox.push(encode::disconnect(self.namespace.name()));
        }
        self.session.disconnect(self.id);
    }

    /// Whether it has left.
    pub(super) fn is_gone(&self) -> bool {
        self.phase.load(Ordering::Acquire) == LEFT
    }

    /// It has left.
    pub(super) fn gone(&self) {
        self.phase.store(LEFT, Ordering::Release);
    }
}

// In the order in which a socket goes through them.
const JOINING: u8 = 0;
const JOINED: u8 = 1;
/// Asked to leave by the server; its DISCONNECT is queued, so that nothing may follow it.
const LEAVING: u8 = 2;
const LEFT: u8 = 3;

#[cfg(test)]
mod tests {
    use super::*;

    /// An idle server has one for each of its clients: 152 bytes and the two counts of an `Arc` fill eleven lines of 16.
    #[test]
    fn an_idle_socket_pays_for_little_that_it_does_not_use() {
        assert!(size_of::<SocketState>() <= 152, "{}", size_of::<SocketState>());
    }
}
