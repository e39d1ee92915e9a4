//! Which tests a run has run and seen passing, kept in a file for the stage that asks at the end.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

use crate::root::Root;

/// The record of the run under way.
#[derive(Debug)]
pub(crate) struct Ran(Option<File>);

impl Ran {
    /// Forgets what the run before has run.
    pub(crate) fn begin(root: &Root) {
        let _ = fs::remove_file(path(root));
    }

    /// Goes on where the stage before has ended.
    pub(crate) fn go_on(root: &Root) -> Self {
        let path = path(root);
        let opened = path.parent().and_then(|folder| {
            fs::create_dir_all(folder).ok()?;
            OpenOptions::new().create(true).append(true).open(&path).ok()
        });
        Self(opened)
    }

    /// Takes note of a line of `cargo test`, if it says that a test has passed.
    pub(crate) fn note(&mut self, line: &str) {
        if let (Some(file), Some(test)) = (&mut self.0, passed(line)) {
            let _ = writeln!(file, "{test}");
        }
    }

    /// The last parts of the names of all that passed; nothing when no test was run.
    pub(crate) fn names(root: &Root) -> BTreeSet<String> {
        let text = fs::read_to_string(path(root)).unwrap_or_default();
        text.lines().map(ToOwned::to_owned).collect()
    }
}

/// `name` of `test some::module::name ... ok`.
fn passed(line: &str) -> Option<&str> {
    let name = line.strip_prefix("test ")?.strip_suffix(" ... ok")?;
    // Tests that have to panic say so behind their name.
    let name = name.strip_suffix(" - should panic").unwrap_or(name);
    Some(name.rsplit("::").next().unwrap_or(name))
}

fn path(root: &Root) -> PathBuf {
    root.join("target/xtask/ran.txt")
}

#[cfg(test)]
mod tests {
    use super::passed;

    #[test]
    fn a_test_that_passed_is_known_by_its_last_part() {
        assert_eq!(passed("test stories::story_01_a_greeting ... ok"), Some("story_01_a_greeting"));
        assert_eq!(passed("test two_names - should panic ... ok"), Some("two_names"));
        for line in
            ["test other ... FAILED", "test late ... ignored", "test result: ok. 1 passed", "running 2 tests"]
        {
            assert_eq!(passed(line), None, "{line}");
        }
    }
}
