//! Numbering events, logging them, and putting them into outboxes.

use std::sync::Arc;

use sockeye_proto::{
    Group,
    outbox::{Offer, PushError, Pushed},
};
use tokio::time::Instant;

use super::{Order, Sequencer};
use crate::{
    Delivery, Local, Scope, Socket,
    recovery::log::{Entry, To},
};

impl Sequencer {
    /// Emits an event, encoded with a [placeholder](crate::recovery::PLACEHOLDER), to one socket. It can be recovered
    /// unless it is volatile, or was refused. `None`: it was volatile, and dropped.
    ///
    /// # Errors
    /// Those of the outbox.
    pub(crate) fn emit(
        &self,
        socket: &Socket,
        group: Group,
        offer: Offer,
    ) -> Result<Option<Pushed>, PushError> {
        let mut order = self.lock();
        if !socket.takes_events() {
            return Err(PushError::Closed);
        }
        // What a client is sent before it has joined belongs to no session yet.
        let logged = offer != Offer::Volatile && socket.connected();
        let seq = order.state.last + u64::from(logged);
        let group = order.stamp(group, seq);
        let (outcome, wake) = socket.outbox().offer(group.clone(), offer);
        order.wakes.push(wake);
        if logged && outcome.is_ok() {
            order.log(To::Socket(socket.id()), group.clone());
            order.address(socket);
        }
        drop(order);
        if outcome.is_ok() {
            socket.sent(&group);
        }
        outcome
    }

    /// Emits an event, encoded with a placeholder, to all sockets in `scope`. It can be recovered unless it is volatile.
    pub(crate) fn broadcast(&self, local: &dyn Local, scope: &Arc<Scope>, group: Group, delivery: Delivery) {
        let mut order = self.lock();
        let mut members = local.members(scope);
        // Also when nobody is in: who is away is owed what he would have got.
        let logged = !delivery.volatile;
        let seq = order.state.last + u64::from(logged);
        let group = order.stamp(group, seq);
        let shares = members.first().is_some_and(|socket| socket.context().config().shares_compressed);
        let group = if shares { group.sharing() } else { group };
        if logged {
            order.log(To::Scope(scope.clone()), group.clone());
        }
        let offer = if delivery.volatile { Offer::Volatile } else { Offer::Push };
        members.retain(|socket| {
            if logged {
                // Also one whose outbox takes nothing any more: it will ask for it when it is back.
                order.address(socket);
            }
            if !socket.takes_events() {
                return false;
            }
            let (outcome, wake) = socket.outbox().offer(group.clone(), offer);
            order.wakes.push(wake);
            outcome.is_ok()
        });
        drop(order);
        for socket in members {
            socket.sent(&group);
        }
    }
}

impl Order<'_> {
    /// The next event.
    fn log(&mut self, to: To, group: Group) {
        self.state.last += 1;
        let entry = Entry { seq: self.state.last, at: Instant::now(), to, group };
        let cost = self.state.log.push(entry);
        self.sequencer.weigh_in(cost, 0);
    }

    /// The last event was for this socket.
    fn address(&self, socket: &Socket) {
        if let Some(member) = socket.member() {
            member.address(self.state.last);
        }
    }
}
