//! The task of a session: it owns the protocol's machine, the websockets, one timer and the handler.

use std::{
    any::Any,
    future::Future,
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Instant,
};

use sockeye_proto::engine::{CloseReason, Input, Opening, RequestError, Transport, Writable};
use tokio::runtime::{self, Handle};
use tracing::{Instrument, Span, debug};

use crate::{
    Handler, engine::EngineState, exchange::Reply, inbox::Command, open::OpenedBy, seat::Turns,
    session::SessionState, shutdown::Alive, stats::Tally,
};

mod alone;
mod budget;
mod commands;
mod core;
mod finish;
mod guarded;
mod outgoing;
mod scratch;
mod socket;
#[cfg(test)]
mod tests;
mod timer;
mod told;
mod upload;

pub(crate) use self::upload::Upload;
use self::{
    budget::Budget,
    core::{Core, Effect, Turn},
    finish::Finish,
    socket::Socket,
    timer::Timer,
};

/// One session, as a future.
///
/// Each turn takes what others have left in the inbox, reads and decodes, lets the handler run, and writes; then the
/// task sleeps until something of that can go on. Dropped before its end, it takes the session out of the registry at
/// once and has the handler told by another task.
pub(crate) struct Driver<H: Handler> {
    engine: Arc<EngineState<H>>,
    core: Core<H::Session>,
    end: End<H::Session>,
    sockets: Vec<Socket>,
    /// Boxed: seldom there, and never on a websocket.
    upload: Option<Box<Upload>>,
    timer: Timer,
    /// When the handler wants to be polled again.
    handler_due: Option<Instant>,
    /// Where the end is told if this task does not live to do it.
    runtime: Handle,
    /// A shutdown waits until the last close frame is written.
    alive: Option<Alive>,
    /// Everything here happens in it, if somebody listens. Out of its place while the task runs.
    span: Option<Box<Span>>,
}

enum End<S: crate::SessionHandler> {
    /// The session is open.
    Ahead,
    /// It is closed; its handler is not done.
    ///
    /// Boxed: a session is open for much longer than it ends, and keeps room for whatever its end needs.
    Finishing(Box<Finish<S>>),
    Done,
}

impl<H: Handler> Driver<H> {
    pub(crate) fn new(
        engine: Arc<EngineState<H>>,
        session: Arc<SessionState>,
        handler: H::Session,
        opened_by: OpenedBy,
        span: Option<Box<Span>>,
    ) -> Self {
        let mut requests = Vec::new();
        let mut sockets = Vec::new();
        let opening = match opened_by {
            OpenedBy::Get(req, exchange) => {
                requests.push((req, exchange));
                Opening::Polling(req)
            }
            OpenedBy::Socket(stream, beginning) => {
                let conn = session.name_socket();
                // Exactly one: most sessions never see a second.
                sockets.reserve_exact(1);
                sockets.push(Socket::new(conn, stream, beginning, &engine.config));
                Opening::WebSocket(conn)
            }
        };
        // Opening decodes nothing, so nobody keeps this waker.
        let mut turn =
            Turn { cx: &mut Context::from_waker(Waker::noop()), now: now(), tally: Tally::default() };
        let core = Core::open(&engine, session, handler, requests, opening, &mut turn);
        core.publish();
        engine.counters.add(turn.tally);
        Self {
            core,
            end: End::Ahead,
            sockets,
            upload: None,
            timer: Timer::default(),
            handler_due: None,
            runtime: Handle::current(),
            alive: Some(Alive::new(&engine.shutdown)),
            span,
            engine,
        }
    }

    pub(crate) const fn session(&self) -> &Arc<SessionState> {
        self.core.session()
    }

    /// Where its task runs.
    pub(crate) fn runtime(&self) -> runtime::Id {
        self.runtime.id()
    }

    /// Does all there is to do at this moment, within the budget. Answers whether there is more that nobody wakes for.
    fn turn(&mut self, told: Option<Command>, budget: &mut Budget, turn: &mut Turn<'_, '_>) -> bool {
        let mut again = false;
        if matches!(self.end, End::Ahead) {
            self.take_commands(budget, turn);
            if let Some(command) = told {
                self.told(command, budget, turn);
            }
            if !self.timer.is_ahead(turn.now) && self.core.timeout().is_some_and(|due| due <= turn.now) {
                self.core.handle(Input::Timeout, None, turn);
            }
            self.decode(budget, turn);
            let stopped = !self.core.may_decode();
            if !self.core.is_closed() {
                self.handler_due = self.core.poll_handler(budget, turn);
                self.core.offer(turn);
            }
            // Decoding stood still, and the handler has just let it go on.
            again = stopped && self.core.may_decode();
        }
        let flooded = self.sockets.iter().any(Socket::is_flooded);
        self.write(turn);
        self.core.publish();
        self.engine.counters.add(turn.tally);
        again || (flooded && !self.sockets.iter().any(Socket::is_flooded))
    }

    fn decode(&mut self, budget: &mut Budget, turn: &mut Turn<'_, '_>) {
        if let Some(upload) = &mut self.upload
            && upload.decode(&mut self.core, budget, turn)
        {
            self.upload = None;
        }
        for socket in &mut self.sockets {
            socket.read(&mut self.core, budget, turn);
        }
    }

    /// Writes on every websocket, and what follows from having written.
    fn write(&mut self, turn: &mut Turn<'_, '_>) {
        loop {
            self.apply_effects(turn.now);
            if self.core.is_closed() && matches!(self.end, End::Ahead) {
                self.finish(turn.now);
            }
            for socket in &mut self.sockets {
                let writable = self.core.writable() == Writable::Socket(socket.conn());
                socket.write(&mut self.core, writable, turn);
            }
            let settled = self.core.is_closed() == !matches!(self.end, End::Ahead);
            if settled && !self.core.has_effects() {
                break;
            }
        }
        self.sockets.retain(|socket| !socket.is_gone());
    }

    fn apply_effects(&mut self, now: Instant) {
        for effect in self.core.take_effects() {
            for socket in &mut self.sockets {
                match &effect {
                    Effect::Control(conn, frame) if *conn == socket.conn() => socket.control(frame.clone()),
                    Effect::HangUp(conn, code) if *conn == socket.conn() => socket.hang_up(*code, now),
                    Effect::Closing => socket.want_flush(),
                    Effect::Control(..) | Effect::HangUp(..) => {}
                }
            }
        }
    }

    /// The session is over: nobody finds it any more, nothing enters it, and its handler is to be told.
    fn finish(&mut self, now: Instant) {
        let transport = self.core.session().transport();
        let reason = self.core.closed().unwrap_or(CloseReason::Forced(transport));
        debug!(target: "sockeye::session", reason = reason.as_str(), detail = reason.detail(), "closed");
        let outbox = self.core.session().outbox();
        let flushed = match transport {
            // The last answer took everything; whether it is read shows later, or never.
            Transport::Polling => outbox.is_empty(),
            _ => outbox.bytes() == 0,
        };
        self.engine.shutdown.session_ended(flushed);
        self.engine.sessions.remove(self.core.session().id().as_str());
        self.engine.counters.closed(transport, reason);
        self.core.session().close();
        for exchange in self.core.take_requests() {
            exchange.answer(Reply::Error(RequestError::SessionIdUnknown));
        }
        self.upload = None;
        self.handler_due = None;
        for socket in &mut self.sockets {
            socket.hang_up(None, now);
        }
        let alive = Alive::new(&self.engine.shutdown);
        self.end = End::Finishing(Box::new(Finish::new(self.core.take_handler(), reason, alive)));
    }

    /// The next instant at which something is due.
    fn due(&self) -> Option<Instant> {
        let mut due = earlier(self.core.timeout(), self.handler_due);
        for socket in &self.sockets {
            due = earlier(due, socket.until());
        }
        due
    }

    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let End::Finishing(finish) = &mut self.end
            && Pin::new(finish).poll(cx).is_ready()
        {
            self.end = End::Done;
        }
        if self.sockets.is_empty() && !matches!(self.end, End::Ahead) {
            // What is left to be waited for is the handler, which counts by itself.
            self.alive = None;
        }
        let done = matches!(self.end, End::Done) && self.sockets.is_empty();
        if done { Poll::Ready(()) } else { Poll::Pending }
    }

    /// Turns, until nothing can go on or others should run.
    fn run(&mut self, mut told: Option<Command>, cx: &mut Context<'_>) -> Poll<()> {
        let mut time = now();
        let mut budget = Budget::new(time);
        let mut elsewhere = false;
        loop {
            elsewhere |= self.core.session().outbox().begin(cx.waker());
            let mut again =
                self.turn(told.take(), &mut budget, &mut Turn { cx, now: time, tally: Tally::default() });
            if self.poll_end(cx).is_ready() {
                return Poll::Ready(());
            }
            again |= self.core.session().outbox().running(false);
            again |= self.timer.poll(self.due(), time, elsewhere, cx).is_ready();
            budget.spend();
            if budget.is_spent() || (again && budget.is_handled()) {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            if !again {
                self.core.around.at_rest = self.is_at_rest();
                return Poll::Pending;
            }
            time = now();
        }
    }
}

/// Nothing in it is pinned.
impl<H: Handler> Unpin for Driver<H> {}

impl<H: Handler> Turns for Driver<H> {
    fn act(&mut self, cx: &mut Context<'_>, told: Option<Command>) -> Poll<()> {
        if mem::take(&mut self.core.around.at_rest) && told.is_none() && self.write_alone(cx) {
            return Poll::Pending;
        }
        let span = self.span.take();
        let done = {
            let _inside = span.as_deref().map(Span::enter);
            self.run(told, cx)
        };
        self.span = span;
        done
    }

    fn is_polled(&self) -> bool {
        matches!(self.core.writable(), Writable::Poll(_))
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

impl<H: Handler> Future for Driver<H> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.act(cx, None)
    }
}

impl<H: Handler> Drop for Driver<H> {
    fn drop(&mut self) {
        let span = self.span.take().map_or_else(Span::none, |span| *span);
        let _inside = span.enter();
        if matches!(self.end, End::Ahead) {
            // Aborted, or torn down with its runtime.
            self.finish(now());
        }
        self.core.session().outbox().unregister();
        if let End::Finishing(finish) = mem::replace(&mut self.end, End::Done) {
            self.runtime.spawn(finish.instrument(span.clone()));
        }
    }
}

fn earlier(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// The clock of the runtime, which tests may pause.
fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}
