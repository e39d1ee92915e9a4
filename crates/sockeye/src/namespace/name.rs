//! What a namespace may be called.

/// # Errors
/// What is wrong with the name of a namespace.
pub(crate) fn check(name: &str) -> Result<(), &'static str> {
    if !name.starts_with('/') {
        return Err("begins with a slash");
    }
    if name.contains([',', '?', '{', '}']) {
        // The first two end it on the wire; braces are for patterns, and names are exact.
        return Err("has neither comma, question mark nor brace");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_fits_on_the_wire() {
        for good in ["/", "/chat", "/a/b c/ü", "//", "/#"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in ["", "chat", "/a,b", "/a?b", "/{id}", "/a}"] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
