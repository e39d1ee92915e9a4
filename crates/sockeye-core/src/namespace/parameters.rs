//! What the name of a namespace says by the pattern it was made for.

use std::{fmt, sync::Arc};

/// The parameters of a namespace whose name matches a pattern: `("tenant", "7")` for `/tenant/7` and
/// `/tenant/{tenant}`. Cheap to clone.
///
/// Among the extensions of the request that admission and event handlers see; read by
/// [`NamespacePath`](crate::extract::NamespacePath).
#[derive(Clone)]
pub struct Parameters(Arc<[(Arc<str>, Box<str>)]>);

impl Parameters {
    /// Parameters with their values, in the order of the pattern.
    pub fn new(parameters: impl IntoIterator<Item = (Arc<str>, Box<str>)>) -> Self {
        Self(parameters.into_iter().collect())
    }

    /// Names and values, in the order of the pattern. Values are the client's text.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    /// The value of one parameter.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}
