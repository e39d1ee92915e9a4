//! `cargo xtask bench`: servers side by side, built alike, each measured in turn.

use std::env;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use crate::command::{cargo, succeeds};
use crate::npm;
use crate::root::Root;

/// Builds the servers and the load, installs what those of npm need, and measures. `arguments` go to `sockeye-bench run`.
pub(crate) fn run(root: &Root, arguments: &[&str]) -> ExitCode {
    let mut build = vec!["build", "--profile", "measured", "--package", "sockeye-bench"];
    for binary in ["sockeye-bench", "bench-sockeye", "bench-sockeye-mimalloc", "bench-others"] {
        build.extend(["--bin", binary]);
    }
    if !succeeds(&mut cargo(root, &build)) {
        return ExitCode::FAILURE;
    }
    // Without npm the servers of npm are left out, and the report says so.
    if root.join(SERVERS).join("package.json").is_file()
        && let Err(fault) = npm::install(root, SERVERS)
    {
        eprintln!("{fault}");
    }
    let mut measure = Command::new(target(root).join("measured/sockeye-bench"));
    measure.arg("run").args(arguments).current_dir(root.path());
    if succeeds(&mut measure) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Where cargo puts what it builds.
fn target(root: &Root) -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder))
}

/// The servers on Node and Bun.
const SERVERS: &str = "crates/sockeye-bench/node";
