//! The acks of one broadcast, from the sockets of this process.

use std::{
    collections::BTreeMap,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::Stream;
use sockeye_proto::Id;
use tokio::sync::mpsc;

use super::Answered;
use crate::{
    AckError, Delivery, EmitError, Encoded, Socket,
    deadline::Deadline,
    socket::{Answer, Waiter},
};

/// Collects the acks of one broadcast: one id and one timer for all members.
///
/// Each member that was meant is told of once. A member that leaves holds nobody up.
pub(super) struct LocalCall {
    id: u64,
    /// Who has not been heard of.
    silent: BTreeMap<Id, Socket>,
    answers: mpsc::UnboundedReceiver<(Id, Answer)>,
    deadline: Deadline,
}

impl LocalCall {
    pub(super) fn new(members: Vec<Socket>, event: &Encoded, delivery: Delivery, timeout: Duration) -> Self {
        let (sender, answers) = mpsc::unbounded_channel();
        let mut call = Self { id: 0, silent: BTreeMap::new(), answers, deadline: Deadline::after(timeout) };
        // Without members there is no counter to ask, and no need for an id.
        let Some(context) = members.first().map(Socket::context) else { return call };
        call.id = context.next_ack();
        let group = event.group(context.name(), Some(call.id));
        let group = if context.config().shares_compressed { group.sharing() } else { group };
        for socket in members {
            let id = socket.id();
            // The answer may be here before `deliver` returns, so who waits is registered first.
            let mut asked = socket.expect_ack(call.id, Waiter::Broadcast(id, sender.clone()));
            if asked.is_ok() && !socket.deliver(&group, delivery) {
                socket.forget_ack(call.id);
                asked = Err(not_delivered(&socket));
            }
            if let Err(error) = asked {
                // Nobody else holds the other end, so this is heard when the stream is polled.
                let _ = sender.send((id, Err(error)));
            }
            call.silent.insert(id, socket);
        }
        call
    }

    /// Tells of one member that stays silent.
    fn give_up(&mut self) -> Option<Answered> {
        let (id, socket) = self.silent.pop_first()?;
        socket.forget_ack(self.id);
        Some(Answered::new(id, Err(AckError::Timeout)))
    }
}

/// Volatile and busy, or gone.
fn not_delivered(socket: &Socket) -> AckError {
    if socket.connected() { EmitError::Full.into() } else { AckError::Disconnected }
}

impl Stream for LocalCall {
    type Item = Answered;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Answered>> {
        let call = &mut *self;
        if call.silent.is_empty() {
            return Poll::Ready(None);
        }
        while let Poll::Ready(Some((id, answer))) = call.answers.poll_recv(cx) {
            if call.silent.remove(&id).is_some() {
                return Poll::Ready(Some(Answered::new(id, answer)));
            }
        }
        call.deadline.poll(cx).map(|()| call.give_up())
    }
}

impl Drop for LocalCall {
    fn drop(&mut self) {
        while self.give_up().is_some() {}
    }
}
