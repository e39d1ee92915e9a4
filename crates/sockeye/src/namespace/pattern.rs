//! Patterns of names: `/tenant/{id}`.

use std::{fmt, sync::Arc};

use sockeye_core::Parameters;

use super::name;

/// The names of namespaces that are made when somebody comes. The syntax is that of axum's routes.
pub(crate) struct Pattern {
    text: Arc<str>,
    router: matchit::Router<()>,
    /// The names of the parameters, in their order.
    keys: Box<[Arc<str>]>,
}

impl Pattern {
    /// Whether a name is meant as a pattern.
    pub(crate) fn is_one(name: &str) -> bool {
        name.contains(['{', '}'])
    }

    /// # Errors
    /// What is wrong with it.
    pub(crate) fn parse(text: Arc<str>) -> Result<Self, String> {
        if !text.starts_with('/') {
            return Err("a pattern begins with a slash".to_owned());
        }
        if text.contains([',', '?']) {
            return Err("a pattern has neither comma nor question mark, for names have none".to_owned());
        }
        let mut router = matchit::Router::new();
        router.insert(&*text, ()).map_err(|error| error.to_string())?;
        let keys = text.split('/').filter_map(key).map(Arc::from).collect();
        Ok(Self { text, router, keys })
    }

    /// The pattern as it was written.
    pub(crate) const fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The parameters in `name`, if it is one of this pattern.
    pub(crate) fn parameters(&self, name: &str) -> Option<Parameters> {
        // What no namespace may be called, no client can have made.
        name::check(name).ok()?;
        let matched = self.router.at(name).ok()?;
        // By their names, lest one get the value of another.
        let known = |name: &str| self.keys.iter().find(|key| ***key == *name).cloned();
        let values = matched.params.iter();
        let values =
            values.map(|(name, value)| (known(name).unwrap_or_else(|| name.into()), Box::from(value)));
        Some(Parameters::new(values))
    }
}

/// The name of the parameter that a segment is, or ends with.
fn key(segment: &str) -> Option<&str> {
    let mut rest = segment;
    loop {
        let (_, name) = rest.split_once('{')?;
        // Two braces are one that stands for itself.
        match name.strip_prefix('{') {
            Some(behind) => rest = behind,
            None => {
                let (name, _) = name.split_once('}')?;
                return Some(name.strip_prefix('*').unwrap_or(name));
            }
        }
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pattern").field(&self.text).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str, name: &str) -> Option<Vec<(String, String)>> {
        let parameters = Pattern::parse(pattern.into()).unwrap().parameters(name)?;
        Some(parameters.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    #[test]
    fn names_are_taken_apart() {
        let pairs = |pairs: &[(&str, &str)]| {
            Some(pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect::<Vec<_>>())
        };
        assert_eq!(found("/tenant/{id}", "/tenant/7"), pairs(&[("id", "7")]));
        assert_eq!(found("/{a}/to/{b}", "/x y/to/ü"), pairs(&[("a", "x y"), ("b", "ü")]));
        assert_eq!(found("/files/{*path}", "/files/a/b.txt"), pairs(&[("path", "a/b.txt")]));
        assert_eq!(found("/{*any}", "/a//b"), pairs(&[("any", "a//b")]));
        assert_eq!(found("/tenant-{id}/{room}", "/tenant-7/a"), pairs(&[("id", "7"), ("room", "a")]));
        // Nothing is decoded.
        assert_eq!(found("/{id}", "/%2F"), pairs(&[("id", "%2F")]));
        for (pattern, name) in [
            ("/tenant/{id}", "/tenant/"),
            ("/tenant/{id}", "/tenant"),
            ("/tenant/{id}", "/tenant/7/"),
            ("/tenant/{id}", "/Tenant/7"),
            ("/{*any}", "/"),
            // These would not be names.
            ("/{id}", "/a?b"),
            ("/{id}", "/{id}"),
            ("/{id}", "/a}"),
        ] {
            assert_eq!(found(pattern, name), None, "{pattern} {name}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_told() {
        for bad in ["tenant/{id}", "/{}", "/{a}{b}", "/{a", "/a}", "/{*a}/b", "/{a},", "/{a}?x"] {
            assert!(Pattern::parse(bad.into()).is_err(), "{bad}");
        }
    }
}
