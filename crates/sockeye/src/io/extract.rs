//! The handle as an argument of event handlers.

use sockeye_core::{EventParts, FromEventParts, rejection::MissingValue};

use super::Io;

impl<S: Sync> FromEventParts<S> for Io {
    type Rejection = MissingValue;

    async fn from_event_parts(parts: &mut EventParts, _: &S) -> Result<Self, MissingValue> {
        parts.socket().context().server().get().cloned().ok_or_else(MissingValue::new::<Self>)
    }
}
