//! `cargo xtask limits`: writes `docs/limits.md` anew from the code.

use std::process::ExitCode;

use crate::command::{cargo, succeeds};
use crate::root::Root;

pub(crate) fn run(root: &Root) -> ExitCode {
    // The test that holds the page current knows how to make it.
    let mut test = cargo(root, &["test", "--quiet", "-p", "sockeye", "--test", "limits"]);
    if succeeds(test.env("SOCKEYE_WRITE_LIMITS", "1")) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
