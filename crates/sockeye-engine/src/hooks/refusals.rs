//! Requests that were refused, told to the application.

use std::panic::{AssertUnwindSafe, catch_unwind};

use http::request::Parts;
use sockeye_proto::engine::RequestError;
use tracing::debug;

use super::Hooks;

/// Hears of a refused request.
pub(crate) type OnRefusal = dyn Fn(RequestError, &Parts) + Send + Sync;

impl Hooks {
    /// Tells the log and the application.
    pub(crate) fn refused(&self, error: RequestError, head: &Parts) {
        debug!(target: "sockeye::rejection", code = error.code(), "a request was refused: {error}");
        let Some(hook) = &self.connection_error else { return };
        // What it panics with was written by the panic hook already.
        let _ = catch_unwind(AssertUnwindSafe(|| (hook.0)(error, head)));
    }
}
