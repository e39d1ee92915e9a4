//! Parameters of a namespace that do not fit, or are not there.

use std::fmt;

use axum_core::response::{IntoResponse, Response};
use http::StatusCode;
use thiserror::Error;

/// The parameters of a namespace could not be read by [`NamespacePath`](crate::extract::NamespacePath).
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NamespacePathRejection {
    /// They do not fit the type, and the client is told why; status 400.
    #[error("{0}")]
    Unfit(String),
    /// The name of this namespace is no pattern's, or the request is not of a namespace at all: a mistake of the
    /// program; status 500.
    #[error("this namespace has no parameters")]
    Missing,
}

impl NamespacePathRejection {
    pub(crate) fn unfit(error: impl fmt::Display) -> Self {
        tracing::debug!(target: "sockeye::rejection", "parameters of a namespace do not fit the type");
        Self::Unfit(error.to_string())
    }

    pub(crate) fn missing() -> Self {
        // Every request meets it, so a client cannot fill the log more than by asking at all.
        tracing::error!(target: "sockeye::rejection", "`NamespacePath` is asked for where no pattern is");
        Self::Missing
    }

    /// The status that an HTTP answer of it has.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Unfit(_) => StatusCode::BAD_REQUEST,
            Self::Missing => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for NamespacePathRejection {
    fn into_response(self) -> Response {
        match self {
            Self::Unfit(_) => (self.status(), self.to_string()).into_response(),
            Self::Missing => (self.status(), "internal error").into_response(),
        }
    }
}
