//! Formatting, lints, docs, and the one crate that must build without features.

use crate::command::{cargo, succeeds};
use crate::outcome::Outcome;
use crate::root::Root;

pub(crate) fn format(root: &Root) -> Outcome {
    Outcome::of(succeeds(&mut cargo(root, &["fmt", "--all", "--check"])))
}

pub(crate) fn clippy(root: &Root) -> Outcome {
    Outcome::of(succeeds(&mut cargo(
        root,
        &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"],
    )))
}

/// `sockeye-proto` is what a client, or a server on another runtime, would take: it must stand alone.
pub(crate) fn proto_alone(root: &Root) -> Outcome {
    Outcome::of(succeeds(&mut cargo(root, &["build", "-p", "sockeye-proto", "--no-default-features"])))
}

pub(crate) fn docs(root: &Root) -> Outcome {
    let mut command = cargo(root, &["doc", "--workspace", "--no-deps"]);
    Outcome::of(succeeds(command.env("RUSTDOCFLAGS", "-D warnings")))
}
