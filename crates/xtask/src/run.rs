//! Runs stages one after another and sums them up.

use std::process::ExitCode;
use std::time::Instant;

use crate::ran::Ran;
use crate::root::Root;
use crate::stage::Stage;
use crate::table::{Row, print};
use crate::tools::{self, Needs};

/// Installs what the stages need, runs them all, failed ones too, and prints the table.
pub(crate) fn run(root: &Root, stages: &[Stage]) -> ExitCode {
    let needs = stages.iter().fold(Needs::RUST, |needs, stage| needs.and(stage.needs));
    if let Err(missing) = tools::install(root, needs) {
        eprintln!("{missing}");
        return ExitCode::FAILURE;
    }
    Ran::begin(root);
    let rows: Vec<Row> = stages
        .iter()
        .map(|stage| {
            println!("\n== {}: {}", stage.name, stage.purpose);
            let began = Instant::now();
            let outcome = (stage.run)(root);
            let row = Row { stage: stage.name, outcome, took: began.elapsed() };
            println!("== {}: {} s", stage.name, row.took.as_secs());
            row
        })
        .collect();
    if print(&rows) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
