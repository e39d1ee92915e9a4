//! The POST whose body is being read or decoded.

use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use sockeye_proto::engine::{Input, Req, payload::Cursor};

use crate::{
    SessionHandler,
    driver::{
        budget::Budget,
        core::{Core, Turn},
    },
    exchange::Exchange,
};

/// A POST that the machine has accepted. There is never a second one: the machine refuses it.
pub(super) struct Upload {
    req: Req,
    parts: Box<Parts>,
    /// Until it may read its body.
    waits: Option<Arc<Exchange>>,
    /// When it is all there. What pausing leaves of it stays as it is.
    body: Option<Bytes>,
    cursor: Cursor,
}

impl Upload {
    pub(super) fn new(req: Req, parts: Box<Parts>, exchange: Arc<Exchange>) -> Self {
        Self { req, parts, waits: Some(exchange), body: None, cursor: Cursor::default() }
    }

    pub(super) const fn req(&self) -> Req {
        self.req
    }

    /// The body has arrived.
    pub(super) fn arrived(&mut self, body: Bytes) {
        self.body = Some(body);
    }

    /// Decodes as far as the handler and the budget allow. Answers whether it is done.
    pub(super) fn decode<S: SessionHandler>(
        &mut self,
        core: &mut Core<S>,
        budget: &mut Budget,
        turn: &mut Turn<'_, '_>,
    ) -> bool {
        if core.may_decode()
            && let Some(exchange) = self.waits.take()
        {
            exchange.grant();
        }
        let Some(body) = &self.body else { return !core.is_waiting(self.req) };
        while core.is_waiting(self.req) {
            if !core.may_decode() || budget.is_spent() {
                return false;
            }
            if let Some(packet) = self.cursor.next(body) {
                core.handle(Input::PostPacket(self.req, packet), Some(&self.parts), turn);
                budget.spend();
            }
            if self.cursor.is_done() {
                // Also when the last packet has paused decoding: the body is read, so its sender is told.
                core.handle(Input::PostEnd(self.req), None, turn);
                return true;
            }
        }
        true
    }
}
