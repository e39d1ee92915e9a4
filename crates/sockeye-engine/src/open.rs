//! A new session: its name, its handler, its task.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use bytes::Bytes;
use http::{StatusCode, request::Parts};
use sockeye_proto::{
    Id,
    engine::{Close, CloseReason, Req, Transport},
};
use tracing::{Span, debug};

use crate::{
    Handler, Handshake, Sender,
    driver::Driver,
    engine::EngineState,
    exchange::{Exchange, Reply},
    inbox::Command,
    session::SessionState,
    span,
    websocket::Stream,
};

/// What a session was opened by, and where it writes.
pub(crate) enum OpenedBy {
    Get(Req, Arc<Exchange>),
    /// With the bytes that were read behind the request.
    Socket(Stream, Bytes),
}

/// Names a session. `None` when the operating system has no randomness to give.
pub(crate) fn session<H>(engine: &EngineState<H>, transport: Transport) -> Option<Arc<SessionState>> {
    let mut bytes = [0; 15];
    getrandom::fill(&mut bytes).ok()?;
    Some(Arc::new(SessionState::new(Id::from_random(bytes), transport, engine.config.outbox)))
}

/// Makes the handler and starts the task that owns the session.
pub(crate) fn start<H: Handler>(
    engine: &Arc<EngineState<H>>,
    session: Arc<SessionState>,
    parts: Parts,
    opened_by: OpenedBy,
) {
    if let Some(driver) = driver(engine, session, parts, opened_by) {
        tokio::spawn(driver);
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
    let handshake = Handshake::new(parts, session.id(), transport, engine.settings.compact_extensions);
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
