//! The Rust version that the manifests promise is one that builds the workspace.

use std::process::Command;

use semver::Version;

use crate::command::{output, succeeds};
use crate::metadata;
use crate::outcome::Outcome;
use crate::root::Root;

/// When the compiler at hand is the promised one, the other stages are the proof; a newer one needs rustup.
pub(crate) fn run(root: &Root) -> Outcome {
    let Some(promised) = promised(root) else {
        return Outcome::of(false).noted("no rust-version in Cargo.toml");
    };
    let Some(at_hand) = at_hand() else { return Outcome::of(false).noted("rustc does not say its version") };
    if metadata::workspace(root).is_empty() {
        return Outcome::of(false).noted("cargo metadata says nothing");
    }
    if (at_hand.major, at_hand.minor) == (promised.major, promised.minor) {
        return Outcome::of(true)
            .noted(format!("rustc {at_hand} is the promised version: the other stages build with it"));
    }
    let toolchain = format!("{}.{}", promised.major, promised.minor);
    let installed =
        succeeds(Command::new("rustup").args(["toolchain", "install", "--profile", "minimal", &toolchain]));
    let built = installed
        && succeeds(
            Command::new("rustup")
                .args(["run", &toolchain, "cargo", "check", "--workspace", "--all-targets"])
                .env("CARGO_TARGET_DIR", root.join("target/promised"))
                .current_dir(root.path()),
        );
    Outcome::of(built).noted(format!("built with {toolchain}, the promised version, beside rustc {at_hand}"))
}

fn promised(root: &Root) -> Option<Version> {
    let manifest: toml::Table = root.text("Cargo.toml")?.parse().ok()?;
    let version = manifest.get("workspace")?.get("package")?.get("rust-version")?.as_str()?;
    Version::parse(&format!("{version}.0")).or_else(|_| Version::parse(version)).ok()
}

fn at_hand() -> Option<Version> {
    let printed = output(Command::new("rustc").arg("--version"))?;
    Version::parse(printed.split(' ').nth(1)?).ok()
}
