//! The answers to one broadcast.

use std::{
    fmt,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
};

use futures_util::{Stream, StreamExt as _, stream::BoxStream};
use sockeye_proto::Id;

use crate::{AckError, FromAck, adapter::Answered, socket::read_ack};

/// The answers to [`Broadcast::emit_with_ack`](crate::Broadcast::emit_with_ack), one for each member that was meant, as
/// they come.
///
/// It ends when all members have answered or left, at the latest with the timeout, which then is the answer of those
/// that stayed silent. Dropping it gives up.
#[must_use = "nobody reads the answers unless this is polled"]
pub struct Acks<T> {
    answers: BoxStream<'static, Answered>,
    read_as: PhantomData<fn() -> T>,
}

/// All answers to one broadcast.
#[derive(Debug)]
#[non_exhaustive]
pub struct Collected<T> {
    /// Who has answered, and what, in the order in which they did.
    pub answers: Vec<(Id, T)>,
    /// Who has not, and why.
    pub missing: Vec<(Id, AckError)>,
}

impl<T: FromAck> Acks<T> {
    pub(super) fn new(answers: BoxStream<'static, Answered>) -> Self {
        Self { answers, read_as: PhantomData }
    }

    /// The next answer, or why one member has none; `None` when all have been heard of.
    pub async fn next(&mut self) -> Option<(Id, Result<T, AckError>)> {
        self.answers.next().await.map(read)
    }

    /// Waits for all of them.
    pub async fn collected(mut self) -> Collected<T> {
        let mut collected = Collected { answers: Vec::new(), missing: Vec::new() };
        while let Some((socket, answer)) = self.next().await {
            match answer {
                Ok(answer) => collected.answers.push((socket, answer)),
                Err(error) => collected.missing.push((socket, error)),
            }
        }
        collected
    }
}

impl<T: FromAck> Stream for Acks<T> {
    type Item = (Id, Result<T, AckError>);

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.answers.poll_next_unpin(cx).map(|answered| answered.map(read))
    }
}

fn read<T: FromAck>(answered: Answered) -> (Id, Result<T, AckError>) {
    let answer = answered.answer.and_then(|arguments| read_ack(&arguments));
    (answered.socket, answer)
}

impl<T> fmt::Debug for Acks<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Acks").finish_non_exhaustive()
    }
}
