//! One socket's way through its namespace: admission, connect handler, events in their order, disconnect handler.

mod events;
mod hooks;
mod restore;
mod stage;

use std::{
    collections::VecDeque,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use futures_util::FutureExt as _;
use http::Extensions;
use serde::Serialize;
use serde_json::Value;
use sockeye_core::{DisconnectReason, Id, Socket};
use sockeye_proto::socket::{Slot, encode};
use tracing::{Span, debug_span};

pub(super) use self::restore::Shown;
use self::{hooks::LaneHooks, restore::Restore, stage::Stage};
use super::{clock::Clock, running::Parked, waiting::Waiting};
use crate::{
    admit::{self, Verdict},
    catch::{Caught, catch},
    sites::{Seat, Site},
};

/// One socket, with its events that wait and its handlers under way. Polled by the session's task.
///
/// Event n + 1 is started once event n has entered the body of its handler, or has ended.
pub(super) struct Lane {
    /// Its place in the multiplexer; nothing once either side has left.
    slot: Option<Slot>,
    socket: Socket,
    site: Seat,
    stage: Stage,
    /// Events whose turn has not come.
    waiting: VecDeque<Waiting>,
    parked: Parked,
    /// The number of the last event that was started; they count from 1.
    last: u64,
    /// That one has ended, perhaps without having entered its handler.
    last_ended: bool,
    /// It has left, or its session has ended; handlers under way may go on until then.
    ends: Option<Instant>,
    /// Bytes of the events that wait or run.
    used: usize,
    /// What is told beside events. Nothing where the namespace does not ask for it.
    hooks: Option<Box<LaneHooks>>,
    /// The session that its client goes on with; nothing once it has joined.
    restore: Option<Box<Restore>>,
    /// Its handlers run in it, if somebody listens.
    span: Option<Box<Span>>,
}

/// What the lanes of a session are polled with.
pub(super) struct Turn<'a> {
    pub(super) clock: &'a Clock,
    /// How many events may still be started before the task lets others run.
    pub(super) starts: usize,
    /// How many events of one socket may run at once, where the namespace does not say.
    pub(super) events_in_flight: usize,
    /// How long handlers of a socket that leaves may go on.
    pub(super) grace: Duration,
    /// When even disconnect handlers are cut that begin now, if the server is out of time.
    pub(super) last: Option<Instant>,
    pub(super) admit_timeout: Duration,
}

impl Turn<'_> {
    /// Until when handlers of a socket that leaves in this turn may go on.
    pub(super) fn until(&mut self) -> Instant {
        self.clock.now() + self.grace
    }

    /// Until when disconnect handlers that begin in this turn may go on.
    fn part_by(&mut self) -> Instant {
        let until = self.until();
        self.last.map_or(until, |last| last.min(until))
    }
}

/// What a lane wants from its session.
pub(super) enum Step {
    /// Nothing until it is woken.
    Idle,
    /// The admission is decided: [`Lane::join`] it, or drop it.
    Decided(Verdict),
    /// Everything has ended.
    Gone,
}

impl Lane {
    /// A socket that wishes to join.
    pub(super) fn new(slot: Slot, socket: Socket, site: Seat, admit_timeout: Duration) -> Self {
        let stage = asking(&site, &socket, admit_timeout);
        Self::with_stage(slot, socket, site, stage)
    }

    fn with_stage(slot: Slot, socket: Socket, site: Seat, stage: Stage) -> Self {
        Self {
            span: span_of(&socket),
            slot: Some(slot),
            socket,
            site,
            stage,
            waiting: VecDeque::new(),
            parked: Parked::default(),
            last: 0,
            last_ended: true,
            ends: None,
            used: 0,
            hooks: None,
            restore: None,
        }
    }

    pub(super) fn id(&self) -> Id {
        self.socket.id()
    }

    pub(super) const fn socket(&self) -> &Socket {
        &self.socket
    }

    pub(super) const fn slot(&self) -> Option<Slot> {
        self.slot
    }

    /// The multiplexer has given its place to nobody or somebody else.
    pub(super) const fn take_slot(&mut self) -> Option<Slot> {
        self.slot.take()
    }

    /// It was admitted: tells the client, joins the namespace and greets.
    pub(super) fn join(&mut self, locals: Extensions) -> Join {
        if let Some(sequencer) = self.socket.context().sequencer().cloned() {
            return self.join_in_order(&sequencer, locals);
        }
        let name = self.site.name();
        // The reply first: whatever is emitted to it as a member must come behind.
        if self.socket.outbox().push(encode::connect(name, &Joined { sid: self.id(), pid: None })).is_err() {
            return Join::Late;
        }
        if !self.socket.joined(locals) {
            let _ = self.socket.outbox().push(encode::disconnect(name));
            return Join::Late;
        }
        self.hooks = LaneHooks::new(self.id(), &self.site.rooms);
        self.site.rooms.insert(&self.socket, false, None);
        self.welcome();
        Join::Done
    }

    /// It has joined: tells the observers and greets.
    fn welcome(&mut self) {
        let namespace = self.site.name();
        self.socket.context().observers().tell(|observer| observer.socket_joined(&self.socket));
        tracing::debug!(target: "sockeye::session", %namespace, socket = %self.id(), "joined");
        self.stage = match self.greet() {
            Some(greeting) => Stage::Greeting(greeting),
            None => Stage::Open,
        };
    }

    /// The socket leaves: emits are refused, it is in no room, and when the events that came before have been started
    /// the disconnect handler runs. Handlers may go on `until` then. Only the first reason counts.
    pub(super) fn end(&mut self, reason: DisconnectReason, until: Instant) {
        if self.ends.is_some() {
            return;
        }
        let namespace = self.site.name();
        tracing::debug!(target: "sockeye::session", %namespace, socket = %self.id(), %reason, "left");
        let rooms = self.leave_rooms(reason);
        if self.socket.left(reason, rooms) && self.has_joined() {
            self.socket.context().observers().tell(|observer| observer.socket_left(&self.socket, reason));
        }
        self.ends = Some(until);
        // Out of the rooms first: now somebody else may go on with the session.
        self.restore = None;
        if !self.has_joined() {
            // It never joined: there is nobody to say goodbye to.
            self.stage = Stage::Parted;
        }
        if reason == DisconnectReason::Server {
            // Whom the server has thrown out is not served any longer.
            self.drop_waiting();
        }
    }

    /// It has left, and the time that it was given to end is shorter than was said.
    pub(super) fn hurry(&mut self, now: Instant, part_by: Instant) {
        self.ends = self.ends.map(|ends| ends.min(now));
        if let Stage::Parting { until, .. } = &mut self.stage {
            *until = part_by.min(*until);
        }
    }

    /// It is not let in: tells the client why.
    pub(super) fn refuse(&self, refusal: &Value) {
        let _ = self.socket.outbox().push(encode::connect_error(self.site.name(), refusal));
    }

    /// Whether the admission is decided, and was a yes.
    pub(super) const fn has_joined(&self) -> bool {
        !matches!(self.stage, Stage::Claiming(_) | Stage::Asking(_) | Stage::Welcome)
    }

    /// Whether it is in its namespace: it has joined, and has not left.
    pub(super) const fn is_in(&self) -> bool {
        self.has_joined() && self.ends.is_none()
    }

    /// Its events that wait or run, and the bytes that are kept for it: theirs, and what the client sent to the admission.
    /// One that has left and is not done counts too, lest a client that joins and leaves all the time makes more and more
    /// of them.
    pub(super) fn load(&self) -> (usize, usize) {
        let (events, bytes) = (self.waiting.len() + self.parked.len(), self.used + self.socket.auth().len());
        if self.ends.is_some() { (events + 1, bytes + LEFT) } else { (events, bytes) }
    }

    /// Whether polling it would do nothing: no event or handler of it waits or runs.
    pub(super) fn is_quiet(&self) -> bool {
        matches!(self.stage, Stage::Open)
            && self.waiting.is_empty()
            && self.parked.is_empty()
            && self.hooks.is_none()
            && self.ends.is_none()
    }

    /// When it wants to be polled even if nothing wakes it.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let handlers = self.ends;
        match &self.stage {
            Stage::Parting { until, .. } if self.parked.is_empty() => Some(*until),
            Stage::Parting { until, .. } => handlers.map(|handlers| handlers.min(*until)),
            _ => handlers,
        }
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>, turn: &mut Turn<'_>) -> Step {
        let span = self.span.take();
        let step = {
            let _inside = span.as_deref().map(Span::enter);
            self.run(cx, turn)
        };
        self.span = span;
        step
    }

    fn run(&mut self, cx: &mut Context<'_>, turn: &mut Turn<'_>) -> Step {
        if self.ends.is_some_and(|until| until <= turn.clock.now()) {
            self.cut();
        }
        loop {
            self.poll_parked(cx);
            match &mut self.stage {
                Stage::Claiming(claiming) => match claiming.poll_unpin(cx) {
                    Poll::Ready(restoring) => self.claimed(restoring, turn.admit_timeout),
                    Poll::Pending => return Step::Idle,
                },
                // What it has missed will wait for it all at once, so nothing else should.
                Stage::Asking(_) | Stage::Welcome
                    if self.restore.is_some() && self.socket.outbox().poll_room(cx).is_pending() =>
                {
                    return Step::Idle;
                }
                Stage::Asking(asking) => {
                    return match asking.poll_unpin(cx) {
                        Poll::Ready(verdict) => {
                            let verdict = verdict.unwrap_or_else(|_| Err(admit::panicked()));
                            Step::Decided(verdict.and_then(|locals| self.site.settle().map(|()| locals)))
                        }
                        Poll::Pending => Step::Idle,
                    };
                }
                Stage::Welcome => return Step::Decided(self.site.settle().map(|()| self.trusted())),
                Stage::Greeting(greeting) => match greeting.poll_unpin(cx) {
                    Poll::Ready(reply) => {
                        self.report("connect", &reply);
                        self.stage = Stage::Open;
                    }
                    Poll::Pending => {
                        self.poll_hooks(cx, turn);
                        return Step::Idle;
                    }
                },
                Stage::Open => {
                    self.poll_hooks(cx, turn);
                    if self.start_next(cx, turn) {
                        continue;
                    }
                    if self.ends.is_none() || !self.all_started() || self.hooks_left() > 0 {
                        return Step::Idle;
                    }
                    self.stage = match self.part() {
                        Some(handler) => Stage::Parting { handler, until: turn.part_by() },
                        None => self.parted(),
                    };
                }
                Stage::Parting { handler, until } => {
                    match handler.poll_unpin(cx) {
                        Poll::Ready(reply) => self.report("disconnect", &reply),
                        Poll::Pending if *until > turn.clock.now() => return Step::Idle,
                        Poll::Pending => self.site.report_cut(1),
                    }
                    self.stage = self.parted();
                }
                Stage::Parted => {
                    // Drops values of the application.
                    let _ = catch(|| self.socket.forget());
                    return if self.parked.is_empty() { Step::Gone } else { Step::Idle };
                }
            }
        }
    }

    fn greet(&self) -> Option<Caught<stage::Handler>> {
        let route = self.site.table.on_connect.as_ref()?;
        Some(self.call(route, "connect"))
    }

    fn part(&self) -> Option<Caught<stage::Handler>> {
        let route = self.site.table.on_disconnect.as_ref()?;
        Some(self.call(route, "disconnect"))
    }
}

/// What a socket that has left and is not done takes of the inbound budget; generously, for it comes with handlers.
const LEFT: usize = 4096;

/// The payload of the answer to a CONNECT.
#[derive(Serialize)]
struct Joined {
    sid: Id,
    /// The secret with which its client can go on; only where recovery is on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pid: Option<Id>,
}

/// Whether a socket that was admitted has joined.
pub(super) enum Join {
    /// It has.
    Done,
    /// It was asked to leave before that, or its session is closing.
    Late,
    /// It cannot go on where it was: [`Lane::start_over`].
    Anew,
}

/// Asks for its admission.
fn asking(site: &Site, socket: &Socket, admit_timeout: Duration) -> Stage {
    let Some(service) = &site.table.admit else { return Stage::Welcome };
    site.rooms.expect(socket);
    // Cloning the service is the application's code too.
    Stage::Asking(Caught::build(|| admit::ask(service.clone(), socket.clone(), admit_timeout).boxed()))
}

/// The session's task makes lanes, so this lies within the span of the session.
fn span_of(socket: &Socket) -> Option<Box<Span>> {
    let (namespace, id) = (socket.namespace_name(), socket.id());
    let span = debug_span!(target: "sockeye::session", "socket", %namespace, %id);
    (!span.is_disabled()).then(|| Box::new(span))
}
