//! Counts what a server's process does for each message: instructions, allocations and system calls, under valgrind.
//!
//! `cargo xtask bench --counts` builds and runs it. Counts are the same in each run, which times never are.

#![forbid(unsafe_code)]

use std::{env, error::Error, process::ExitCode};

use self::{arguments::Arguments, report::Report, workload::WORKLOADS};

mod arguments;
#[path = "../../../../sockeye/tests/allocations/client.rs"]
mod client;
mod loads;
mod measure;
mod profile;
mod record;
mod report;
mod server;
mod sites;
mod workload;

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> ExitCode {
    match Arguments::read(env::args().skip(1)).and_then(|arguments| run(&arguments)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("bench-counts: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Answers whether nothing is worse than it was recorded, and no bound is passed.
fn run(arguments: &Arguments) -> Result<bool, Failure> {
    let mut report = Report::begin(arguments)?;
    for workload in WORKLOADS.iter().filter(|workload| arguments.wants(workload.name)) {
        if arguments.sites {
            sites::print(&arguments.server, workload)?;
            continue;
        }
        let (counts, profile) = match measure::count(&arguments.server, workload) {
            Ok(counted) => counted,
            // Not every server knows everything.
            Err(error) if !arguments.server.is_ours() => {
                println!("| {} | {error} |", workload.name);
                continue;
            }
            Err(error) => return Err(error),
        };
        report.line(workload, &counts);
        if arguments.functions > 0 {
            profile.print(arguments.functions);
        }
    }
    report.end(arguments)
}
