//! Why a client may not join.

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header::CONTENT_TYPE};
use serde::Serialize;
use serde_json::{Value, json};

/// A refusal with the words that reach the client.
///
/// The `connect_error` event of the client gets exactly `{"message": …}`, or `{"message": …, "data": …}`. Returned
/// from an HTTP route, the same JSON is the body of the response.
///
/// ```
/// use axum::http::StatusCode;
/// use sockeye::Refusal;
///
/// async fn admit() -> Result<(), Refusal> {
///     Err(Refusal::new("Authentication failed").data(&["token_missing"]).status(StatusCode::FORBIDDEN))
/// }
/// # sockeye_test::run(async {
/// # let namespace = sockeye::Namespace::new().admit(admit);
/// # let world = sockeye_test::World::new(sockeye::Sockeye::builder().namespace("/", namespace).build());
/// # let error = world.client("/").connect().await.unwrap_err();
/// # assert_eq!((error.message.as_str(), error.data.unwrap()[0].as_str()), ("Authentication failed", Some("token_missing")));
/// # });
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Refusal {
    status: StatusCode,
    message: String,
    data: Option<Value>,
}

impl Refusal {
    /// Refuses with a message, and with status 401 where the same handler answers an HTTP request.
    pub fn new(message: impl Into<String>) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, message: message.into(), data: None }
    }

    /// Adds details, `err.data` at the client. A value that cannot be written as JSON (a map whose keys are not
    /// text) is left out.
    pub fn data(mut self, data: impl Serialize) -> Self {
        self.data = serde_json::to_value(data).ok();
        self
    }

    /// The status of the same answer over HTTP. The client of a namespace does not see it.
    pub const fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The payload of the CONNECT_ERROR packet.
    pub(super) fn payload(&self) -> Value {
        match &self.data {
            Some(data) => json!({ "message": self.message, "data": data }),
            None => plain(&self.message),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        // The refusal rides along, so that layers which rewrite the body do not change what the client is told. Its
        // status must not admit.
        let status = if self.status.is_success() { StatusCode::UNAUTHORIZED } else { self.status };
        let json = [(CONTENT_TYPE, "application/json")];
        let mut response = (status, json, self.payload().to_string()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// A refusal that consists of a message.
pub(crate) fn plain(message: &str) -> Value {
    json!({ "message": message })
}
