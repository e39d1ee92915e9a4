//! An extractor of axum that runs once per socket.

use axum_core::extract::FromRequestParts;

use super::{FromEventParts, via};
use crate::{EventParts, rejection::HandshakeRejection};

/// An extractor of axum that runs once per socket; later events get a clone of its value.
///
/// The fast way to read the handshake in handlers that run often. What fails is tried again with the next event.
///
/// ```
/// # use axum::http::{StatusCode, request::Parts};
/// # #[derive(Clone)] struct User { name: String }
/// # impl<S: Sync> axum::extract::FromRequestParts<S> for User {
/// #     type Rejection = StatusCode;
/// #     async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, StatusCode> {
/// #         Err(StatusCode::UNAUTHORIZED)
/// #     }
/// # }
/// use sockeye_core::{Data, extract::Handshake};
///
/// async fn whoami(Handshake(user): Handshake<User>) -> Data<String> {
///     Data(user.name)
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Handshake<T>(pub T);

impl<T, S> FromEventParts<S> for Handshake<T>
where
    T: FromRequestParts<S> + Clone + Send + Sync + 'static,
    S: Sync,
{
    type Rejection = HandshakeRejection;

    async fn from_event_parts(parts: &mut EventParts, state: &S) -> Result<Self, Self::Rejection> {
        if let Some(value) = parts.socket().extracted::<T>() {
            return Ok(Self(value));
        }
        let value = <T as FromEventParts<S, via::Handshake>>::from_event_parts(parts, state).await?;
        parts.socket().keep_extracted(value.clone());
        Ok(Self(value))
    }
}
