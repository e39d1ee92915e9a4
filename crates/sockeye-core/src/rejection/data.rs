//! Arguments that do not fit the handler's type.

use sockeye_proto::socket::PayloadError;
use thiserror::Error;

use crate::{IntoReply, Reply};

/// The arguments of an event do not fit the handler's type. The client is told `invalid_payload`, and where.
#[derive(Debug, Error)]
#[error("{error}")]
pub struct DataRejection {
    // Not a `source`: the text of this error is that error's.
    error: PayloadError,
}

impl DataRejection {
    pub(crate) fn new(event: &str, error: PayloadError) -> Self {
        // The name is the client's text; `?` escapes it. The error may quote the payload, which is not logged.
        tracing::debug!(target: "sockeye::rejection", ?event, "arguments do not fit the handler's type");
        Self { error }
    }

    /// Where the fault is, such as `0.room`: the argument's number, then keys and indices.
    pub fn path(&self) -> &str {
        self.error.path()
    }
}

impl IntoReply for DataRejection {
    fn into_reply(self) -> Reply {
        Reply::error("invalid_payload", self)
    }
}
