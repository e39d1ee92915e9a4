//! The binary parts of an event.

use std::{convert::Infallible, future::ready};

use bytes::Bytes;

use super::FromEvent;
use crate::Event;

/// The binary parts of the event, in the order in which its arguments count them. Comes last.
///
/// To get them where they belong in the arguments, put a `Bytes` into the type that [`Data`](crate::Data) reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachments(pub Vec<Bytes>);

impl<S: Sync> FromEvent<S> for Attachments {
    type Rejection = Infallible;

    // Not an `async fn`, which would keep room for the event twice.
    fn from_event(event: Event, _: &S) -> impl Future<Output = Result<Self, Infallible>> + Send {
        ready(Ok(Self(event.arguments().attachments().to_vec())))
    }
}
