//! The sender of an event.

use std::convert::Infallible;

use super::FromEventParts;
use crate::{EventParts, Socket};

impl<S: Sync> FromEventParts<S> for Socket {
    type Rejection = Infallible;

    async fn from_event_parts(parts: &mut EventParts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.socket().clone())
    }
}
