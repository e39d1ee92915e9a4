//! A million random inputs for each decoder and each machine, on the compiler at hand.

use crate::command::{cargo, count_tests};
use crate::outcome::Outcome;
use crate::root::Root;

pub(crate) fn run(root: &Root) -> Outcome {
    let mut command = cargo(root, &["test", "-p", "sockeye-proto", "--test", "million"]);
    count_tests(root, command.env("SOCKEYE_INPUTS", "1000000"))
}
