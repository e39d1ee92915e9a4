//! What may be emitted, and what an ack is read as: how many arguments, decided by the type.

use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use sockeye_proto::socket::{Arguments, EncodeError, PayloadError, encode::EventWriter};

use crate::{Args, Raw};

/// The arguments of an event that is emitted.
///
/// How many there are is decided by the type, never by looking at the value:
///
/// | emitted | arguments |
/// |---|---|
/// | `()` | none |
/// | a reference, whatever it points to | one |
/// | a number, a `bool`, a `char`, `String`, `Bytes`, `serde_json::Value` by value | one |
/// | a tuple by value, of any of these | as many as it has elements |
/// | [`Raw`], by value or reference | as many as came, copied as they are |
///
/// So `emit("news", &item)` is one argument even if `item` is a tuple or an array, and `emit("move", (x, &y))` is two.
/// Bytes anywhere inside a value (`Bytes`, `serde_bytes`) travel as attachments.
///
/// Clippy may find the `&` of a tuple literal needless, and without it the tuple is several arguments. Write
/// `(&(1, 2),)` where such a literal is to be one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be emitted",
    label = "no arguments of an event",
    note = "emit a reference (`&value` is one argument), a tuple of references for several, or `()` for none"
)]
pub trait IntoArgs {
    /// Writes the arguments in order.
    ///
    /// # Errors
    /// When a value cannot be written as JSON.
    fn write_args(self, writer: &mut EventWriter) -> Result<(), EncodeError>;

    /// The arguments themselves, if they are none but those that came from elsewhere.
    #[doc(hidden)]
    fn forwarded(&self) -> Option<&Arguments> {
        None
    }
}

/// One argument of an event that is emitted. See [`IntoArgs`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of an event",
    label = "no argument of an event",
    note = "pass a reference: `&value`"
)]
pub trait IntoArg {
    /// Writes the argument.
    ///
    /// # Errors
    /// When the value cannot be written as JSON.
    fn write_arg(self, writer: &mut EventWriter) -> Result<(), EncodeError>;
}

impl<T: Serialize + ?Sized> IntoArg for &T {
    fn write_arg(self, writer: &mut EventWriter) -> Result<(), EncodeError> {
        writer.arg(self)
    }
}

macro_rules! by_value {
    ($($ty:ty)*) => {$(
        impl IntoArg for $ty {
            fn write_arg(self, writer: &mut EventWriter) -> Result<(), EncodeError> {
                writer.arg(&self)
            }
        }
    )*};
}

by_value! { bool char String Value Bytes f32 f64 i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize }

impl<T: IntoArg> IntoArgs for T {
    fn write_args(self, writer: &mut EventWriter) -> Result<(), EncodeError> {
        self.write_arg(writer)
    }
}

impl IntoArgs for () {
    fn write_args(self, _: &mut EventWriter) -> Result<(), EncodeError> {
        Ok(())
    }
}

/// Everything as it came: the text is not read and not checked again, and attachments go along.
///
/// ```
/// use sockeye_core::{EmitError, Raw, Socket};
///
/// async fn echo(socket: Socket, Raw(arguments): Raw) -> Result<(), EmitError> {
///     socket.emit("echo", Raw(arguments)).await
/// }
/// ```
impl IntoArgs for Raw {
    fn write_args(self, writer: &mut EventWriter) -> Result<(), EncodeError> {
        writer.raw(&self.0)
    }

    fn forwarded(&self) -> Option<&Arguments> {
        Some(&self.0)
    }
}

impl IntoArgs for &Raw {
    fn write_args(self, writer: &mut EventWriter) -> Result<(), EncodeError> {
        writer.raw(&self.0)
    }

    fn forwarded(&self) -> Option<&Arguments> {
        Some(&self.0)
    }
}

/// Several values by reference, for acks: what [`Args`] may hold when a handler returns it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of arguments",
    note = "`Args` holds a tuple, as in `Args((a, b))`, of values that implement `serde::Serialize`"
)]
pub trait ArgsTuple {
    /// Writes the elements in order.
    ///
    /// # Errors
    /// When an element cannot be written as JSON.
    fn write_elements(&self, writer: &mut EventWriter) -> Result<(), EncodeError>;
}

impl ArgsTuple for () {
    fn write_elements(&self, _: &mut EventWriter) -> Result<(), EncodeError> {
        Ok(())
    }
}

macro_rules! tuples {
    ($($ty:ident)+) => {
        #[allow(non_snake_case, reason = "elements are named like their types")]
        impl<$($ty: IntoArg),+> IntoArgs for ($($ty,)+) {
            fn write_args(self, writer: &mut EventWriter) -> Result<(), EncodeError> {
                let ($($ty,)+) = self;
                $($ty.write_arg(writer)?;)+
                Ok(())
            }
        }

        #[allow(non_snake_case, reason = "elements are named like their types")]
        impl<$($ty: Serialize),+> ArgsTuple for ($($ty,)+) {
            fn write_elements(&self, writer: &mut EventWriter) -> Result<(), EncodeError> {
                let ($($ty,)+) = self;
                $(writer.arg($ty)?;)+
                Ok(())
            }
        }
    };
}

tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);
tuples!(A B C D E F G H I);
tuples!(A B C D E F G H I J);
tuples!(A B C D E F G H I J K);
tuples!(A B C D E F G H I J K L);

/// What the answer of a client can be read as: the first argument as any type that implements `Deserialize`, several as
/// [`Args`], or all as they came as [`Raw`].
#[diagnostic::on_unimplemented(
    message = "an acknowledgement cannot be read as `{Self}`",
    note = "derive `serde::Deserialize` for the first argument of the ack, or ask for several with `Args<(A, B)>`"
)]
pub trait FromAck: Sized {
    /// Reads the arguments of the ack.
    ///
    /// # Errors
    /// When they have another form.
    fn from_ack(arguments: &Arguments) -> Result<Self, PayloadError>;
}

impl<T: DeserializeOwned> FromAck for T {
    fn from_ack(arguments: &Arguments) -> Result<Self, PayloadError> {
        arguments.deserialize_first()
    }
}

impl<T: DeserializeOwned> FromAck for Args<T> {
    fn from_ack(arguments: &Arguments) -> Result<Self, PayloadError> {
        arguments.deserialize_tuple().map(Self)
    }
}

impl FromAck for Raw {
    fn from_ack(arguments: &Arguments) -> Result<Self, PayloadError> {
        Ok(Self(arguments.clone()))
    }
}
