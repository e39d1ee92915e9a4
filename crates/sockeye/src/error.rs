//! What is said when a layer around the handlers fails.

use std::{fmt, sync::Arc};

use sockeye_core::Reply;
use tower::{BoxError, load_shed::error::Overloaded, timeout::error::Elapsed};

/// Makes a reply of the error of a layer.
#[derive(Clone)]
pub(crate) struct OnError(Option<Arc<dyn Fn(BoxError) -> Reply + Send + Sync>>);

impl OnError {
    pub(crate) const DEFAULT: Self = Self(None);

    pub(crate) fn new(reply: impl Fn(BoxError) -> Reply + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(reply)))
    }

    pub(crate) fn reply(&self, error: BoxError) -> Reply {
        match &self.0 {
            Some(reply) => reply(error),
            None => default_reply(&error),
        }
    }
}

impl fmt::Debug for OnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "OnError(custom)" } else { "OnError(default)" })
    }
}

/// Says which of the well-known layers refused, and nothing about the inside of others.
fn default_reply(error: &BoxError) -> Reply {
    if error.is::<Elapsed>() {
        return Reply::error("timeout", "the handler took too long");
    }
    if error.is::<Overloaded>() {
        return Reply::error("overloaded", "too many events at once, try again later");
    }
    tracing::debug!(target: "sockeye::rejection", error = ?error.to_string(), "a layer failed");
    Reply::error("internal", "internal error")
}
