//! The opening handshake of RFC 6455, section 4.2, with the reference's answers to what is wrong.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use tungstenite::handshake::derive_accept_key;

use crate::{Body, response::bad_request};

/// The 101, or the refusal.
pub(super) fn accept(headers: &HeaderMap) -> Result<Response<Body>, Response<Body>> {
    if !has_token(headers, &header::UPGRADE, "websocket") {
        return Err(bad_request("Invalid Upgrade header"));
    }
    if !has_token(headers, &header::CONNECTION, "upgrade") {
        return Err(bad_request("Invalid Connection header"));
    }
    let key = headers.get(header::SEC_WEBSOCKET_KEY).map(HeaderValue::as_bytes).filter(|key| is_key(key));
    let key = key.ok_or_else(|| bad_request("Missing or invalid Sec-WebSocket-Key header"))?;
    if headers.get(header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != VERSION) {
        let mut refusal = bad_request("Missing or invalid Sec-WebSocket-Version header");
        refusal.headers_mut().insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static(VERSION));
        return Err(refusal);
    }
    // Base64 is always a legal header value.
    let accept = HeaderValue::try_from(derive_accept_key(key)).map_err(|_| bad_request("Bad request"))?;
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
    STANDARD.decode(key).is_ok_and(|bytes| bytes.len() == 16)
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
        let wrong: [(&'static str, Option<&'static str>); 7] = [
            ("upgrade", Some("h2c")),
            ("connection", Some("close")),
            ("connection", None),
            ("sec-websocket-key", None),
            ("sec-websocket-key", Some("c2hvcnQ=")),
            ("sec-websocket-version", None),
            ("sec-websocket-version", Some("12")),
        ];
        for change in wrong {
            let refusal = accept(&headers(&[change])).unwrap_err();
            assert_eq!(refusal.status(), 400, "{change:?}");
            let names_version =
                refusal.headers().get("sec-websocket-version").is_some_and(|value| value == "13");
            assert_eq!(names_version, change.0 == "sec-websocket-version");
        }
    }
}
