//! The house rules that a script can check.

use crate::outcome::Outcome;
use crate::root::Root;

mod decoders;
mod directions;
mod examples;
mod folders;
mod fuzz_targets;
mod lock_files;
mod machine_paths;
mod named_tests;
mod sources;

pub(crate) use self::named_tests::test_names;

/// One check: its name, and what finds its faults.
type Check = (&'static str, fn(&Root) -> Vec<String>);

const CHECKS: &[Check] = &[
    ("source files", sources::faults),
    ("unsafe code", sources::unsafe_faults),
    ("top-level folders", folders::faults),
    ("dependency directions", directions::faults),
    ("decoders", decoders::faults),
    ("fuzz targets", fuzz_targets::faults),
    ("examples", examples::faults),
    ("machine paths", machine_paths::faults),
    ("lock files", lock_files::faults),
    ("docs/protocol.md", named_tests::protocol_faults),
    ("promises", named_tests::promise_faults),
];

pub(crate) fn run(root: &Root) -> Outcome {
    CHECKS.iter().fold(Outcome::default(), |outcome, (name, faults)| {
        outcome.and(Outcome::of_faults(name, &faults(root)))
    })
}
