//! The event as a whole.

use std::{convert::Infallible, future::ready};

use super::FromEvent;
use crate::Event;

impl<S: Sync> FromEvent<S> for Event {
    type Rejection = Infallible;

    // Not an `async fn`, which would keep room for the event twice.
    fn from_event(event: Event, _: &S) -> impl Future<Output = Result<Self, Infallible>> + Send {
        ready(Ok(event))
    }
}
