//! Which crate may depend on which: the arrows of `docs/architecture.md`.

use crate::command::{cargo, output};
use crate::metadata;
use crate::root::Root;

/// A crate of ours, and those of ours it may name outside its tests.
const ARROWS: &[(&str, &[&str])] = &[
    ("sockeye-proto", &[]),
    ("sockeye-core", &["sockeye-proto"]),
    ("sockeye-engine", &["sockeye-proto"]),
    ("sockeye-macros", &[]),
    ("sockeye", &["sockeye-core", "sockeye-engine", "sockeye-macros", "sockeye-proto"]),
    ("sockeye-test", &["sockeye", "sockeye-core", "sockeye-engine", "sockeye-proto"]),
    ("sockeye-admin", &["sockeye", "sockeye-core", "sockeye-proto"]),
    // It names whom it measures; nothing names it.
    (
        "sockeye-bench",
        &[
            "sockeye",
            "sockeye-admin",
            "sockeye-core",
            "sockeye-engine",
            "sockeye-macros",
            "sockeye-proto",
            "sockeye-test",
        ],
    ),
    ("xtask", &[]),
];

/// The protocol crate knows no runtime and no HTTP, not even through a dependency.
const FOREIGN_TO_PROTO: &[&str] = &["tokio", "http", "hyper", "axum", "axum-core", "mio"];

pub(super) fn faults(root: &Root) -> Vec<String> {
    let packages = metadata::workspace(root);
    if packages.is_empty() {
        return vec!["cargo metadata says nothing".to_owned()];
    }
    let ours: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let mut faults = proto_faults(root);
    for package in packages
        .iter()
        .filter(|package| package.manifest.as_deref().is_some_and(|it| it.starts_with("crates/")))
    {
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == package.name) else {
            faults.push(format!("{} has no row in the table of arrows", package.name));
            continue;
        };
        for dependency in package.dependencies.iter().map(String::as_str) {
            if ours.contains(&dependency) && !allowed.contains(&dependency) {
                faults.push(format!("{} must not depend on {dependency}", package.name));
            }
        }
    }
    faults
}

fn proto_faults(root: &Root) -> Vec<String> {
    let tree = ["tree", "-p", "sockeye-proto", "-e", "normal", "--prefix", "none", "--format", "{p}"];
    let Some(tree) = output(&mut cargo(root, &tree)) else { return vec!["cargo tree failed".to_owned()] };
    let names = tree.lines().filter_map(|line| line.split(' ').next());
    let foreign = names.filter(|name| FOREIGN_TO_PROTO.contains(name));
    foreign.map(|name| format!("sockeye-proto must not reach {name}")).collect()
}
