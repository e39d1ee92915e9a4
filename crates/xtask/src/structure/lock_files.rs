//! Lock files name versions and checksums, never the address of one registry or mirror.

use std::ffi::OsStr;

use crate::root::Root;

/// What cargo writes for the public registry, whatever mirror it was fetched from.
const PUBLIC: &str = "registry+https://github.com/rust-lang/crates.io-index";

pub(super) fn faults(root: &Root) -> Vec<String> {
    let mut faults = Vec::new();
    for file in root.files() {
        let text = || root.text(&file).unwrap_or_default();
        let bad = match file.file_name().and_then(OsStr::to_str) {
            Some("package-lock.json" | "npm-shrinkwrap.json") => text().contains("\"resolved\": \"http"),
            Some("Cargo.lock") => {
                text().lines().any(|line| line.starts_with("source = ") && !line.contains(PUBLIC))
            }
            _ => false,
        };
        if bad {
            faults.push(format!("{}: records addresses", file.display()));
        }
    }
    faults
}
