//! A new session: its name, its handler, its task.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use http::{StatusCode, request::Parts};
use sockeye_proto::{
    Group, Id, SessionId,
    engine::{Close, CloseReason, Req, Transport},
};
use tracing::{Span, debug};

use crate::{
    Handler, Handshake, Sender,
    driver::Driver,
    engine::EngineState,
    exchange::{Exchange, Reply},
    inbox::Command,
    seat::Task,
    session::SessionState,
    sessions::Reserved,
    span,
    websocket::{Beginning, Stream},
};

/// What a session was opened by, and where it writes.
pub(crate) enum OpenedBy {
    Get(Req, Arc<Exchange>),
    Socket(Stream, Beginning),
}

/// The name of a session that is about to be opened.
pub(crate) enum Name {
    Random(SessionId),
    /// The application's, kept free for this session until it is opened.
    Reserved(Reserved),
}

impl Name {
    /// `None` when the operating system has no randomness to give.
    pub(crate) fn random() -> Option<Self> {
        let mut bytes = [0; 15];
        getrandom::fill(&mut bytes).ok()?;
        Some(Self::Random(Id::from_random(bytes).into()))
    }

    pub(crate) fn as_str(&self) -> &str {
        self.sid().as_str()
    }

    const fn sid(&self) -> &SessionId {
        match self {
            Self::Random(sid) => sid,
            Self::Reserved(reserved) => reserved.sid(),
        }
    }
}

/// A session of this name. The name must be held until the session has [started](start).
pub(crate) fn session<H>(engine: &EngineState<H>, name: &Name, transport: Transport) -> Arc<SessionState> {
    Arc::new(SessionState::new(name.sid().clone(), transport, engine.config.outbox))
}

/// Makes the handler and starts the task that owns the session.
pub(crate) fn start<H: Handler>(
    engine: &Arc<EngineState<H>>,
    session: Arc<SessionState>,
    parts: Parts,
    opened_by: OpenedBy,
) {
    if let Some(driver) = driver(engine, session, parts, opened_by) {
        tokio::spawn(Task::Owner(driver));
    }
}

/// Everything of [`start`] but the task.
pub(crate) fn driver<H: Handler>(
    engine: &Arc<EngineState<H>>,
    session: Arc<SessionState>,
    parts: Parts,
    opened_by: OpenedBy,
) -> Option<Driver<H>> {
    let transport = session.transport();
    let handshake =
        Handshake::new(parts, session.id().clone(), transport, engine.settings.compact_extensions);
    if let Some(packet) = &engine.settings.hooks.initial_packet {
        // Into an outbox that nobody else knows yet, which takes one packet of any size.
        let _ = session.outbox().push(Group::one(packet.clone()));
    }
    let sender = Sender::new(Arc::clone(&session));
    let Ok(handler) = catch_unwind(AssertUnwindSafe(|| engine.handler.open(handshake, sender))) else {
        debug!(target: "sockeye::session", transport = transport.name(), "the handler panicked at a new session");
        session.close();
        if let OpenedBy::Get(_, exchange) = opened_by {
            exchange.answer(Reply::Empty(StatusCode::INTERNAL_SERVER_ERROR));
        }
        return None;
    };
    engine.sessions.insert(Arc::clone(&session));
    engine.counters.opened(transport);
    if engine.shutdown.has_begun() {
        // The shutdown may have listed the sessions a moment before this one.
        session.command(Command::Close(Close::Graceful(CloseReason::ServerShuttingDown)));
    }
    let span = span::session(transport);
    debug!(target: "sockeye::session", parent: span.as_deref().and_then(Span::id), "opened");
    Some(Driver::new(Arc::clone(engine), session, handler, opened_by, span))
}
