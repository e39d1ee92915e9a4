//! What namespaces are made after, when somebody asks for them.

use std::{fmt, sync::Arc};

use futures_util::future::BoxFuture;
use serde_json::Value;
use sockeye_core::Payload;

use crate::{
    catch::Caught,
    namespace::{Pattern, Table},
};

/// Whether there is to be a namespace of this name: a function of the application that has its state.
pub(crate) type Allow = Arc<dyn Fn(String, Value) -> BoxFuture<'static, bool> + Send + Sync>;

/// A pattern, and what the namespaces made after it share: one table, built once.
pub(crate) struct Parent {
    pub(super) pattern: Pattern,
    pub(super) table: Arc<Table>,
    /// Nothing: whatever fits the pattern.
    pub(super) allow: Option<Allow>,
}

impl Parent {
    pub(crate) fn new(pattern: Pattern, table: Table, allow: Option<Allow>) -> Self {
        Self { pattern, table: Arc::new(table), allow }
    }

    /// Asks the application. What fails, panics included, does not allow.
    pub(super) async fn allows(&self, name: &str, auth: &Payload) -> bool {
        let Some(allow) = &self.allow else { return true };
        let Ok(auth) = serde_json::from_slice(auth) else { return false };
        Caught::build(|| allow(name.to_owned(), auth)).await.unwrap_or(false)
    }
}

impl fmt::Debug for Parent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parent").field("pattern", &self.pattern).finish_non_exhaustive()
    }
}
