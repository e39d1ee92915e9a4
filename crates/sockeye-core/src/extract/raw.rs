//! The arguments as they came.

use std::convert::Infallible;

use sockeye_proto::socket::Arguments;

use super::FromEvent;
use crate::Event;

/// The arguments of the event as they came: the text of a JSON array, and attachments. Comes last.
///
/// They may be emitted on, or returned as the ack, without being read: the cheapest way to pass on what came.
///
/// ```
/// use sockeye_core::Raw;
///
/// async fn echo(arguments: Raw) -> Raw {
///     arguments
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Raw(pub Arguments);

impl<S: Sync> FromEvent<S> for Raw {
    type Rejection = Infallible;

    // Not `ready`, from which the arguments would be taken in pieces that no move can forward.
    #[expect(clippy::manual_async_fn, reason = "an `async fn` would keep room for the event twice")]
    fn from_event(event: Event, _: &S) -> impl Future<Output = Result<Self, Infallible>> + Send {
        async move { Ok(Self(event.into_parts().1)) }
    }
}
