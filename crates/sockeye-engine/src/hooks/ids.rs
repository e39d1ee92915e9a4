//! The names of sessions, when the application makes them.

use std::error::Error;

use http::request::Parts;
use sockeye_proto::SessionId;
use tracing::debug;

use super::{
    Hooks,
    caught::{Asked, ask},
};

/// Names the session that a handshake opens.
pub(crate) type GenerateId =
    dyn Fn(&Parts) -> Asked<Result<String, Box<dyn Error + Send + Sync>>> + Send + Sync;

impl Hooks {
    /// Asks for the name of a new session. `None` when the application has none to give, or one that cannot be.
    pub(crate) async fn name(&self, head: &Parts) -> Option<SessionId> {
        let hook = self.generate_id.as_ref()?;
        let refused = |reason: &dyn std::fmt::Display| {
            debug!(target: "sockeye::rejection", %reason, "generate_id gave no id");
        };
        match ask(|| (hook.0)(head), self.handshake_timeout).await {
            Ok(Ok(text)) => {
                let id = SessionId::new(&text);
                if id.is_none() {
                    refused(&"it is empty, too long, or has a character that a URL must escape");
                }
                id
            }
            Ok(Err(error)) => {
                refused(&error);
                None
            }
            Err(no_answer) => {
                refused(&no_answer);
                None
            }
        }
    }
}
