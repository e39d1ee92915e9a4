//! The name of an event.

use std::{convert::Infallible, sync::Arc};

use super::FromEventParts;
use crate::EventParts;

/// The name of the event, for handlers that serve several. It is the client's text: escape it in logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventName(pub Arc<str>);

impl<S: Sync> FromEventParts<S> for EventName {
    type Rejection = Infallible;

    async fn from_event_parts(parts: &mut EventParts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(Arc::from(parts.name())))
    }
}
