//! The room that a handler is told of.

use super::FromEventParts;
use crate::{EventParts, Room, rejection::MissingValue};

/// The room that was joined, left, created or deleted, in the handlers of a namespace for that.
impl<S: Sync> FromEventParts<S> for Room {
    type Rejection = MissingValue;

    async fn from_event_parts(parts: &mut EventParts, _: &S) -> Result<Self, MissingValue> {
        parts.extensions().get::<Self>().cloned().ok_or_else(MissingValue::new::<Self>)
    }
}
