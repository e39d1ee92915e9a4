//! A response of an axum extractor, told as an ack.

use axum_core::{body::Body, response::Response};
use http::StatusCode;
use http_body_util::{BodyExt as _, Limited};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{IntoReply, Reply, reply::ErrorReply};

/// An axum extractor has refused the handshake's request.
///
/// The client is told `{"error":{"code","message","status"}}`: the code is the status in words (`unauthorized`), the
/// message the `message` of a JSON body, else the text of the body, else the status in words once more.
#[derive(Clone, Debug, Error)]
#[error("{message}")]
pub struct HandshakeRejection {
    status: StatusCode,
    message: String,
}

impl HandshakeRejection {
    /// The status of the extractor's response.
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The text of the extractor's response.
    pub fn message(&self) -> &str {
        &self.message
    }

    pub(crate) async fn read(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let status = parts.status;
        let message = text(body).await.unwrap_or_else(|| reason(status).to_owned());
        tracing::debug!(target: "sockeye::rejection", status = status.as_u16(), "an extractor refused the handshake");
        Self { status, message }
    }
}

impl IntoReply for HandshakeRejection {
    fn into_reply(self) -> Reply {
        let code = reason(self.status).to_lowercase().replace([' ', '-', '\''], "_");
        let error = Refused { code: &code, message: &self.message, status: self.status.as_u16() };
        Reply::json(&ErrorReply { error })
    }
}

#[derive(Serialize)]
struct Refused<'a> {
    code: &'a str,
    message: &'a str,
    status: u16,
}

#[derive(Deserialize)]
struct JsonBody {
    message: String,
}

async fn text(body: Body) -> Option<String> {
    let bytes = Limited::new(body, LONGEST).collect().await.ok()?.to_bytes();
    if let Ok(JsonBody { message }) = serde_json::from_slice(&bytes) {
        return Some(message);
    }
    let text = str::from_utf8(&bytes).ok()?;
    (!text.is_empty()).then(|| text.to_owned())
}

fn reason(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("refused")
}

/// Longer bodies are pages, not messages.
const LONGEST: usize = 16 * 1024;
