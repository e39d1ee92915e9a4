//! Licences and advisories: by cargo-deny when it is there, else by what `deny.toml` says itself.

mod expression;

use std::process::{Command, Stdio};

use semver::{Version, VersionReq};
use toml::{Table, Value};

use crate::command::{cargo, succeeds};
use crate::metadata::{self, Package};
use crate::outcome::Outcome;
use crate::root::Root;

/// Without cargo-deny the licences and the banned versions of `deny.toml` are still held; the advisory database is not asked.
pub(crate) fn run(root: &Root) -> Outcome {
    let there =
        Command::new("cargo-deny").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if there.is_ok_and(|status| status.success()) {
        return Outcome::of(succeeds(&mut cargo(root, &["deny", "check"])));
    }
    let text = root.text("deny.toml").unwrap_or_default();
    let Ok(deny) = text.parse::<Table>() else {
        return Outcome::of(false).noted("deny.toml is not readable");
    };
    let packages = metadata::everything(root);
    Outcome::of_faults("licences", &licences(&deny, &packages))
        .and(Outcome::of_faults("versions", &versions(&deny, &packages)))
        .noted("cargo-deny is not installed: licences and version floors of deny.toml checked without it")
}

fn licences(deny: &Table, packages: &[Package]) -> Vec<String> {
    let allowed: Vec<&str> = strings(deny, "licenses", "allow");
    if packages.is_empty() || allowed.is_empty() {
        return vec!["nothing to compare".to_owned()];
    }
    let refused = |package: &&Package| !expression::is_allowed(&package.license, &allowed);
    packages
        .iter()
        .filter(refused)
        .map(|it| format!("{} {}: {:?}", it.name, it.version, it.license))
        .collect()
}

/// `[bans] deny` entries of the form `{ crate = "name@<1.2.3", reason = "…" }`: floors below which an advisory stands.
fn versions(deny: &Table, packages: &[Package]) -> Vec<String> {
    let mut faults = Vec::new();
    let entries = deny.get("bans").and_then(|bans| bans.get("deny")).and_then(Value::as_array);
    for entry in entries.into_iter().flatten() {
        let Some(spec) = entry.get("crate").and_then(Value::as_str) else { continue };
        let (name, range) = spec.split_once('@').unwrap_or((spec, "*"));
        let Ok(range) = VersionReq::parse(range) else {
            faults.push(format!("deny.toml: {spec} is no range"));
            continue;
        };
        let hit = |package: &&Package| {
            package.name == name
                && Version::parse(&package.version).is_ok_and(|version| range.matches(&version))
        };
        faults.extend(
            packages.iter().filter(hit).map(|it| format!("{} {} is banned by {spec}", it.name, it.version)),
        );
    }
    faults
}

fn strings<'a>(deny: &'a Table, section: &str, key: &str) -> Vec<&'a str> {
    let list = deny.get(section).and_then(|section| section.get(key)).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).collect()
}
