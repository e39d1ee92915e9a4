//! The page: built from `web/` when it is missing or stale, and served.

use std::path::PathBuf;

mod build;
mod serve;
mod sources;

pub use build::ensure_built;
pub(crate) use serve::{index, routes};

/// What `/` has to offer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Page {
    /// The folder with the built page.
    Built(PathBuf),
    /// There is none, and this sentence says what to do about it.
    Missing(String),
}

impl Default for Page {
    fn default() -> Self {
        Self::Missing(
            "The page has not been built: start the server with `cargo run -p chat-jwt`.".to_owned(),
        )
    }
}
