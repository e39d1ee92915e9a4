//! The load generator: `sockeye-bench load WORKLOAD --port P` puts load on a server that runs already.

#![forbid(unsafe_code)]
#![expect(
    clippy::indexing_slicing,
    reason = "a client that trusts the servers it measures: what is out of bounds ends the measurement, loudly"
)]

use std::process::ExitCode;

mod arguments;
mod figures;
mod load;

fn main() -> ExitCode {
    let done = match arguments::parse(lexopt::Parser::from_env()) {
        Ok(arguments::Task::Load(load)) => load::run(&load),
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
