//! Files and tests that documents name exist.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::root::Root;

/// `docs/protocol.md` maps clauses to `path` and `path::test_name`, in backticks.
pub(super) fn protocol_faults(root: &Root) -> Vec<String> {
    let Some(text) = root.text("docs/protocol.md") else { return vec!["is missing".to_owned()] };
    let mut named = 0;
    let mut faults = Vec::new();
    for word in quoted(&text) {
        let (path, test) = word.split_once("::").unwrap_or((word, ""));
        if !path.contains('/') || !is_source(path) {
            continue;
        }
        match root.text(path) {
            None => faults.push(format!("`{path}` does not exist")),
            Some(_) if test.is_empty() => {}
            Some(source) if declares(&source, test) => named += 1,
            Some(_) => faults.push(format!("`{path}` has no test `{test}`")),
        }
    }
    if named == 0 && faults.is_empty() {
        faults.push("names no test".to_owned());
    }
    faults
}

/// The README and the guides put the name of a test beside each promise: every long `snake_case` name in backticks
/// is one.
pub(super) fn promise_faults(root: &Root) -> Vec<String> {
    let sources: Vec<String> = root.files_with(&["rs"]).iter().filter_map(|file| root.text(file)).collect();
    let guides = root.files_with(&["md"]).into_iter().filter(|file| file.starts_with("docs/guide"));
    let mut faults = Vec::new();
    for file in [PathBuf::from("README.md")].into_iter().chain(guides) {
        let text = root.text(&file).unwrap_or_default();
        let last_parts = quoted(&text).map(|word| word.rsplit("::").next().unwrap_or(word));
        let names: BTreeSet<&str> = last_parts.filter(|word| is_test_name(word)).collect();
        if names.is_empty() {
            faults.push(format!("{} names no test", file.display()));
        }
        let absent = names.iter().filter(|name| !sources.iter().any(|source| declares(source, name)));
        faults.extend(absent.map(|name| format!("{}: no test is called `{name}`", file.display())));
    }
    faults
}

/// The names of all functions of the sources: what could be a test.
pub(crate) fn test_names(root: &Root) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for file in root.files_with(&["rs"]) {
        let text = root.text(&file).unwrap_or_default();
        let declared = text.split("fn ").skip(1).filter_map(|rest| rest.split(['(', '<']).next());
        names.extend(declared.filter(|name| !name.contains(char::is_whitespace)).map(ToOwned::to_owned));
    }
    names
}

fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2))
}

fn is_source(path: &str) -> bool {
    [".rs", ".mjs", ".ts", ".tsx"].iter().any(|extension| path.ends_with(extension))
}

/// Test names are sentences: three underscores or more, and nothing but letters and digits between.
fn is_test_name(word: &str) -> bool {
    word.matches('_').count() >= 3
        && word.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_')
}

/// A test may stand in a module: `tests::name` is looked up by its last part.
fn declares(source: &str, test: &str) -> bool {
    let name = test.rsplit("::").next().unwrap_or(test);
    source.match_indices(&format!("fn {name}")).any(|(at, found)| {
        let next = source.get(at + found.len()..).and_then(|rest| rest.chars().next());
        matches!(next, Some('(' | '<'))
    })
}

#[cfg(test)]
mod tests {
    use super::{declares, is_test_name, quoted};

    #[test]
    fn only_the_whole_name_counts() {
        assert!(declares("async fn a_b_c_d() {}", "a_b_c_d"));
        assert!(declares("fn a_b_c_d() {}", "tests::a_b_c_d"));
        assert!(!declares("fn a_b_c_d_e() {}", "a_b_c_d"));
    }

    #[test]
    fn names_are_read_from_backticks() {
        assert_eq!(quoted("the `first` and the `second`").collect::<Vec<_>>(), ["first", "second"]);
        assert!(is_test_name("story_01_a_greeting"));
        assert!(!is_test_name("emit_with_ack"));
    }
}
