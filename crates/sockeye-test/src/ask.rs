//! The server's answer to an event of a client.

use std::{
    fmt,
    future::Future,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use serde_json::Value;
use sockeye_core::{Arguments, FromAck, PayloadError};
use tokio::{
    sync::oneshot,
    time::{Sleep, sleep},
};

/// Why an answer did not come, or could not be read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AskError {
    /// The server did not answer in time.
    #[error("the server did not answer in time")]
    Timeout,
    /// The socket has left before the answer came, for this reason.
    #[error("the socket has left without an answer: {0}")]
    Disconnected(&'static str),
    /// The answer is an error, in the form in which sockeye and [`Reply::error`](sockeye::Reply::error) tell it.
    #[error("{code}: {message}")]
    Refused {
        /// For programs, such as `invalid_payload`.
        code: String,
        /// For people.
        message: String,
    },
    /// The answer is something else than what was asked for.
    #[error("the answer {answer} does not have the expected form: {error}")]
    Decode {
        /// What came: the text of an array.
        answer: String,
        /// Where and why it does not fit.
        error: String,
    },
}

impl AskError {
    /// The code of an error that the server has answered.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { code, .. } => Some(code),
            _ => None,
        }
    }
}

/// The answer to [`TestClient::emit_with_ack`](crate::TestClient::emit_with_ack), to be awaited. The event is on its way.
#[must_use = "nobody reads the answer unless this is awaited"]
pub struct Asking<T> {
    answer: oneshot::Receiver<Result<Arguments, AskError>>,
    deadline: Pin<Box<Sleep>>,
    read_as: PhantomData<fn() -> T>,
}

impl<T> Asking<T> {
    pub(crate) fn new(answer: oneshot::Receiver<Result<Arguments, AskError>>, timeout: Duration) -> Self {
        Self { answer, deadline: Box::pin(sleep(timeout)), read_as: PhantomData }
    }
}

impl<T: FromAck> Future for Asking<T> {
    type Output = Result<T, AskError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Poll::Ready(answer) = Pin::new(&mut self.answer).poll(cx) {
            // A waiter is dropped untold only with the whole session.
            let answer = answer.unwrap_or(Err(AskError::Disconnected("transport close")));
            return Poll::Ready(answer.and_then(|arguments| read(&arguments)));
        }
        self.deadline.as_mut().poll(cx).map(|()| Err(AskError::Timeout))
    }
}

/// As what was asked for; what does not fit and is an error in sockeye's form is that error.
fn read<T: FromAck>(arguments: &Arguments) -> Result<T, AskError> {
    T::from_ack(arguments).map_err(|error| refused(arguments).unwrap_or_else(|| misfit(arguments, &error)))
}

fn refused(arguments: &Arguments) -> Option<AskError> {
    let answer: Value = arguments.deserialize_first().ok()?;
    let error = answer.get("error")?;
    let text = |field| error.get(field)?.as_str().map(str::to_owned);
    Some(AskError::Refused { code: text("code")?, message: text("message")? })
}

fn misfit(arguments: &Arguments, error: &PayloadError) -> AskError {
    AskError::Decode { answer: arguments.as_json().to_owned(), error: error.to_string() }
}

impl<T> fmt::Debug for Asking<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asking").finish_non_exhaustive()
    }
}
