//! What a handler may take as an argument.
//!
//! | extractor | gives |
//! |---|---|
//! | [`Data<T>`] | the first argument of the event; consumes the arguments, so it comes last |
//! | [`Args<(A, B)>`](Args) | several arguments; comes last |
//! | [`Raw`], [`Attachments`], [`Event`] | the arguments as they came; come last |
//! | [`Socket`](crate::Socket), [`EventName`] | the sender, and the event's name |
//! | [`Acker`] | the right to answer later |
//! | [`Admitted<T>`] | a value that the admission has left |
//! | any extractor of axum | read from the handshake's request, for each event |
//! | [`Handshake<T>`] | the same, extracted once per socket |
//! | [`Room`](crate::Room) | in `on_join` and its like: which |
//! | [`DisconnectReason`](crate::DisconnectReason) | in a disconnect handler: why |
//! | `Option<T>`, `Result<T, T::Rejection>` | as in axum |

pub mod via;

mod acker;
mod admitted;
mod args;
mod attachments;
mod data;
mod disconnect_reason;
mod event;
mod event_name;
mod foreign;
mod handshake;
mod namespace_path;
mod optional;
mod outcome;
mod raw;
mod room;
mod socket;
#[cfg(test)]
mod tests;

pub use self::{
    acker::Acker,
    admitted::Admitted,
    args::Args,
    attachments::Attachments,
    data::Data,
    event_name::EventName,
    handshake::Handshake,
    namespace_path::NamespacePath,
    optional::{OptionalFromEvent, OptionalFromEventParts},
    raw::Raw,
};

use crate::{Event, EventParts, IntoReply};

/// Types that can be made from an event without its arguments.
///
/// Implement it for extractors of your own that need the socket or the event; one that needs the HTTP request alone is
/// better written as axum's `FromRequestParts`, and then works in routes, in admission and here. `M` says how a type is
/// extracted; leave it out.
///
/// ```
/// use std::convert::Infallible;
/// use sockeye_core::{EventParts, FromEventParts};
///
/// struct RoomCount(usize);
///
/// impl<S: Sync> FromEventParts<S> for RoomCount {
///     type Rejection = Infallible;
///
///     async fn from_event_parts(parts: &mut EventParts, _: &S) -> Result<Self, Infallible> {
///         Ok(Self(parts.socket().rooms().len()))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be extracted from an event",
    label = "not an extractor",
    note = "an argument is one of sockeye's extractors, an axum extractor (it reads the handshake request), or implements `FromEventParts`; one that consumes the payload, such as `Data`, must be the last"
)]
pub trait FromEventParts<S, M = via::Event>: Sized {
    /// What the client is told when it fails, if it asked for an ack.
    type Rejection: IntoReply;

    /// Extracts.
    fn from_event_parts(
        parts: &mut EventParts,
        state: &S,
    ) -> impl Future<Output = Result<Self, Self::Rejection>> + Send;
}

/// Types that can be made from a whole event: what the last argument of a handler must be.
///
/// Every [`FromEventParts`] is one, too.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be extracted from an event",
    label = "not an extractor",
    note = "an argument is one of sockeye's extractors, an axum extractor (it reads the handshake request), or implements `FromEventParts` or `FromEvent`"
)]
pub trait FromEvent<S, M = via::Payload>: Sized {
    /// What the client is told when it fails, if it asked for an ack.
    type Rejection: IntoReply;

    /// Extracts.
    fn from_event(event: Event, state: &S) -> impl Future<Output = Result<Self, Self::Rejection>> + Send;
}

#[diagnostic::do_not_recommend]
impl<T, S, M> FromEvent<S, via::Parts<M>> for T
where
    T: FromEventParts<S, M>,
    S: Sync,
{
    type Rejection = T::Rejection;

    #[expect(clippy::manual_async_fn, reason = "an `async fn` would keep room for the event twice")]
    fn from_event(mut event: Event, state: &S) -> impl Future<Output = Result<Self, Self::Rejection>> + Send {
        async move { T::from_event_parts(event.parts_mut(), state).await }
    }
}
