//! The event as a whole.

use std::convert::Infallible;

use super::FromEvent;
use crate::Event;

impl<S: Sync> FromEvent<S> for Event {
    type Rejection = Infallible;

    async fn from_event(event: Event, _: &S) -> Result<Self, Infallible> {
        Ok(event)
    }
}
