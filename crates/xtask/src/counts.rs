//! `cargo xtask bench --counts`: what the server does for each message, counted under valgrind.

use std::process::ExitCode;

use crate::command::{cargo, succeeds};
use crate::root::Root;

/// Builds the measured servers and counts. `arguments` are those of `bench-counts`, which tells them when it is asked
/// for something it does not know.
pub(crate) fn run(root: &Root, arguments: &[&str]) -> ExitCode {
    // The servers lie beside the binary that starts them.
    let mut build = vec!["build", "--profile", "measured", "--package", "sockeye-bench"];
    let of = arguments.iter().skip_while(|word| **word != "--of").nth(1).and_then(|of| of.split(' ').next());
    for binary in ["bench-sockeye", "bench-counts"].into_iter().chain(of) {
        build.extend(["--bin", binary]);
    }
    if !succeeds(&mut cargo(root, &build)) {
        return ExitCode::FAILURE;
    }
    let run = ["run", "--profile", "measured", "--package", "sockeye-bench", "--bin", "bench-counts", "--"];
    let arguments = [&run[..], arguments].concat();
    if succeeds(&mut cargo(root, &arguments)) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
