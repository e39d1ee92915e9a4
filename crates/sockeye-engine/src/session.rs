//! The part of a session that others than its task may touch.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use parking_lot::Mutex;
use sockeye_proto::{
    SessionId,
    engine::{Conn, Req, Transport},
    outbox::{Bounds, Outbox},
};

use crate::{
    inbox::{Command, Inbox},
    places::Place,
    seat::Seat,
};

/// Shared by the registry, the requests under way and every `Sender`. Owns nothing of the transport, so that a
/// handle kept for ever costs a few hundred bytes and no connection.
pub(crate) struct SessionState {
    id: SessionId,
    outbox: Arc<Outbox>,
    inbox: Mutex<Inbox>,
    websocket: AtomicBool,
    /// Whether the machine would take a websocket: it polls, is not ending, and nobody probes.
    may_upgrade: AtomicBool,
    /// Whether the machine would take packets at this moment.
    may_decode: AtomicBool,
    /// A websocket is on its way to the machine: a second one is refused before its 101.
    upgrade_claimed: AtomicBool,
    closed: AtomicBool,
    /// Commands wait in the inbox. Changed under its lock and read without: mostly none do.
    commanded: AtomicBool,
    /// Nanoseconds; `u64::MAX` before the first pong.
    latency: AtomicU64,
    names: AtomicU64,
    /// Held until somebody claims the session. Boxed: for most of its life there is none.
    place: Mutex<Option<Box<Place>>>,
    seat: Mutex<Seat>,
}

impl SessionState {
    pub(crate) fn new(id: SessionId, transport: Transport, bounds: Bounds) -> Self {
        Self {
            id,
            outbox: Arc::new(Outbox::new(bounds)),
            inbox: Mutex::default(),
            websocket: AtomicBool::new(transport == Transport::WebSocket),
            may_upgrade: AtomicBool::new(false),
            may_decode: AtomicBool::new(false),
            upgrade_claimed: AtomicBool::new(false),
            closed: AtomicBool::new(false),
            commanded: AtomicBool::new(false),
            latency: AtomicU64::new(u64::MAX),
            names: AtomicU64::new(0),
            place: Mutex::default(),
            seat: Mutex::default(),
        }
    }

    pub(crate) const fn id(&self) -> &SessionId {
        &self.id
    }

    pub(crate) const fn outbox(&self) -> &Arc<Outbox> {
        &self.outbox
    }

    pub(crate) const fn seat(&self) -> &Mutex<Seat> {
        &self.seat
    }

    pub(crate) fn transport(&self) -> Transport {
        if self.websocket.load(Ordering::Relaxed) { Transport::WebSocket } else { Transport::Polling }
    }

    pub(crate) fn upgraded(&self) {
        self.websocket.store(true, Ordering::Relaxed);
    }

    pub(crate) fn latency(&self) -> Option<Duration> {
        match self.latency.load(Ordering::Relaxed) {
            u64::MAX => None,
            nanos => Some(Duration::from_nanos(nanos)),
        }
    }

    /// What the machine says, for those who cannot ask it.
    pub(crate) fn publish(&self, may_upgrade: bool, may_decode: bool) {
        self.may_upgrade.store(may_upgrade, Ordering::Release);
        self.may_decode.store(may_decode, Ordering::Relaxed);
    }

    /// Whether the machine would take packets, when it last said so.
    pub(crate) fn may_decode(&self) -> bool {
        self.may_decode.load(Ordering::Relaxed)
    }

    /// A pong has come.
    pub(crate) fn measured(&self, latency: Duration) {
        let nanos = u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX - 1);
        self.latency.store(nanos, Ordering::Relaxed);
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Keeps its place among those that nobody has claimed.
    pub(crate) fn occupy(&self, place: Place) {
        *self.place.lock() = Some(Box::new(place));
    }

    /// The client has shown who it is, or is gone.
    pub(crate) fn claimed(&self) {
        let place = self.place.lock().take();
        drop(place);
    }

    /// A name for one HTTP request.
    pub(crate) fn name_request(&self) -> Req {
        Req(self.names.fetch_add(1, Ordering::Relaxed))
    }

    /// A name for one websocket.
    pub(crate) fn name_socket(&self) -> Conn {
        Conn(self.names.fetch_add(1, Ordering::Relaxed))
    }

    /// Reserves the one place for a websocket that is not yet the transport.
    pub(crate) fn claim_upgrade(self: &Arc<Self>) -> Option<Claim> {
        if self.upgrade_claimed.swap(true, Ordering::AcqRel) {
            return None;
        }
        let claim = Claim { session: Arc::clone(self) };
        // Read after the claim: whoever held it before has published by then.
        self.may_upgrade.load(Ordering::Acquire).then_some(claim)
    }

    /// Puts a command into the inbox and wakes the session's task. Hands it back when the session has ended.
    pub(crate) fn command(&self, command: Command) -> Option<Command> {
        let mut inbox = self.inbox.lock();
        let refused = inbox.push(command);
        self.commanded.store(true, Ordering::Release);
        drop(inbox);
        if refused.is_none() {
            self.outbox.wake();
        }
        refused
    }

    /// The oldest command, for the session's task.
    pub(crate) fn next_command(&self) -> Option<Command> {
        if !self.commanded.load(Ordering::Acquire) {
            return None;
        }
        let mut inbox = self.inbox.lock();
        let command = inbox.pop();
        if command.is_none() {
            self.commanded.store(false, Ordering::Release);
        }
        command
    }

    /// Takes no more commands and no more packets; what still waits is dropped, outside the lock.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.outbox.close();
        self.claimed();
        let left = self.inbox.lock().close();
        for command in left {
            command.refuse();
        }
    }
}

/// The reserved place of a websocket; dropped when the machine knows of it, or it never came.
pub(crate) struct Claim {
    session: Arc<SessionState>,
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.session.upgrade_claimed.store(false, Ordering::Release);
    }
}
