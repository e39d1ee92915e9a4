//! A value that should be there, by the program's own doing.

use thiserror::Error;

use crate::{IntoReply, Reply};

/// A handler asks for a value that nobody has left. The client is told `internal`; the log names the type.
#[derive(Debug, Error)]
#[error("there is no `{name}` here")]
pub struct MissingValue {
    name: &'static str,
}

impl MissingValue {
    /// A `T` is missing.
    pub fn new<T>() -> Self {
        Self { name: std::any::type_name::<T>() }
    }
}

impl IntoReply for MissingValue {
    fn into_reply(self) -> Reply {
        // A mistake of the program that every such event meets, not something a client can bring about in a sound one.
        tracing::error!(target: "sockeye::rejection", "a handler asks for `{}`, which nobody has left", self.name);
        Reply::internal()
    }
}
