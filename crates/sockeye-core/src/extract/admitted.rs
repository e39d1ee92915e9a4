//! What the admission has left.

use super::{FromEventParts, OptionalFromEventParts};
use crate::{EventParts, rejection::MissingValue};

/// A value that the admission of this socket has left: what the admit handler returned as an `Extension`.
///
/// A handler that asks for a value which the admission does not leave is a mistake of the program: the client is told
/// `internal`, and the log names the type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Admitted<T>(pub T);

impl<T, S> FromEventParts<S> for Admitted<T>
where
    T: Clone + Send + Sync + 'static,
    S: Sync,
{
    type Rejection = MissingValue;

    async fn from_event_parts(parts: &mut EventParts, _: &S) -> Result<Self, MissingValue> {
        let value = parts.socket().admitted::<T>().cloned();
        value.map(Self).ok_or_else(MissingValue::new::<Self>)
    }
}

/// `None` when the admission has not left such a value.
impl<T, S> OptionalFromEventParts<S> for Admitted<T>
where
    T: Clone + Send + Sync + 'static,
    S: Sync,
{
    type Rejection = std::convert::Infallible;

    async fn from_event_parts(parts: &mut EventParts, _: &S) -> Result<Option<Self>, Self::Rejection> {
        Ok(parts.socket().admitted::<T>().cloned().map(Self))
    }
}
