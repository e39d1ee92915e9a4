//! Everything that `cargo test` runs.

use std::fs;

use crate::command::{cargo, count_tests};
use crate::outcome::Outcome;
use crate::root::Root;

/// Unit, property and integration tests of the crates and the examples.
pub(crate) fn crates(root: &Root) -> Outcome {
    let arguments =
        ["test", "--workspace", "--exclude", "whole-system", "--lib", "--bins", "--tests", "--no-fail-fast"];
    count_tests(root, &mut cargo(root, &arguments))
}

pub(crate) fn docs(root: &Root) -> Outcome {
    count_tests(root, &mut cargo(root, &["test", "--workspace", "--doc", "--no-fail-fast"]))
}

/// What the compiler says of wrong handlers. Not part of plain `cargo test`: another compiler words it otherwise.
pub(crate) fn ui(root: &Root) -> Outcome {
    count_tests(root, cargo(root, &["test", "-p", "sockeye-macros", "--test", "ui"]).env("SOCKEYE_UI", "1"))
}

/// Stock clients: all test files of `tests/tests` but those for the browser.
pub(crate) fn whole_system(root: &Root) -> Outcome {
    run_files(root, |name| !name.starts_with("browser_"), true)
}

pub(crate) fn browser(root: &Root) -> Outcome {
    run_files(root, |name| name.starts_with("browser_"), false)
}

fn run_files(root: &Root, wanted: impl Fn(&str) -> bool, with_unit_tests: bool) -> Outcome {
    let mut arguments = vec!["test".to_owned(), "-p".into(), "whole-system".into(), "--no-fail-fast".into()];
    if with_unit_tests {
        arguments.push("--lib".into());
    }
    let mut names = test_files(root);
    names.retain(|name| wanted(name));
    names.sort();
    arguments.extend(names.into_iter().flat_map(|name| ["--test".to_owned(), name]));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    count_tests(root, &mut cargo(root, &arguments))
}

fn test_files(root: &Root) -> Vec<String> {
    let Ok(folder) = fs::read_dir(root.join("tests/tests")) else { return Vec::new() };
    let name = |entry: fs::DirEntry| entry.file_name().to_str()?.strip_suffix(".rs").map(ToOwned::to_owned);
    folder.flatten().filter_map(name).collect()
}
