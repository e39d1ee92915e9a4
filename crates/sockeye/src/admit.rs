//! Admission to a namespace: an HTTP exchange made of the handshake and the auth payload.

mod refusal;
mod request;
mod service;
mod verdict;

pub(crate) use self::verdict::Verdict;
pub use self::{refusal::Refusal, request::Joining, service::AdmitService};

use std::time::Duration;

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
        Err(_) => Err(refusal::plain("admission timed out")),
    }
}

/// What a client is told whose admission panicked: nothing of the inside.
pub(crate) fn panicked() -> serde_json::Value {
    refusal::plain("internal error")
}
