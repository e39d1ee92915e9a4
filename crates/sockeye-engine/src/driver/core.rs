//! The machine of a session and what it acts upon, apart from its websockets.

use std::{sync::Arc, task::Context, time::Instant};

use bytes::Bytes;
use http::request::Parts;
use sockeye_proto::{
    Outbox,
    engine::{Close, CloseReason, Conn, Input, Opening, Req, Session, Writable},
};

use crate::{
    Flow, SessionHandler,
    driver::{budget::Budget, guarded::Guarded, told::Told},
    engine::EngineState,
    exchange::Exchange,
    session::SessionState,
    stats::Tally,
};

/// What one call of the machine needs: who is woken, what time it is, and where it is counted what was moved.
pub(super) struct Turn<'a, 'w> {
    pub(super) cx: &'a mut Context<'w>,
    pub(super) now: Instant,
    pub(super) tally: Tally,
}

/// The machine, and its surroundings.
pub(super) struct Core<S: SessionHandler> {
    machine: Session,
    pub(super) around: Around<S>,
}

/// What the machine's decisions fall upon.
pub(super) struct Around<S: SessionHandler> {
    pub(super) session: Arc<SessionState>,
    pub(super) handler: Guarded<S>,
    /// Requests that have not been answered.
    pub(super) requests: Vec<(Req, Arc<Exchange>)>,
    pub(super) writable: Writable,
    /// What the machine wants done to websockets, until they are at hand.
    pub(super) effects: Vec<Effect>,
    /// Boxed, as is what ends it: a session is open for much longer.
    pub(super) closed: Option<Box<CloseReason>>,
    /// The handler does not want more for now.
    pub(super) paused: bool,
    paused_told: bool,
    /// The handler had nothing in flight when it was polled last.
    quiet: bool,
    /// For the driver, which has no room for it: nothing is to be done before something comes, is queued or is due.
    pub(super) at_rest: bool,
    close: Option<Box<Close>>,
}

/// A decision about a websocket.
#[derive(Debug)]
pub(super) enum Effect {
    /// Write this frame ahead of the outbox.
    Control(Conn, Bytes),
    /// Close it.
    HangUp(Conn, Option<u16>),
    /// Say when everything is written, even if that is so already.
    Closing,
}

impl<S: SessionHandler> Core<S> {
    pub(super) fn open<H>(
        engine: &EngineState<H>,
        session: Arc<SessionState>,
        handler: S,
        requests: Vec<(Req, Arc<Exchange>)>,
        opening: Opening,
        turn: &mut Turn<'_, '_>,
    ) -> Self {
        let mut around = Around {
            session,
            handler: Guarded::new(handler),
            requests,
            writable: Writable::Nothing,
            effects: Vec::new(),
            closed: None,
            paused: false,
            paused_told: false,
            quiet: false,
            at_rest: false,
            close: None,
        };
        let sid = around.session.id().clone();
        let mut told = Told { around: &mut around, cx: turn.cx, tally: &mut turn.tally, request: None };
        let machine = Session::open(sid, Arc::clone(&engine.config), opening, turn.now, &mut told);
        Self { machine, around }
    }

    /// Tells the machine, and then what its handler has asked for meanwhile.
    pub(super) fn handle(&mut self, input: Input<'_>, request: Option<&Parts>, turn: &mut Turn<'_, '_>) {
        self.tell(input, request, turn);
        self.settle(turn);
    }

    /// Tells the machine what the handler has asked for.
    fn settle(&mut self, turn: &mut Turn<'_, '_>) {
        loop {
            if let Some(close) = self.around.close.take() {
                self.tell(Input::Close(*close), None, turn);
            } else if self.around.paused != self.around.paused_told {
                self.around.paused_told = self.around.paused;
                self.tell(Input::Paused(self.around.paused), None, turn);
            } else {
                return;
            }
        }
    }

    fn tell(&mut self, input: Input<'_>, request: Option<&Parts>, turn: &mut Turn<'_, '_>) {
        if self.is_closed() {
            return;
        }
        let mut told = Told { around: &mut self.around, cx: turn.cx, tally: &mut turn.tally, request };
        self.machine.handle(input, turn.now, &mut told);
    }

    /// Lets the handler run. Answers when it wants to be polled again.
    pub(super) fn poll_handler(&mut self, budget: &mut Budget, turn: &mut Turn<'_, '_>) -> Option<Instant> {
        // What was decoded a moment ago is true for the handlers that run now.
        self.publish();
        let Ok(next) = self.around.handler.poll(turn.cx) else {
            self.around.quiet = false;
            self.around.panicked();
            self.settle(turn);
            return None;
        };
        budget.handle(next.handled);
        self.around.quiet = next.quiet && next.flow == Flow::Continue && next.deadline.is_none();
        self.around.paused = next.flow == Flow::Pause;
        self.around.flow(next.flow);
        self.settle(turn);
        next.deadline
    }

    /// Tells the machine what waits in the outbox, if somebody may take it.
    pub(super) fn offer(&mut self, turn: &mut Turn<'_, '_>) {
        let look = self.outbox().look();
        if !look.is_empty && matches!(self.around.writable, Writable::Poll(_)) {
            self.handle(Input::Outgoing, None, turn);
        }
        if look.overflowed {
            self.handle(Input::Close(Close::Now(CloseReason::SlowConsumer)), None, turn);
        }
    }

    /// Whether the next packet may be decoded.
    pub(super) fn may_decode(&self) -> bool {
        !self.around.paused && !self.is_closed()
    }

    /// Whether nothing but an input, or a wake of the outbox, gives the machine or the handler something to do.
    pub(super) const fn is_quiet(&self) -> bool {
        self.around.quiet && self.around.effects.is_empty() && !self.is_closed()
    }

    pub(super) const fn is_closed(&self) -> bool {
        self.around.closed.is_some()
    }

    pub(super) fn closed(&self) -> Option<CloseReason> {
        self.around.closed.as_deref().copied()
    }

    pub(super) const fn writable(&self) -> Writable {
        self.around.writable
    }

    /// A request that the machine will answer.
    pub(super) fn expect_answer(&mut self, req: Req, exchange: Arc<Exchange>) {
        self.around.requests.push((req, exchange));
    }

    /// Nobody waits for that answer any more.
    pub(super) fn forget(&mut self, req: Req) {
        self.around.requests.retain(|(known, _)| *known != req);
    }

    pub(super) fn take_requests(&mut self) -> impl Iterator<Item = Arc<Exchange>> {
        std::mem::take(&mut self.around.requests).into_iter().map(|(_, exchange)| exchange)
    }

    pub(super) const fn has_effects(&self) -> bool {
        !self.around.effects.is_empty()
    }

    pub(super) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.around.effects)
    }

    /// The handler, for the end of the session; nothing calls it here any more.
    pub(super) fn take_handler(&mut self) -> Guarded<S> {
        self.around.handler.take()
    }

    pub(super) fn is_waiting(&self, req: Req) -> bool {
        self.around.requests.iter().any(|(known, _)| *known == req)
    }

    /// Whether that websocket is to be closed as soon as it is at hand.
    pub(super) fn is_hung_up(&self, conn: Conn) -> bool {
        self.around.effects.iter().any(|effect| matches!(effect, Effect::HangUp(known, _) if *known == conn))
    }

    pub(super) const fn session(&self) -> &Arc<SessionState> {
        &self.around.session
    }

    pub(super) fn outbox(&self) -> &Outbox {
        self.around.session.outbox()
    }

    pub(super) fn timeout(&self) -> Option<Instant> {
        if self.is_closed() { None } else { self.machine.timeout() }
    }

    /// Makes public what requests and handles ask for.
    pub(super) fn publish(&self) {
        self.around.session.publish(self.machine.may_upgrade(), self.may_decode());
    }
}

impl<S: SessionHandler> Around<S> {
    pub(super) fn flow(&mut self, flow: Flow) {
        match flow {
            Flow::Continue => {}
            Flow::Pause => self.paused = true,
            Flow::Close(close) => self.close = Some(Box::new(close)),
        }
    }

    /// A handler that panicked is told the end of its session and nothing else.
    pub(super) fn panicked(&mut self) {
        tracing::debug!(target: "sockeye::session", "a handler panicked; its session is closed");
        self.close = Some(Box::new(Close::Now(CloseReason::Forced(self.session.transport()))));
    }
}
