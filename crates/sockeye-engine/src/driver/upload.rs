//! The POST whose body is being read or decoded.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, request::Parts};
use sockeye_proto::engine::{Input, Req, payload::Cursor};

use crate::{
    SessionHandler,
    driver::{
        budget::Budget,
        core::{Core, Turn},
    },
    exchange::Exchange,
};

/// A POST on its way through the machine. There is never a second one that was accepted: the machine refuses it.
pub(crate) struct Upload {
    req: Req,
    parts: Parts,
    exchange: Arc<Exchange>,
    /// Whether it was told that it may send its body.
    granted: bool,
    /// When it is all there. What pausing leaves of it stays as it is.
    body: Option<Bytes>,
    cursor: Cursor,
}

impl Upload {
    pub(crate) fn new(req: Req, parts: Parts, exchange: Arc<Exchange>) -> Self {
        Self { req, parts, exchange, granted: false, body: None, cursor: Cursor::default() }
    }

    pub(crate) const fn req(&self) -> Req {
        self.req
    }

    pub(crate) const fn exchange(&self) -> &Arc<Exchange> {
        &self.exchange
    }

    pub(crate) const fn headers(&self) -> &HeaderMap {
        &self.parts.headers
    }

    /// The body has arrived.
    pub(crate) fn arrived(&mut self, body: Bytes) {
        self.body = Some(body);
    }

    /// Decodes as far as the handler and the budget allow. Answers whether it is done.
    pub(super) fn decode<S: SessionHandler>(
        &mut self,
        core: &mut Core<S>,
        budget: &mut Budget,
        turn: &mut Turn<'_, '_>,
    ) -> bool {
        if self.body.is_none() && !self.granted && core.may_decode() {
            self.granted = true;
            self.exchange.grant();
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
