//! What the answer of an admission means to the client.

use axum::{body::Body, response::Response};
use http::{Extensions, header::CONTENT_TYPE, response::Parts};
use http_body_util::{BodyExt as _, Limited};
use serde_json::{Value, json};

use super::Refusal;

/// The locals of an admitted socket, or the payload of the CONNECT_ERROR that refuses it.
pub(crate) type Verdict = Result<Extensions, Value>;

/// Reads the answer: 2xx admits, a [`Refusal`] speaks for itself, everything else is told with status and body.
pub(super) async fn of(response: Response) -> Verdict {
    let (mut parts, body) = response.into_parts();
    if parts.status.is_success() {
        return Ok(parts.extensions);
    }
    match parts.extensions.remove::<Refusal>() {
        Some(refusal) => Err(refusal.payload()),
        None => Err(told(&parts, &read(body).await)),
    }
}

fn told(parts: &Parts, body: &[u8]) -> Value {
    let json = if is_json(parts) { serde_json::from_slice(body).ok() } else { None };
    let body = json.unwrap_or_else(|| Value::from(String::from_utf8_lossy(body)));
    let message = match &body {
        Value::String(text) => Some(text.as_str()),
        other => other.get("message").and_then(Value::as_str),
    };
    let message = message
        .filter(|text| !text.is_empty())
        .or_else(|| parts.status.canonical_reason())
        .unwrap_or("refused");
    json!({ "message": message, "data": { "status": parts.status.as_u16(), "body": body } })
}

fn is_json(parts: &Parts) -> bool {
    let Some(Ok(kind)) = parts.headers.get(CONTENT_TYPE).map(|value| value.to_str()) else { return false };
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json") || kind.ends_with("+json")
}

/// The body as far as it is reasonable to send it in a packet; one that is longer, or breaks off, counts as empty.
async fn read(body: Body) -> Vec<u8> {
    let whole = Limited::new(body, BODY_LIMIT).collect().await;
    whole.map(|body| body.to_bytes().to_vec()).unwrap_or_default()
}

const BODY_LIMIT: usize = 16 * 1024;
