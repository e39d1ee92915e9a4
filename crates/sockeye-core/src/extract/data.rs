//! The first argument of an event.

use serde::de::DeserializeOwned;

use super::{FromEvent, OptionalFromEvent};
use crate::{Event, rejection::DataRejection};

/// The first argument of the event, read as `T`; as a return value, the one argument of the ack. Comes last.
///
/// An array stays one argument; [`Args`](crate::Args) reads several. A missing argument is read as `null`, and surplus
/// ones are ignored. What does not fit is answered with the error `invalid_payload`, which names the place.
///
/// ```
/// use serde::Deserialize;
/// use sockeye_core::Data;
///
/// #[derive(Deserialize)]
/// struct NewMessage {
///     room: String,
///     text: String,
/// }
///
/// async fn message(Data(new): Data<NewMessage>) -> Data<usize> {
///     Data(new.text.len())
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Data<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromEvent<S> for Data<T> {
    type Rejection = DataRejection;

    #[expect(clippy::manual_async_fn, reason = "an `async fn` would keep room for the event twice")]
    fn from_event(event: Event, _: &S) -> impl Future<Output = Result<Self, DataRejection>> + Send {
        async move {
            event
                .arguments()
                .deserialize_first()
                .map(Self)
                .map_err(|error| DataRejection::new(event.name(), error))
        }
    }
}

/// `None` when there is no argument, or `null`.
impl<T: DeserializeOwned, S: Sync> OptionalFromEvent<S> for Data<T> {
    type Rejection = DataRejection;

    fn from_event(
        event: Event,
        state: &S,
    ) -> impl Future<Output = Result<Option<Self>, DataRejection>> + Send {
        let read = <Data<Option<T>> as FromEvent<S>>::from_event(event, state);
        async move { read.await.map(|Data(value)| value.map(Self)) }
    }
}
