//! `Option<T>` as an argument: as in axum, absent is `None`, and wrong is still refused.

use super::{FromEvent, FromEventParts};
use crate::{Event, EventParts, IntoReply};

/// Makes `Option<Self>` an argument, for what may be absent.
pub trait OptionalFromEventParts<S>: Sized {
    /// What the client is told when it is there and wrong.
    type Rejection: IntoReply;

    /// Extracts; `None` when it is absent.
    fn from_event_parts(
        parts: &mut EventParts,
        state: &S,
    ) -> impl Future<Output = Result<Option<Self>, Self::Rejection>> + Send;
}

/// Makes `Option<Self>` a last argument, for what may be absent.
pub trait OptionalFromEvent<S>: Sized {
    /// What the client is told when it is there and wrong.
    type Rejection: IntoReply;

    /// Extracts; `None` when it is absent.
    fn from_event(
        event: Event,
        state: &S,
    ) -> impl Future<Output = Result<Option<Self>, Self::Rejection>> + Send;
}

impl<T, S> FromEventParts<S> for Option<T>
where
    T: OptionalFromEventParts<S>,
    S: Sync,
{
    type Rejection = T::Rejection;

    async fn from_event_parts(parts: &mut EventParts, state: &S) -> Result<Self, Self::Rejection> {
        T::from_event_parts(parts, state).await
    }
}

impl<T, S> FromEvent<S> for Option<T>
where
    T: OptionalFromEvent<S>,
    S: Sync,
{
    type Rejection = T::Rejection;

    fn from_event(event: Event, state: &S) -> impl Future<Output = Result<Self, Self::Rejection>> + Send {
        T::from_event(event, state)
    }
}
