//! The good half of every acknowledgement: `{ok: true, …}`.

use serde::Serialize;

/// `ok`, and what else there is to say.
#[derive(Debug, Serialize)]
pub(super) struct Done<T> {
    ok: bool,
    #[serde(flatten)]
    rest: T,
}

/// Nothing else to say.
#[derive(Debug, Serialize)]
pub(super) struct Nothing {}

impl<T> Done<T> {
    /// It is done, and this came of it.
    pub(super) fn with(rest: T) -> Self {
        Self { ok: true, rest }
    }
}

impl Done<Nothing> {
    /// It is done.
    #[must_use]
    pub(super) fn plain() -> Self {
        Self::with(Nothing {})
    }
}
