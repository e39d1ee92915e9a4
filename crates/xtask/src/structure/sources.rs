//! Source files: short, opened by a sentence, and free of `unsafe`.

use std::ffi::OsStr;
use std::path::Path;

use crate::metadata;
use crate::root::Root;

/// A file longer than this holds more than one idea.
const MOST_LINES: usize = 500;

/// Files that are too long, or do not say what lives there.
pub(super) fn faults(root: &Root) -> Vec<String> {
    let mut faults = Vec::new();
    for file in root.files_with(&["rs", "ts", "tsx", "js", "mjs"]) {
        let text = root.text(&file).unwrap_or_default();
        let lines = text.lines().count();
        if lines > MOST_LINES {
            faults.push(format!("{}: {lines} lines, at most {MOST_LINES}", file.display()));
        }
        if file.extension() == Some(OsStr::new("rs")) && !text.starts_with("//!") {
            faults.push(format!("{}: does not open with `//!`", file.display()));
        }
    }
    faults
}

/// Every crate root forbids `unsafe`, and every package takes the workspace's lints, which forbid it too.
pub(super) fn unsafe_faults(root: &Root) -> Vec<String> {
    let mut faults = Vec::new();
    let manifest = root.text("Cargo.toml").unwrap_or_default();
    if !manifest.contains("unsafe_code = \"forbid\"") {
        faults.push("Cargo.toml: the lint table does not forbid unsafe code".to_owned());
    }
    for package in metadata::workspace(root) {
        let manifest = package.manifest.unwrap_or_default();
        if !root.text(&manifest).unwrap_or_default().contains("[lints]\nworkspace = true") {
            faults.push(format!("{manifest}: does not take the workspace's lints"));
        }
        let folder = Path::new(&manifest).parent().unwrap_or_else(|| Path::new(""));
        for crate_root in ["src/lib.rs", "src/main.rs"] {
            let file = folder.join(crate_root);
            if root.text(&file).is_some_and(|text| !text.contains("#![forbid(unsafe_code)]")) {
                faults.push(format!("{}: does not forbid unsafe code", file.display()));
            }
        }
    }
    faults
}
