//! The turn of a session that has nothing to do but to write: what each recipient of a broadcast costs.

use std::task::Context;

use sockeye_proto::engine::Writable;

use super::{Driver, End, socket::Alone};
use crate::{Handler, stats::Tally};

impl<H: Handler> Driver<H> {
    /// Whether the session sleeps with nothing begun: an open websocket, silent and written out, and a handler without
    /// anything in flight.
    ///
    /// What can wake it then are bytes, which the websocket shows, a deadline, which the timer shows, and the outbox,
    /// which knows whether something was only queued.
    pub(super) fn is_at_rest(&mut self) -> bool {
        let calm = matches!(self.end, End::Ahead) && self.upload.is_none() && self.handler_due.is_none();
        calm && self.core.is_quiet()
            && match self.sockets.as_mut_slice() {
                [socket] => self.core.writable() == Writable::Socket(socket.conn()) && socket.is_at_rest(),
                _ => false,
            }
    }

    /// Writes what was queued, for a session at rest that was woken for that alone. `false`: it takes a turn as any other.
    ///
    /// Beside the write this takes the outbox's lock twice and looks at no clock.
    pub(super) fn write_alone(&mut self, cx: &Context<'_>) -> bool {
        if !self.timer.is_waiting() {
            return false;
        }
        let [socket] = self.sockets.as_mut_slice() else { return false };
        let mut tally = Tally::default();
        let written = socket.write_alone(self.core.outbox(), cx.waker(), &mut tally);
        self.engine.counters.add(tally);
        let at_rest = matches!(written, Alone::Written(false));
        self.core.around.at_rest = at_rest;
        at_rest
    }
}

#[cfg(test)]
mod tests;
