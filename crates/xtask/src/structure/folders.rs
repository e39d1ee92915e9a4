//! The top-level folders: each has a purpose, and no other appears by accident.

use std::collections::BTreeSet;

use crate::root::Root;

const FOLDERS: [&str; 4] = ["crates", "docs", "examples", "tests"];

pub(super) fn faults(root: &Root) -> Vec<String> {
    let files = root.files();
    let top = files
        .iter()
        .filter(|file| file.components().count() > 1)
        .filter_map(|file| file.iter().next()?.to_str());
    let found: BTreeSet<&str> = top.filter(|name| !name.starts_with('.')).collect();
    let expected = BTreeSet::from(FOLDERS);
    let surplus = found.difference(&expected).map(|name| format!("`{name}` has no place"));
    let missing = expected.difference(&found).map(|name| format!("`{name}` is missing"));
    surplus.chain(missing).collect()
}
