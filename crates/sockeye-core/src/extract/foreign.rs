//! Every extractor of axum, on the handshake's request.

use axum_core::{extract::FromRequestParts, response::IntoResponse as _};

use http::request::Parts;

use super::{FromEventParts, namespace_path, via};
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
            let extracted = match needs::<T>() {
                Needs::Nothing => T::from_request_parts(&mut empty_parts(), state).await,
                Needs::Parameters => T::from_request_parts(&mut with_parameters(parts), state).await,
                Needs::Request => T::from_request_parts(parts.request(), state).await,
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

/// What an extractor reads.
#[derive(Debug, PartialEq, Eq)]
enum Needs {
    /// The application's state, and nothing else.
    Nothing,
    /// The parameters of the namespace, and nothing else.
    Parameters,
    /// Whatever there is.
    Request,
}

/// Whether `T` is axum's `State` or our `NamespacePath`. Rebuilding the request for them would cost more than all the
/// rest of a dispatch.
///
/// Told by the type's name, for this crate does not depend on axum, and `T` need not be `'static`. If axum ever moves
/// the type, this asks for the request, and extraction is slower but right; a test notices.
fn needs<T>() -> Needs {
    let name = std::any::type_name::<T>();
    if name.starts_with("axum::extract::state::State<") {
        Needs::Nothing
    } else if name.starts_with(namespace_path::TYPE) {
        Needs::Parameters
    } else {
        Needs::Request
    }
}

/// A request that knows the parameters of the namespace, and nothing else.
fn with_parameters(event: &EventParts) -> Parts {
    let mut parts = empty_parts();
    if let Some(parameters) = event.socket().context().parameters() {
        parts.extensions.insert(parameters.clone());
    }
    parts
}

#[cfg(test)]
mod tests {
    use axum::{
        Extension,
        extract::{State, rejection::ExtensionRejection},
    };

    use super::*;
    use crate::extract::NamespacePath;

    struct Wrapped<T>(std::marker::PhantomData<T>);

    #[test]
    fn state_and_parameters_need_no_request() {
        assert_eq!(needs::<State<u8>>(), Needs::Nothing);
        assert_eq!(needs::<State<std::sync::Arc<[String]>>>(), Needs::Nothing);
        assert_eq!(needs::<Extension<u8>>(), Needs::Request);
        assert_eq!(needs::<Extension<State<u8>>>(), Needs::Request);
        assert_eq!(needs::<Result<State<u8>, ExtensionRejection>>(), Needs::Request);
        assert_eq!(needs::<Wrapped<State<u8>>>(), Needs::Request);
        assert_eq!(needs::<NamespacePath<u8>>(), Needs::Parameters);
        assert_eq!(needs::<NamespacePath<State<u8>>>(), Needs::Parameters);
        assert_eq!(needs::<Wrapped<NamespacePath<u8>>>(), Needs::Request);
    }
}
