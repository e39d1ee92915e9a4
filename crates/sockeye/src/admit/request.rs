//! The request that an admit handler sees.

use axum::extract::FromRequestParts;
use axum::{body::Body, extract::Request};
use http::{HeaderName, HeaderValue, Method, StatusCode, header, request::Parts};
use sockeye_core::Socket;

/// The socket that is about to join, for an admit handler that wants it.
///
/// A type of its own: were it [`Socket`], that would be an extractor of events and one of requests, and the compiler
/// could not tell which was meant. What the socket joins or keeps before it is admitted is dropped when it is refused.
#[derive(Clone, Debug)]
pub struct Joining(pub Socket);

impl<S: Sync> FromRequestParts<S> for Joining {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or((StatusCode::INTERNAL_SERVER_ERROR, "this request is not the admission to a namespace"))
    }
}

/// The handshake's head, with the auth payload in place of its body.
pub(super) fn of(socket: Socket) -> Request {
    let mut parts: Parts = socket.request();
    for name in &HIDDEN {
        parts.headers.remove(name);
    }
    let auth = socket.auth().as_slice().to_vec();
    parts.method = Method::POST;
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(auth.len()));
    parts.extensions.insert(Joining(socket));
    Request::from_parts(parts, Body::from(auth))
}

/// Headers that speak of the handshake's connection or body, which this request does not have.
const HIDDEN: [HeaderName; 12] = [
    header::CONNECTION,
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_LOCATION,
    header::CONTENT_RANGE,
    header::EXPECT,
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];
