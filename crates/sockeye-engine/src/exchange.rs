//! One HTTP request under way between its future and the session's task.

use std::{
    mem,
    task::{Context, Poll, Waker},
};

use http::StatusCode;
use parking_lot::Mutex;
use sockeye_proto::engine::RequestError;

use crate::body::Packets;

/// What a request is answered with; the HTTP response is built where it is written.
pub(crate) enum Reply {
    /// To a POST.
    Ok,
    /// To a GET: a payload, and the notice to the session in case that nobody reads it.
    ///
    /// Boxed: a GET that waits keeps room for its reply.
    Packets(Box<Packets>),
    /// Status and JSON body.
    Error(RequestError),
    /// A bare status.
    Empty(StatusCode),
}

/// Where a request waits for its reply, and a POST for leave to read its body.
#[derive(Default)]
pub(crate) struct Exchange {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    reply: Option<Reply>,
    granted: bool,
    waker: Option<Waker>,
}

impl Exchange {
    /// Answers the request. Only the first answer counts.
    pub(crate) fn answer(&self, reply: Reply) {
        let (waker, surplus) = {
            let mut state = self.state.lock();
            let surplus = if state.reply.is_none() { state.reply.replace(reply) } else { Some(reply) };
            (state.waker.take(), surplus)
        };
        // Dropping an unread payload takes the session's inbox lock; not under this one.
        drop(surplus);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// One that may read its body from the beginning.
    pub(crate) fn granted() -> Self {
        Self { state: Mutex::new(State { granted: true, ..State::default() }) }
    }

    /// Lets a POST read its body. Who has leave already is not woken.
    pub(crate) fn grant(&self) {
        let waker = {
            let mut state = self.state.lock();
            if mem::replace(&mut state.granted, true) { None } else { state.waker.take() }
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// The reply, when there is one. Registers the waker either way, so that a reply interrupts the reading of a body.
    pub(crate) fn poll_reply(&self, cx: &Context<'_>) -> Poll<Reply> {
        let mut state = self.state.lock();
        if let Some(reply) = state.reply.take() {
            return Poll::Ready(reply);
        }
        if state.waker.as_ref().is_some_and(|known| known.will_wake(cx.waker())) {
            return Poll::Pending;
        }
        let replaced = state.waker.replace(cx.waker().clone());
        drop(state);
        // A waker may be all that is left of a task.
        drop(replaced);
        Poll::Pending
    }

    pub(crate) fn is_granted(&self) -> bool {
        self.state.lock().granted
    }
}
