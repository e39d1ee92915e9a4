//! `Result<T, T::Rejection>` as an argument: the handler decides what a rejection means.

use std::convert::Infallible;

use super::{FromEvent, FromEventParts};
use crate::{Event, EventParts};

impl<T, S> FromEventParts<S> for Result<T, T::Rejection>
where
    T: FromEventParts<S>,
    S: Sync,
{
    type Rejection = Infallible;

    async fn from_event_parts(parts: &mut EventParts, state: &S) -> Result<Self, Infallible> {
        Ok(T::from_event_parts(parts, state).await)
    }
}

impl<T, S> FromEvent<S> for Result<T, T::Rejection>
where
    T: FromEvent<S>,
    S: Sync,
{
    type Rejection = Infallible;

    fn from_event(event: Event, state: &S) -> impl Future<Output = Result<Self, Infallible>> + Send {
        let extracted = T::from_event(event, state);
        async move { Ok(extracted.await) }
    }
}
