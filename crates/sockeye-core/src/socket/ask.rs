//! The client's answer to one emit, awaited.

use std::{
    fmt,
    future::{Ready, ready},
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use sockeye_proto::socket::Arguments;
use tokio::sync::oneshot;

use super::{Answer, Socket};
use crate::{AckError, FromAck, deadline::Deadline};

/// The answer to [`Socket::emit_with_ack`], to be awaited. Dropping it gives up: a later answer is ignored.
#[must_use = "nobody reads the answer unless this is awaited"]
pub struct AckFuture<T> {
    state: State,
    read_as: PhantomData<fn() -> T>,
}

enum State {
    Refused(Ready<AckError>),
    Waiting(Waiting),
}

struct Waiting {
    socket: Socket,
    id: u64,
    answer: oneshot::Receiver<Answer>,
    deadline: Deadline,
}

impl<T> AckFuture<T> {
    pub(super) fn new(socket: Socket, id: u64, answer: oneshot::Receiver<Answer>, timeout: Duration) -> Self {
        let waiting = Waiting { socket, id, answer, deadline: Deadline::after(timeout) };
        Self { state: State::Waiting(waiting), read_as: PhantomData }
    }

    pub(super) fn refused(error: AckError) -> Self {
        Self { state: State::Refused(ready(error)), read_as: PhantomData }
    }
}

impl<T: FromAck> Future for AckFuture<T> {
    type Output = Result<T, AckError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.state {
            State::Refused(error) => Pin::new(error).poll(cx).map(Err),
            State::Waiting(waiting) => waiting.poll(cx).map(|answer| read(&answer?)),
        }
    }
}

/// Reads an ack as what was asked for.
pub(crate) fn read<T: FromAck>(arguments: &Arguments) -> Result<T, AckError> {
    T::from_ack(arguments).map_err(AckError::Decode)
}

impl Waiting {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Answer> {
        if let Poll::Ready(answer) = Pin::new(&mut self.answer).poll(cx) {
            // Waiters are dropped untold only with the whole socket, which this handle keeps alive.
            return Poll::Ready(answer.unwrap_or(Err(AckError::Disconnected)));
        }
        self.deadline.poll(cx).map(|()| {
            self.socket.forget_ack(self.id);
            Err(AckError::Timeout)
        })
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.socket.forget_ack(self.id);
    }
}

impl<T> fmt::Debug for AckFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waits = matches!(self.state, State::Waiting(_));
        f.debug_struct("AckFuture").field("waits", &waits).finish()
    }
}
