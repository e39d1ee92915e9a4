//! The one order of a namespace's events.

mod emit;
mod keep;
mod missed;

pub use self::missed::{Missed, Search};

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use parking_lot::{Mutex, MutexGuard};
use sockeye_proto::{Group, Id, outbox::Wake};
use tokio::time::Instant;

use super::{
    Away, Budget, Claim, Recovery, Restoring,
    budget::Weight,
    log::Log,
    offset::{AFTER, Epoch},
    sessions::{Found, Sessions, State as Place},
};
use crate::{DisconnectReason, Room, Socket, observer};

/// Gives the events of one namespace their order, and keeps what its sessions need to come back.
pub struct Sequencer {
    settings: Recovery,
    epoch: Epoch,
    budget: Arc<Budget>,
    pub(super) weight: Weight,
    state: Mutex<State>,
}

struct State {
    /// The number of the last event that can be recovered.
    last: u64,
    log: Log,
    sessions: Sessions,
    /// When to look for what is too old.
    sweep: Instant,
}

/// The lock of a namespace's order. While it is held no event is sent, nobody joins or leaves a room, and none of the
/// application's code runs. What waits is woken when it is released.
pub struct Order<'a> {
    // Dropped in this order: first the lock is released, then all that must not happen under it.
    state: MutexGuard<'a, State>,
    wakes: Vec<Wake>,
    gone: Vec<Place>,
    _settle: Option<Settle<'a>>,
    sequencer: &'a Sequencer,
}

/// Looks whether too much is kept.
struct Settle<'a>(&'a Sequencer);

impl Drop for Settle<'_> {
    fn drop(&mut self) {
        self.0.budget.settle();
    }
}

impl Sequencer {
    /// The sequencer of one namespace. `epoch` tells its numbers from those of any other: random, and new each time.
    pub fn new(settings: Recovery, epoch: u32, budget: Arc<Budget>) -> Arc<Self> {
        let state =
            State { last: 0, log: Log::default(), sessions: Sessions::default(), sweep: Instant::now() };
        let sequencer = Arc::new(Self {
            settings,
            epoch: Epoch(epoch),
            weight: Weight::default(),
            state: Mutex::new(state),
            budget,
        });
        sequencer.budget.register(Arc::downgrade(&sequencer));
        sequencer
    }

    /// Whether the secret of a session is enough, and no admission is asked.
    pub const fn trusts_sessions(&self) -> bool {
        self.settings.trusts_sessions()
    }

    /// Whether somebody is here, leaving or away: something would be lost with this namespace. What is too old may still
    /// count, see [`sweep`](Self::sweep); nothing is dropped by asking.
    pub fn keeps_sessions(&self) -> bool {
        !self.state.lock().sessions.is_empty()
    }

    /// Drops what is too old, with values of the application in it: hold no lock.
    pub fn sweep(&self) {
        let mut order = self.lock();
        order.sweep(Instant::now());
    }

    /// Takes the lock.
    pub fn lock(&self) -> Order<'_> {
        let mut order = Order { _settle: Some(Settle(self)), ..self.lock_unsettled() };
        let now = Instant::now();
        if now >= order.state.sweep {
            order.sweep(now);
        }
        order
    }

    fn lock_unsettled(&self) -> Order<'_> {
        let state = self.state.lock();
        Order { state, wakes: Vec::new(), gone: Vec::new(), _settle: None, sequencer: self }
    }

    /// Somebody shows the secret of a session. Of several, the first has it.
    pub fn claim(self: &Arc<Self>, pid: Id) -> Claim {
        let mut order = self.lock();
        match order.state.sessions.claim(pid) {
            Found::Away(away) => {
                self.weigh_out(away.cost(), 1);
                // Swept only now and then, so it may be late.
                if away.since + self.settings.away < Instant::now() {
                    order.gone.push(Place::Away(away));
                    return Claim::Denied;
                }
                Claim::Granted(Restoring::new(self.clone(), away))
            }
            Found::Later(comes, socket) => Claim::Later(comes, socket),
            Found::Nothing => Claim::Denied,
        }
    }

    /// The disconnect handler of a socket that has left is done. `data` is what it had, as the text of a JSON object. Its
    /// session is away from now on, or goes to the one who waits for it.
    pub fn left(self: &Arc<Self>, socket: &Socket, data: Option<Arc<str>>) {
        let Some(pid) = socket.member().and_then(|member| member.with(|track| track.pid)) else { return };
        // The application's code, so not under the lock.
        let cloned = catch_unwind(AssertUnwindSafe(|| {
            if self.trusts_sessions() { socket.locals().cloned() } else { None }
        }));
        let mut order = self.lock();
        let locals = match cloned {
            Ok(locals) => locals,
            Err(panic) => {
                // Without what its admission has left nobody may go on with it.
                order.gone.extend(order.state.sessions.remove(pid));
                drop(order);
                return observer::discard(panic);
            }
        };
        let Some((mut away, heir)) = order.state.sessions.left(pid) else { return };
        away.data = data;
        away.locals = locals.unwrap_or_default();
        match heir {
            None => order.park(away),
            Some(heir) => {
                drop(order);
                // Who does not wait any longer drops it, and then it is away.
                drop(heir.send(Restoring::new(self.clone(), away)));
            }
        }
    }

    /// Nobody went on with it after all.
    pub(super) fn put_back(&self, away: Box<Away>) {
        let mut order = self.lock();
        if away.since + self.settings.away < Instant::now() {
            order.gone.push(Place::Away(away));
        } else {
            order.park(away);
        }
    }

    fn weigh_in(&self, bytes: usize, sessions: usize) {
        self.weight.add(bytes, sessions);
        self.budget.total.add(bytes, sessions);
    }

    fn weigh_out(&self, bytes: usize, sessions: usize) {
        self.weight.sub(bytes, sessions);
        self.budget.total.sub(bytes, sessions);
    }
}

/// Who comes and goes.
impl Order<'_> {
    /// A socket has joined, with the secret `pid`. To be called before it is in its rooms.
    pub fn joined(&mut self, socket: &Socket, pid: Id) {
        let Some(member) = socket.member() else { return };
        let last = self.state.last;
        member.with(|track| (track.pid, track.start) = (Some(pid), last));
        self.state.sessions.open(pid, socket.id());
    }

    /// A socket has joined that goes on with a session, and what it has [missed](Self::missed), up to event number `last`,
    /// is queued. To be called before it is in its rooms. `false`: the session has been taken already.
    pub fn resumed(&mut self, socket: &Socket, restoring: &mut Restoring, last: u64) -> bool {
        let (Some(member), Some(away)) = (socket.member(), restoring.take()) else { return false };
        member.address(last);
        member.set_recovered();
        member.with(|track| {
            track.pid = Some(away.pid);
            track.start = away.start;
            track.history = away.history.clone();
        });
        self.state.sessions.open(away.pid, socket.id());
        self.gone.push(Place::Away(away));
        true
    }

    /// A socket has joined a room, or left one, in which it was not, or was.
    pub fn changed(&mut self, socket: &Socket, room: &Room, joined: bool) {
        let Some(member) = socket.member() else { return };
        let (last, floor) = (self.state.last, self.state.log.floor());
        member.with(|track| {
            // One that has not joined the namespace was nowhere before.
            if track.pid.is_some() {
                track.history.forget(floor);
                track.history.record(last, room.clone(), joined);
            }
        });
    }

    /// A socket has left the namespace; `rooms` are those it was in. It may come back if `reason` allows it, once
    /// [`Sequencer::left`] is called.
    pub fn leave(&mut self, socket: &Socket, rooms: &[Room], reason: DisconnectReason) {
        let Some(member) = socket.member() else { return };
        let track = member.with(|track| track.clone());
        let Some(pid) = track.pid else { return };
        if !reason.is_recoverable() {
            self.gone.extend(self.state.sessions.remove(pid));
            return;
        }
        let away = Away {
            pid,
            id: socket.id(),
            rooms: rooms.to_vec(),
            data: None,
            locals: http::Extensions::new(),
            subject: socket.admitted().cloned(),
            start: track.start,
            addressed: member.addressed(),
            gone: self.state.last,
            history: track.history,
            since: Instant::now(),
        };
        self.state.sessions.leave(Box::new(away));
    }

    fn park(&mut self, away: Box<Away>) {
        self.sequencer.weigh_in(away.cost(), 1);
        self.state.sessions.park(away);
    }

    fn stamp(&self, group: Group, seq: u64) -> Group {
        group.stamped(self.sequencer.epoch.text(seq).as_bytes(), AFTER)
    }
}

impl fmt::Debug for Sequencer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sequencer").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl fmt::Debug for Order<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Order").field("last", &self.state.last).finish_non_exhaustive()
    }
}
