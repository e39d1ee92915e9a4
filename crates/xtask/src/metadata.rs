//! What `cargo metadata` says of the packages.

use serde_json::Value;

use crate::command::{cargo, output};
use crate::root::Root;

/// One package, of the workspace or from the registry.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) license: String,
    /// The manifest, relative to the root; `None` for packages of the registry.
    pub(crate) manifest: Option<String>,
    /// Names of normal and build dependencies, without those for tests.
    pub(crate) dependencies: Vec<String>,
}

/// The packages of the workspace.
pub(crate) fn workspace(root: &Root) -> Vec<Package> {
    packages(root, &["metadata", "--format-version", "1", "--no-deps"])
}

/// All packages the workspace is made of.
pub(crate) fn everything(root: &Root) -> Vec<Package> {
    packages(root, &["metadata", "--format-version", "1"])
}

fn packages(root: &Root, arguments: &[&str]) -> Vec<Package> {
    let printed = output(&mut cargo(root, arguments)).unwrap_or_default();
    let metadata: Value = serde_json::from_str(&printed).unwrap_or_default();
    let list = metadata.get("packages").and_then(Value::as_array);
    list.map(|list| list.iter().map(|package| read(root, package)).collect()).unwrap_or_default()
}

fn read(root: &Root, package: &Value) -> Package {
    let text = |key: &str| package.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let prefix = format!("{}/", root.path().display());
    let dependencies = package.get("dependencies").and_then(Value::as_array);
    let shipped = |dependency: &&Value| dependency.get("kind").and_then(Value::as_str) != Some("dev");
    let name = |dependency: &Value| dependency.get("name").and_then(Value::as_str).map(ToOwned::to_owned);
    Package {
        name: text("name"),
        version: text("version"),
        license: text("license"),
        manifest: text("manifest_path").strip_prefix(&prefix).map(ToOwned::to_owned),
        dependencies: dependencies.into_iter().flatten().filter(shipped).filter_map(name).collect(),
    }
}
