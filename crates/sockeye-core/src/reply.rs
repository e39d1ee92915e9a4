//! What a handler answers: the acknowledgement of an event.

mod errors;
mod into_reply;

pub use into_reply::{AckValue, IntoReply, NoAck};

use std::fmt;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sockeye_proto::{
    Group,
    socket::{
        Arguments, EncodeError, PayloadError,
        encode::{self, EventWriter, Unaddressed},
    },
};

use crate::{IntoArgs, Raw};

/// What a handler answers: the arguments of the ack, or nothing at all.
///
/// Whether the client has asked for an ack is not the handler's business: without the question the reply is dropped.
#[derive(Clone, Debug)]
pub struct Reply {
    said: Said,
    implicit: bool,
    failed: bool,
}

#[derive(Clone, Debug)]
enum Said {
    Nothing,
    /// No arguments: what most handlers answer to most events, mostly unasked, so nothing is written before it is sent.
    Empty,
    Arguments(Unaddressed),
    /// Those of a client, to be copied when it is known where to.
    Forwarded(Arguments),
}

impl Reply {
    /// No answer, ever: the client waits until its own timeout.
    pub const fn none() -> Self {
        Self::said(Said::Nothing)
    }

    /// An ack without arguments.
    pub const fn empty() -> Self {
        Self::said(Said::Empty)
    }

    /// An ack of one argument.
    pub fn json(value: &(impl Serialize + ?Sized)) -> Self {
        Self::write(|writer| writer.arg(value))
    }

    /// An ack of as many arguments as `args` has; see [`IntoArgs`].
    pub fn args(args: impl IntoArgs) -> Self {
        Self::write(|writer| args.write_args(writer))
    }

    /// An ack of one argument, `{"error":{"code":…,"message":…}}`: the form in which sockeye itself tells errors.
    ///
    /// `code` is for programs, `message` for people.
    pub fn error(code: impl AsRef<str>, message: impl fmt::Display) -> Self {
        Self::json(&ErrorReply { error: ErrorBody { code: code.as_ref(), message: &message.to_string() } })
            .into_error()
    }

    /// The same answer, seen as an [error](Self::is_error) by those who look at it.
    #[must_use]
    pub fn into_error(mut self) -> Self {
        self.failed = true;
        self
    }

    /// Whether the answer tells of an error: it is the `Err` of a handler, what could not be extracted, or made by
    /// [`error`](Self::error). For layers; on the wire an error is an ack like any other.
    pub const fn is_error(&self) -> bool {
        self.failed
    }

    /// The code of an [`error`](Self::error) reply, such as `invalid_payload`.
    pub fn error_code(&self) -> Option<String> {
        #[derive(Deserialize)]
        struct Told {
            error: Code,
        }
        #[derive(Deserialize)]
        struct Code {
            code: String,
        }
        let told: Told = self.arguments()?.deserialize_first().ok()?;
        Some(told.error.code)
    }

    /// What an event is answered that nobody listens to. It gives way to whoever has taken the ack.
    pub fn unknown_event() -> Self {
        Self { implicit: true, ..Self::error("unknown_event", "nobody listens to this event") }
    }

    /// Whether there is something to say.
    pub const fn is_some(&self) -> bool {
        !self.is_none()
    }

    /// Whether there is nothing to say.
    pub const fn is_none(&self) -> bool {
        matches!(self.said, Said::Nothing)
    }

    /// The arguments as the text of a JSON array, with placeholders where attachments belong.
    pub fn as_json(&self) -> Option<&str> {
        match &self.said {
            Said::Nothing => None,
            Said::Empty => Some("[]"),
            Said::Arguments(arguments) => Some(arguments.json()),
            Said::Forwarded(arguments) => Some(arguments.as_json()),
        }
    }

    /// The arguments once more, as whoever asked for the ack reads them: attachments included. `None` when nothing is said,
    /// or something that is nested deeper than 128.
    ///
    /// ```
    /// use sockeye_core::Reply;
    ///
    /// let reply = Reply::args((1, "two"));
    /// let arguments = reply.arguments().unwrap();
    /// assert_eq!(arguments.deserialize_tuple::<(u8, String)>().unwrap(), (1, "two".to_owned()));
    /// ```
    pub fn arguments(&self) -> Option<Arguments> {
        match &self.said {
            Said::Nothing => None,
            Said::Empty => Some(Arguments::default()),
            Said::Arguments(arguments) => read_back(arguments).ok(),
            Said::Forwarded(arguments) => Some(arguments.clone()),
        }
    }

    /// A reply that gives way to an [`Acker`](crate::Acker): the handler has returned no more than `()`.
    pub(crate) const fn implicit() -> Self {
        Self { said: Said::Empty, implicit: true, failed: false }
    }

    /// Whether somebody else's answer is to be preferred: of a `()` that a handler has returned, and of
    /// [`unknown_event`](Self::unknown_event).
    pub const fn is_implicit(&self) -> bool {
        self.implicit
    }

    /// The ack packet, if there is something to say.
    pub(crate) fn into_group(self, namespace: &str, ack: u64) -> Option<Group> {
        match self.said {
            Said::Nothing => None,
            Said::Empty => Some(EventWriter::ack(namespace, ack).finish()),
            Said::Arguments(arguments) => Some(arguments.into_ack(namespace, ack)),
            Said::Forwarded(arguments) => encode::forward_ack(namespace, ack, &arguments)
                .or_else(|| Self::args(Raw(arguments)).into_group(namespace, ack)),
        }
    }

    /// A value that cannot be encoded is a mistake of the handler; the client is told that something went wrong.
    pub(crate) fn write(write: impl FnOnce(&mut EventWriter) -> Result<(), EncodeError>) -> Self {
        let mut writer = EventWriter::unaddressed();
        match write(&mut writer) {
            Ok(()) => Self::said(Said::Arguments(writer.seal())),
            Err(error) => {
                tracing::error!(target: "sockeye::reply", %error, "a reply could not be encoded");
                Self::internal()
            }
        }
    }

    /// The error of a server that does not want to say more.
    /// An ack of arguments as they came.
    pub(crate) const fn forward(arguments: Arguments) -> Self {
        Self::said(Said::Forwarded(arguments))
    }

    const fn said(said: Said) -> Self {
        Self { said, implicit: false, failed: false }
    }

    pub(crate) fn internal() -> Self {
        Self::error("internal", "internal error")
    }
}

/// What was encoded, as it would be read. Fails where a value is nested deeper than a reader takes.
pub(crate) fn read_back(written: &Unaddressed) -> Result<Arguments, PayloadError> {
    let attachments = written.attachments().map(Bytes::copy_from_slice).collect();
    Arguments::with_attachments(written.json(), attachments)
}

/// `{"error":{…}}`.
#[derive(Serialize)]
pub(crate) struct ErrorReply<E> {
    pub(crate) error: E,
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    code: &'a str,
    message: &'a str,
}

#[cfg(test)]
mod tests;
