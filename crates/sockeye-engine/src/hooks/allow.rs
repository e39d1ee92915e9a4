//! Whether a client may open a session, asked of the application.

use std::borrow::Cow;

use http::request::Parts;
use sockeye_proto::engine::RequestError;
use tracing::debug;

use super::{
    Hooks,
    caught::{Asked, ask},
};

/// Judges the head of a handshake.
pub(crate) type AllowRequest = dyn Fn(&Parts) -> Asked<Result<(), Refused>> + Send + Sync;

/// Why a client may not open a session; the text reaches it, with status 403 and code 4. Without a text of its own it is
/// `Forbidden`.
///
/// ```
/// use sockeye_engine::{EngineBuilder, Refused};
///
/// let engine = EngineBuilder::default().allow_request(|head| {
///     let known = head.headers.contains_key("authorization");
///     async move { if known { Ok(()) } else { Err(Refused::new("who are you?")) } }
/// });
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(Cow<'static, str>);

impl Refused {
    /// Refuses with these words.
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self(message.into())
    }

    /// The words.
    pub fn message(&self) -> &str {
        &self.0
    }
}

impl Default for Refused {
    fn default() -> Self {
        Self::new(RequestError::Forbidden.message())
    }
}

impl Hooks {
    /// Asks whether this client may open a session. Who gives no answer refuses.
    pub(crate) async fn allow(&self, head: &Parts) -> Result<(), Refused> {
        let Some(hook) = &self.allow_request else { return Ok(()) };
        let verdict = ask(|| (hook.0)(head), self.handshake_timeout).await.unwrap_or_else(|reason| {
            debug!(target: "sockeye::rejection", %reason, "allow_request gave no answer");
            Err(Refused::default())
        });
        if verdict.is_err() {
            debug!(target: "sockeye::rejection", "a handshake was refused by allow_request");
        }
        verdict
    }
}
