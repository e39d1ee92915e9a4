//! The HTTP shape of every answer.

use http::{HeaderValue, Response, StatusCode, header};
use sockeye_proto::engine::RequestError;

use crate::{Body, exchange::Reply};

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=UTF-8");
const HTML: HeaderValue = HeaderValue::from_static("text/html");
const ACCEPT_ENCODING: HeaderValue = HeaderValue::from_static("accept-encoding");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

impl Reply {
    pub(crate) fn into_response(self) -> Response<Body> {
        match self {
            Self::Ok => with_type(StatusCode::OK, HTML, Body::new("ok")),
            Self::Packets(packets) => {
                let (body, varies, coding) = packets.into_parts();
                let mut response = with_type(StatusCode::OK, TEXT, body);
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
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
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
