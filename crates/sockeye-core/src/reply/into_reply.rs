//! Which types a handler may return.

use std::{any::TypeId, convert::Infallible};

use serde::Serialize;

use super::Reply;
use crate::{Args, Data, Raw, args::ArgsTuple};

/// Types a handler may return. The value becomes the ack, if the client has asked for one.
///
/// | returned | the ack |
/// |---|---|
/// | `()`, `Ok(())` | no argument |
/// | `Ok(value)`, [`Data(value)`](Data) | one argument |
/// | `Args((a, b))`, `Ok(Args((a, b)))` | two |
/// | [`Raw`], `Ok(Raw(arguments))` | as many as it holds, as they came |
/// | `Err(error)` | what `error.into_reply()` says |
/// | [`Reply`] | itself |
/// | [`NoAck`] | none |
///
/// The errors of emitting and joining ([`EmitError`](crate::EmitError) and its like) are replies with a code of their own,
/// such as `closed` or `timeout`, so a handler may return them or pass them on with `?`.
///
/// Implement it for the errors of your application:
///
/// ```
/// use sockeye_core::{IntoReply, Reply};
///
/// enum RoomError {
///     Taken,
/// }
///
/// impl IntoReply for RoomError {
///     fn into_reply(self) -> Reply {
///         match self {
///             Self::Taken => Reply::error("taken", "that name is in use"),
///         }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as an acknowledgement",
    label = "this return type is not a reply",
    note = "return `()`, `Data<T>`, `Args<(A, B)>`, or `Result<T, E>` with `T: Serialize` and `E: IntoReply`"
)]
pub trait IntoReply {
    /// The reply.
    fn into_reply(self) -> Reply;
}

/// A handler that never answers: the client, if it asked, waits until its own timeout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoAck;

impl IntoReply for NoAck {
    fn into_reply(self) -> Reply {
        Reply::none()
    }
}

impl IntoReply for Reply {
    fn into_reply(self) -> Reply {
        self
    }
}

impl IntoReply for () {
    fn into_reply(self) -> Reply {
        Reply::implicit()
    }
}

impl IntoReply for Infallible {
    fn into_reply(self) -> Reply {
        match self {}
    }
}

impl<T: Serialize> IntoReply for Data<T> {
    fn into_reply(self) -> Reply {
        Reply::json(&self.0)
    }
}

impl<T: ArgsTuple> IntoReply for Args<T> {
    fn into_reply(self) -> Reply {
        Reply::write(|writer| self.0.write_elements(writer))
    }
}

impl IntoReply for Raw {
    fn into_reply(self) -> Reply {
        Reply::forward(self.0)
    }
}

impl<T: AckValue, E: IntoReply> IntoReply for Result<T, E> {
    fn into_reply(self) -> Reply {
        match self {
            Ok(value) => value.into_ack(),
            Err(error) => error.into_reply().into_error(),
        }
    }
}

/// What may stand in the `Ok` of a handler: any `T: Serialize`, as one argument, [`Args`], as several, or [`Data`],
/// [`Raw`], [`NoAck`] and [`Reply`], which mean what they mean outside of it.
///
/// There is nothing to implement: derive `serde::Serialize`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as an acknowledgement",
    label = "this is no value of a reply",
    note = "derive `serde::Serialize` for it, or use `Args((a, b))` for several arguments"
)]
pub trait AckValue {
    /// The reply.
    fn into_ack(self) -> Reply;
}

impl<T: Serialize + 'static> AckValue for T {
    fn into_ack(self) -> Reply {
        // By its type and not by what it serializes to: `Ok(Value::Null)` is the argument `null`.
        if TypeId::of::<T>() == TypeId::of::<()>() { Reply::implicit() } else { Reply::json(&self) }
    }
}

macro_rules! as_outside {
    ($(($($bound:tt)*) $ty:ty;)*) => {$(
        impl<$($bound)*> AckValue for $ty {
            fn into_ack(self) -> Reply {
                self.into_reply()
            }
        }
    )*};
}

as_outside! {
    (T: ArgsTuple) Args<T>;
    (T: Serialize) Data<T>;
    () Raw;
    () NoAck;
    () Reply;
}
