//! Tasks of the project: the whole test run.
fn main() {}
