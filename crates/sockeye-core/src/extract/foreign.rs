//! Every extractor of axum, on the handshake's request.

use axum_core::{extract::FromRequestParts, response::IntoResponse as _};

use super::{FromEventParts, via};
use crate::{EventParts, handshake::empty_parts, rejection::HandshakeRejection};

#[diagnostic::do_not_recommend]
impl<T, S> FromEventParts<S, via::Handshake> for T
where
    T: FromRequestParts<S>,
    S: Sync,
{
    type Rejection = HandshakeRejection;

    async fn from_event_parts(parts: &mut EventParts, state: &S) -> Result<Self, Self::Rejection> {
        let refused = {
            let extracted = if needs_no_request::<T>() {
                T::from_request_parts(&mut empty_parts(), state).await
            } else {
                T::from_request_parts(parts.request(), state).await
            };
            match extracted {
                Ok(value) => return Ok(value),
                Err(rejection) => rejection.into_response(),
            }
        };
        // The value and the rejection are gone by now: they need not be `Send` across this.
        Err(HandshakeRejection::read(refused).await)
    }
}

/// Whether `T` is axum's `State`, which reads the application's state and nothing else. Rebuilding the request for it
/// would cost more than all the rest of a dispatch.
///
/// Told by the type's name, for this crate does not depend on axum, and `T` need not be `'static`. If axum ever moves
/// the type, this says no, and extraction is slower but right; a test notices.
fn needs_no_request<T>() -> bool {
    std::any::type_name::<T>().starts_with("axum::extract::state::State<")
}

#[cfg(test)]
mod tests {
    use axum::{
        Extension,
        extract::{State, rejection::ExtensionRejection},
    };

    use super::*;

    struct Wrapped<T>(std::marker::PhantomData<T>);

    #[test]
    fn state_alone_needs_no_request() {
        assert!(needs_no_request::<State<u8>>());
        assert!(needs_no_request::<State<std::sync::Arc<[String]>>>());
        assert!(!needs_no_request::<Extension<u8>>());
        assert!(!needs_no_request::<Extension<State<u8>>>());
        assert!(!needs_no_request::<Result<State<u8>, ExtensionRejection>>());
        assert!(!needs_no_request::<Wrapped<State<u8>>>());
    }
}
