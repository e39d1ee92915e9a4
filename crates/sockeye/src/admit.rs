//! Admission to a namespace: an HTTP exchange made of the handshake and the auth payload.

mod refusal;
mod request;
mod service;
mod verdict;

pub(crate) use self::refusal::plain;
pub(crate) use self::verdict::Verdict;
pub use self::{refusal::Refusal, request::Joining, service::AdmitService};

use std::time::Duration;

use axum::{body::Body, extract::Request};
use http::request::Parts;
use sockeye_core::Socket;
use tower::ServiceExt as _;

/// Asks `service` whether `socket` may join. Takes at most `timeout`, the reading of the answer's body included.
pub(crate) async fn ask(service: AdmitService, socket: Socket, timeout: Duration) -> Verdict {
    let exchange = async {
        let Ok(response) = service.oneshot(request::of(socket)).await;
        verdict::of(response).await
    };
    match tokio::time::timeout(timeout, exchange).await {
        Ok(verdict) => verdict,
        Err(_) => Err(plain("admission timed out")),
    }
}

/// Asks `service` whether the client with this handshake may open a session; if not, says why.
pub(crate) fn allows(
    service: AdmitService,
    head: &Parts,
) -> impl Future<Output = Result<(), String>> + Send + use<> {
    let mut head = head.clone();
    // The connection itself is not the handler's to take.
    sockeye_engine::websocket::Upgrade::forget(&mut head.extensions);
    async move {
        let Ok(response) = service.oneshot(Request::from_parts(head, Body::empty())).await;
        let refused = verdict::of(response).await.err();
        let Some(refusal) = refused else { return Ok(()) };
        let message = refusal.get("message").and_then(|message| message.as_str());
        Err(message.unwrap_or("Forbidden").to_owned())
    }
}

/// What a client is told whose admission panicked: nothing of the inside.
pub(crate) fn panicked() -> serde_json::Value {
    plain("internal error")
}
