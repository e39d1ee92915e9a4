//! Each fuzz target has its file, its corpus and its test on stable.

use std::path::{Path, PathBuf};

use crate::fuzz::{FOLDER, TARGETS};
use crate::root::Root;

const ON_STABLE: &str = "crates/sockeye-proto/tests/million/targets.rs";

pub(super) fn faults(root: &Root) -> Vec<String> {
    let files = root.files();
    let on_stable = root.text(ON_STABLE).unwrap_or_default();
    let mut faults = Vec::new();
    for target in TARGETS {
        let corpus = Path::new(FOLDER).join("corpus").join(target);
        if !files.iter().any(|file| file.starts_with(&corpus)) {
            faults.push(format!("{target} has no corpus"));
        }
        if !on_stable.contains(&format!("a_million_inputs_to_{target}: {target},")) {
            faults.push(format!("{ON_STABLE} has no test for {target}"));
        }
        if !files.contains(&source(target)) {
            faults.push(format!("{target} has no source"));
        }
    }
    let sources = files.iter().filter(|file| file.starts_with(Path::new(FOLDER).join("fuzz_targets")));
    let unknown = sources.filter(|file| !TARGETS.iter().any(|target| **file == source(target)));
    faults.extend(unknown.map(|file| format!("{} is never run", file.display())));
    faults
}

fn source(target: &str) -> PathBuf {
    Path::new(FOLDER).join("fuzz_targets").join(target).with_extension("rs")
}
