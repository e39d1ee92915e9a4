//! Several arguments of an event.

use serde::de::DeserializeOwned;

use super::FromEvent;
use crate::{Event, rejection::DataRejection};

/// Several arguments of the event, read as a tuple; as a return value, several arguments of the ack. Comes last.
///
/// Surplus arguments are ignored, and a missing one is read as `null`, so that an `Option` in the tuple makes it
/// optional. `Args<()>` takes none. What does not fit is answered with the error `invalid_payload`, which names the
/// argument and the place in it.
///
/// ```
/// use sockeye_core::Args;
///
/// async fn draw(Args((x, y, color)): Args<(i32, i32, Option<String>)>) -> Args<(i32, i32)> {
///     Args((x, y))
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Args<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromEvent<S> for Args<T> {
    type Rejection = DataRejection;

    #[expect(clippy::manual_async_fn, reason = "an `async fn` would keep room for the event twice")]
    fn from_event(event: Event, _: &S) -> impl Future<Output = Result<Self, DataRejection>> + Send {
        async move {
            event
                .arguments()
                .deserialize_tuple()
                .map(Self)
                .map_err(|error| DataRejection::new(event.name(), error))
        }
    }
}
