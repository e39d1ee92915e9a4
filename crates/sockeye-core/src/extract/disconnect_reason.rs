//! Why the socket has left, for disconnect handlers.

use std::convert::Infallible;

use super::{FromEventParts, OptionalFromEventParts};
use crate::{DisconnectReason, EventParts, rejection::MissingValue};

impl<S: Sync> FromEventParts<S> for DisconnectReason {
    type Rejection = MissingValue;

    async fn from_event_parts(parts: &mut EventParts, _: &S) -> Result<Self, MissingValue> {
        parts.socket().disconnect_reason().ok_or_else(MissingValue::new::<Self>)
    }
}

/// `None` while the socket is connected.
impl<S: Sync> OptionalFromEventParts<S> for DisconnectReason {
    type Rejection = Infallible;

    async fn from_event_parts(parts: &mut EventParts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(parts.socket().disconnect_reason())
    }
}
