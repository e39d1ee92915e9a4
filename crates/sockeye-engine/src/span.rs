//! Under what the records of one session are gathered in the log.

use std::sync::atomic::{AtomicU64, Ordering};

use sockeye_proto::engine::Transport;
use tracing::{Span, debug_span};

/// The span of a new session, with a number in place of the `sid`, which is a secret. `None` when nobody listens, so
/// that an idle session pays for no more than a pointer.
///
/// A root of its own: as a child it would keep the span of its handshake open for its whole life.
pub(crate) fn session(transport: Transport) -> Option<Box<Span>> {
    static LAST: AtomicU64 = AtomicU64::new(0);
    let number = LAST.fetch_add(1, Ordering::Relaxed) + 1;
    let transport = transport.name();
    let span = debug_span!(target: "sockeye::session", parent: None, "session", number, transport);
    (!span.is_disabled()).then(|| Box::new(span))
}

/// The session whose span this is has moved to a websocket.
pub(crate) fn upgraded() {
    Span::current().record("transport", Transport::WebSocket.name());
}
