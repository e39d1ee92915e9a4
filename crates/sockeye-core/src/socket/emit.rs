//! An event that is queued, and the wait for room behind it.

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use sockeye_proto::{
    Group, Outbox,
    outbox::{PushError, Pushed},
};

use crate::{EmitError, deadline::Deadline};

/// An event that has been emitted. Awaiting it waits while more than the soft bound is queued for the client, so that a
/// fast handler does not run away from a slow client.
///
/// Not awaiting it is fine where little is sent; the event is queued all the same. A task that emits much and never
/// waits ends with the hard bound, which closes the client's session.
#[must_use = "the outcome says whether the event was queued, and awaiting it keeps pace with the client"]
pub struct Emit(State);

/// Two words, which are returned in registers: most emits are done when they return, and no one awaits them.
enum State {
    /// With what is told once, if it failed.
    Done(Option<Box<EmitError>>),
    Waiting(Box<Waiting>),
}

struct Waiting {
    outbox: Arc<Outbox>,
    deadline: Deadline,
}

impl Emit {
    /// Queues the packet, or takes note of why there is none.
    pub(crate) fn new(outbox: &Arc<Outbox>, group: Result<Group, EmitError>, send_timeout: Duration) -> Self {
        Self::of(outbox, group.and_then(|group| outbox.push(group).map_err(refused)), send_timeout)
    }

    /// What has come of queueing a packet.
    pub(super) fn of(
        outbox: &Arc<Outbox>,
        pushed: Result<Pushed, EmitError>,
        send_timeout: Duration,
    ) -> Self {
        match pushed {
            Ok(Pushed { over_soft: true, .. }) => {
                let deadline = Deadline::after(send_timeout);
                Self(State::Waiting(Box::new(Waiting { outbox: outbox.clone(), deadline })))
            }
            Ok(_) => Self::done(Ok(())),
            Err(error) => Self::done(Err(error)),
        }
    }

    pub(crate) fn done(outcome: Result<(), EmitError>) -> Self {
        Self(State::Done(outcome.err().map(Box::new)))
    }
}

impl Future for Emit {
    type Output = Result<(), EmitError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            State::Done(failed) => Poll::Ready(failed.take().map_or(Ok(()), |error| Err(*error))),
            State::Waiting(waiting) => {
                let Waiting { outbox, deadline } = &mut **waiting;
                if let Poll::Ready(room) = outbox.poll_room(cx) {
                    return Poll::Ready(room.map_err(|_| EmitError::Closed));
                }
                deadline.poll(cx).map(|()| Err(EmitError::Timeout))
            }
        }
    }
}

impl fmt::Debug for Emit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waits = matches!(self.0, State::Waiting(_));
        f.debug_struct("Emit").field("waits", &waits).finish()
    }
}

/// What the outbox's refusal means to the one who emits.
pub(super) fn refused(error: PushError) -> EmitError {
    match error {
        PushError::Full => EmitError::Full,
        // Beyond the hard bound the session is being closed for it.
        _ => EmitError::Closed,
    }
}
