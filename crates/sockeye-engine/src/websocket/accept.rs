//! The opening handshake of RFC 6455, section 4.2, with the reference's answers to what is wrong.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use sockeye_proto::engine::RequestError;
use tungstenite::handshake::derive_accept_key;

use crate::{Body, response};

/// Why a request does not become a websocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Upgrade,
    Connection,
    Key,
    Version,
    Extensions,
    /// The connection cannot become anything else: HTTP/2, or a server that does not offer it.
    NoStream,
}

impl Refused {
    pub(super) fn into_response(self) -> Response<Body> {
        let message = match self {
            Self::Upgrade => "Invalid Upgrade header",
            Self::Connection => "Invalid Connection header",
            Self::Key => "Missing or invalid Sec-WebSocket-Key header",
            Self::Version => "Missing or invalid Sec-WebSocket-Version header",
            Self::Extensions => "Invalid Sec-WebSocket-Extensions header",
            Self::NoStream => return response::refusal(RequestError::BadRequest),
        };
        let mut refusal = response::bad_request(message);
        if self == Self::Version {
            refusal.headers_mut().insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static(VERSION));
        }
        refusal
    }
}

/// The 101.
pub(super) fn accept(headers: &HeaderMap) -> Result<Response<Body>, Refused> {
    if !has_token(headers, &header::UPGRADE, "websocket") {
        return Err(Refused::Upgrade);
    }
    if !has_token(headers, &header::CONNECTION, "upgrade") {
        return Err(Refused::Connection);
    }
    let key = headers.get(header::SEC_WEBSOCKET_KEY).map(HeaderValue::as_bytes);
    let key = key.filter(|key| is_key(key)).ok_or(Refused::Key)?;
    if headers.get(header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != VERSION) {
        return Err(Refused::Version);
    }
    // Base64 is always a legal header value.
    let accept = HeaderValue::try_from(derive_accept_key(key)).map_err(|_| Refused::Key)?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let answer = response.headers_mut();
    answer.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    answer.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    answer.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    if let Some(protocol) = first_protocol(headers) {
        answer.insert(header::SEC_WEBSOCKET_PROTOCOL, protocol);
    }
    Ok(response)
}

/// Sixteen bytes in base64.
fn is_key(key: &[u8]) -> bool {
    // As many as a text of that length may be; a longer one does not fit.
    STANDARD.decode_slice(key, &mut [0; 18]) == Ok(16)
}

fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    tokens(headers, name).any(|offered| offered.eq_ignore_ascii_case(token))
}

/// The first sub-protocol offered is as good as any: the engine has none of its own, and a client that offers some
/// fails when none is chosen.
fn first_protocol(headers: &HeaderMap) -> Option<HeaderValue> {
    let protocol = tokens(headers, &header::SEC_WEBSOCKET_PROTOCOL).next()?;
    HeaderValue::from_str(protocol).ok()
}

fn tokens<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .filter(|token| !token.is_empty())
}

const VERSION: &str = "13";

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(changes: &[(&'static str, Option<&'static str>)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let fine = [
            ("connection", Some("keep-alive, Upgrade")),
            ("upgrade", Some("WebSocket")),
            ("sec-websocket-key", Some("dGhlIHNhbXBsZSBub25jZQ==")),
            ("sec-websocket-version", Some("13")),
        ];
        for (name, value) in fine.iter().chain(changes) {
            match value {
                Some(value) => drop(headers.insert(*name, HeaderValue::from_static(value))),
                None => drop(headers.remove(*name)),
            }
        }
        headers
    }

    #[test]
    fn answers_the_example_of_the_rfc() {
        let response = accept(&headers(&[])).unwrap();
        assert_eq!(response.status(), 101);
        assert_eq!(response.headers()["sec-websocket-accept"], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assert!(!response.headers().contains_key("sec-websocket-protocol"));
    }

    #[test]
    fn takes_the_first_protocol_offered() {
        let response = accept(&headers(&[("sec-websocket-protocol", Some("chat, superchat"))])).unwrap();
        assert_eq!(response.headers()["sec-websocket-protocol"], "chat");
    }

    #[test]
    fn refuses_what_is_no_websocket_handshake() {
        let wrong = [
            ("upgrade", Some("h2c"), Refused::Upgrade),
            ("connection", Some("close"), Refused::Connection),
            ("connection", None, Refused::Connection),
            ("sec-websocket-key", None, Refused::Key),
            ("sec-websocket-key", Some("c2hvcnQ="), Refused::Key),
            ("sec-websocket-version", None, Refused::Version),
            ("sec-websocket-version", Some("12"), Refused::Version),
        ];
        for (name, value, refused) in wrong {
            assert_eq!(accept(&headers(&[(name, value)])).unwrap_err(), refused);
            let answer = refused.into_response();
            assert_eq!(answer.status(), 400);
            let version = answer.headers().get("sec-websocket-version");
            assert_eq!(version.is_some_and(|version| version == "13"), refused == Refused::Version);
        }
    }
}
