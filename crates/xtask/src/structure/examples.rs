//! Each example says what it shows, and is driven by a test.

use std::collections::BTreeSet;

use crate::root::Root;

pub(super) fn faults(root: &Root) -> Vec<String> {
    let files = root.files();
    let names: BTreeSet<&str> = files
        .iter()
        .filter_map(|file| file.to_str()?.strip_prefix("examples/")?.strip_suffix("/Cargo.toml"))
        .filter(|name| !name.contains('/'))
        .collect();
    let tests: Vec<String> = root
        .files_with(&["rs"])
        .iter()
        .filter(|file| file.starts_with("tests"))
        .filter_map(|file| root.text(file))
        .collect();
    let mut faults = Vec::new();
    for name in names {
        if !files.iter().any(|file| file.to_str() == Some(&format!("examples/{name}/README.md"))) {
            faults.push(format!("{name} has no README.md"));
        }
        let start = format!("Example::start(\"{name}\"");
        if !tests.iter().any(|test| test.contains(&start)) {
            faults.push(format!("no test in tests starts {name}"));
        }
    }
    faults
}
