//! The HTTP shape of every answer.

use std::sync::LazyLock;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use http_body::Body as _;
use sockeye_proto::engine::RequestError;

use crate::{Body, exchange::Reply};

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=UTF-8");
const HTML: HeaderValue = HeaderValue::from_static("text/html");
const ACCEPT_ENCODING: HeaderValue = HeaderValue::from_static("accept-encoding");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// What stands in every answer to a POST. A copy costs half of what it costs to put the headers together.
static OK: LazyLock<HeaderMap> = LazyLock::new(|| headers(HTML, 2));
/// And in every payload, but for its length.
static PACKETS: LazyLock<HeaderMap> = LazyLock::new(|| headers(TEXT, 0));

fn headers(content_type: HeaderValue, length: u64) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, NO_STORE);
    headers.insert(header::CONTENT_TYPE, content_type);
    headers.insert(header::CONTENT_LENGTH, decimal(length));
    headers
}

fn with_headers(headers: HeaderMap, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.headers_mut() = headers;
    response
}

/// A number as the value of a header; nothing is allocated below a thousand.
fn decimal(number: u64) -> HeaderValue {
    let leading = match number {
        0..=9 => 2,
        10..=99 => 1,
        _ => 0,
    };
    let place = usize::try_from(number).ok().filter(|number| *number < 1000).map(|number| 3 * number);
    place
        .and_then(|place| DIGITS.get(place + leading..place + 3))
        .and_then(|digits| HeaderValue::from_maybe_shared(Bytes::from_static(digits)).ok())
        .unwrap_or_else(|| number.into())
}

/// All numbers below a thousand, three digits each.
static DIGITS: [u8; 3000] = {
    let mut digits = [b'0'; 3000];
    let (mut number, mut left): (u32, &mut [u8]) = (0, &mut digits);
    while let [hundreds, tens, ones, rest @ ..] = left {
        *hundreds += (number / 100) as u8;
        *tens += (number / 10 % 10) as u8;
        *ones += (number % 10) as u8;
        number += 1;
        left = rest;
    }
    digits
};

impl Reply {
    pub(crate) fn into_response(self) -> Response<Body> {
        match self {
            Self::Ok => with_headers(OK.clone(), Body::new("ok")),
            Self::Packets(packets) => {
                let (body, varies, coding) = packets.into_parts();
                let mut headers = PACKETS.clone();
                if let Some(length) = headers.get_mut(header::CONTENT_LENGTH) {
                    *length = decimal(body.size_hint().lower());
                }
                let mut response = with_headers(headers, body);
                if varies {
                    response.headers_mut().insert(header::VARY, ACCEPT_ENCODING);
                }
                if let Some(coding) = coding {
                    response.headers_mut().insert(header::CONTENT_ENCODING, coding);
                }
                response
            }
            Self::Error(error) => refusal(error),
            Self::Empty(status) => empty(status),
        }
    }
}

/// Status and JSON body of a request that the engine does not serve.
pub(crate) fn refusal(error: RequestError) -> Response<Body> {
    with_type(status(error.status()), JSON, Body::new(error.json()))
}

/// A request refused for a reason that the codes do not name: code 3 with a text of its own.
pub(crate) fn bad_request(message: &'static str) -> Response<Body> {
    let body = format!(r#"{{"code":{},"message":"{message}"}}"#, RequestError::BadRequest.code());
    with_type(StatusCode::BAD_REQUEST, JSON, Body::new(body))
}

pub(crate) fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CACHE_CONTROL, NO_STORE);
    response
}

/// To a handshake that the application does not want.
pub(crate) fn forbidden(message: &str) -> Response<Body> {
    let forbidden = RequestError::Forbidden;
    with_type(status(forbidden.status()), JSON, Body::new(forbidden.json_with(message)))
}

/// To a handshake of a page that may not speak for its visitor.
pub(crate) fn foreign_origin() -> Response<Body> {
    forbidden("Origin not allowed")
}

/// To a client that wants a new session while the server ends all of them, or has too many that wait.
pub(crate) fn come_back_later() -> Response<Body> {
    let mut response = empty(StatusCode::SERVICE_UNAVAILABLE);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

pub(crate) fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_REQUEST)
}

fn with_type(status: StatusCode, content_type: HeaderValue, body: Body) -> Response<Body> {
    let mut response = empty(status);
    response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    *response.body_mut() = body;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_written_without_leading_zeros() {
        for number in (0..1001).chain([u64::MAX / 3, u64::MAX]) {
            assert_eq!(decimal(number), number.to_string());
        }
    }
}
