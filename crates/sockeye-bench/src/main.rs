//! The load generator, the orchestrator and the report: `sockeye-bench load WORKLOAD --port P` puts load on a server that
//! runs already, `sockeye-bench run` starts each server, measures it and prints the tables.

#![forbid(unsafe_code)]
#![expect(
    clippy::indexing_slicing,
    reason = "a client that trusts the servers it measures: what is out of bounds ends the measurement, loudly"
)]

use std::process::ExitCode;

mod arguments;
mod figures;
mod load;
mod report;
mod run;

fn main() -> ExitCode {
    let done = match arguments::parse(lexopt::Parser::from_env()) {
        Ok(arguments::Task::Load(load)) => load::run(&load),
        Ok(arguments::Task::Run(plan)) => run::run(&plan),
        Err(fault) => Err(std::io::Error::other(format!("{fault}\n\n{}", arguments::USAGE))),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sockeye-bench: {error}");
            ExitCode::FAILURE
        }
    }
}
