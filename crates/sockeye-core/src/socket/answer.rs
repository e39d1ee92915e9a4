//! Answering an event once, whether by what its handler returns or by an `Acker`.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use parking_lot::Mutex;

use super::{Emit, Socket};
use crate::{EmitError, Reply};

/// The events whose handler has taken the ack into its own hands and has not returned yet. Mostly empty, and then
/// without an allocation.
#[derive(Default)]
pub(super) struct Takeovers(Mutex<Vec<(u64, Arc<AtomicBool>)>>);

impl Takeovers {
    /// Several arguments `Acker` of one handler share one answer.
    fn take(&self, seq: u64) -> Arc<AtomicBool> {
        let mut taken = self.0.lock();
        if let Some((_, answered)) = taken.iter().find(|(known, _)| *known == seq) {
            return answered.clone();
        }
        let answered = Arc::new(AtomicBool::new(false));
        taken.push((seq, answered.clone()));
        answered
    }

    fn settle(&self, seq: u64) -> Option<Arc<AtomicBool>> {
        let mut taken = self.0.lock();
        let at = taken.iter().position(|(known, _)| *known == seq)?;
        Some(taken.swap_remove(at).1)
    }
}

impl Socket {
    /// The handler of event number `seq` has answered; the client has asked for ack number `ack`.
    ///
    /// When the handler has taken an [`Acker`](crate::Acker), the `()` it returns says nothing; anything else still
    /// answers if the acker has not. Call it for every event that wants an ack, once, when its handler has ended:
    /// with [`Reply::none`] if it was cut short.
    pub fn answer(&self, seq: u64, ack: u64, reply: Reply) {
        if let Some(answered) = self.0.extras().and_then(|extras| extras.takeovers.settle(seq))
            && (reply.is_none() || reply.is_implicit() || answered.swap(true, Ordering::AcqRel))
        {
            return;
        }
        if !self.0.takes_events() {
            return;
        }
        if let Some(group) = reply.into_group(self.namespace_name(), ack) {
            // Refused means closed, and then nobody waits for it.
            let _ = self.0.outbox.push(group);
        }
    }

    pub(crate) fn take_over(&self, seq: u64) -> Arc<AtomicBool> {
        self.0.extras_or_new().takeovers.take(seq)
    }

    /// An [`Acker`](crate::Acker) answers. Who comes second says nothing.
    pub(crate) fn answer_by_hand(&self, answered: &AtomicBool, ack: u64, reply: Reply) -> Emit {
        if !self.0.takes_events() {
            return Emit::done(Err(EmitError::Closed));
        }
        if reply.is_none() || answered.swap(true, Ordering::AcqRel) {
            return Emit::done(Ok(()));
        }
        match reply.into_group(self.namespace_name(), ack) {
            Some(group) => Emit::new(&self.0.outbox, Ok(group), self.0.namespace.config().send_timeout),
            None => Emit::done(Ok(())),
        }
    }
}
