//! The closing table: one line a stage, and the sum as the last line.

use std::time::Duration;

use crate::outcome::Outcome;

/// A stage that has run.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) stage: &'static str,
    pub(crate) outcome: Outcome,
    pub(crate) took: Duration,
}

/// Prints the table; true when nothing failed.
pub(crate) fn print(rows: &[Row]) -> bool {
    println!("\n{:<14} {:>7} {:>7} {:>8}", "stage", "passed", "failed", "seconds");
    for Row { stage, outcome, took } in rows {
        println!("{stage:<14} {:>7} {:>7} {:>8.1}", outcome.passed, outcome.failed, took.as_secs_f64());
        for note in &outcome.notes {
            println!("{:<14}   {note}", "");
        }
    }
    let passed: usize = rows.iter().map(|row| row.outcome.passed).sum();
    let failed: usize = rows.iter().map(|row| row.outcome.failed).sum();
    let took: Duration = rows.iter().map(|row| row.took).sum();
    println!("{:<14} {passed:>7} {failed:>7} {:>8.1}\n", "all", took.as_secs_f64());
    println!("{passed} passed, {failed} failed");
    failed == 0
}
