//! `cargo xtask attack`: measures what one hostile client can take from the server, in processes of their own.

use std::process::ExitCode;

use crate::command::{cargo, succeeds};
use crate::root::Root;

/// With optimizations, or the figures would be those of the compiler. `arguments` choose some of the rows.
pub(crate) fn run(root: &Root, arguments: &[&str]) -> ExitCode {
    let run = ["run", "--release", "--package", "whole-system", "--bin", "attack", "--"];
    let arguments = [&run[..], arguments].concat();
    if succeeds(&mut cargo(root, &arguments)) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
