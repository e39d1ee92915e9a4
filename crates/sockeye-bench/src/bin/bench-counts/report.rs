//! The table, and what it says of what was recorded.

use std::process::Command;

use crate::{Failure, arguments::Arguments, measure::Counts, record::Record, workload::Workload};

/// Figures as they come.
#[derive(Debug, Default)]
pub(crate) struct Report {
    recorded: Option<Record>,
    now: Record,
    worse: Vec<String>,
}

impl Report {
    pub(crate) fn begin(arguments: &Arguments) -> Result<Self, Failure> {
        let compared = arguments.server.is_ours() && !arguments.record && !arguments.sites;
        if !arguments.sites {
            println!(
                "| workload | one is | instructions | recorded | bound | allocations | system calls | looks at the clock |"
            );
            println!("|---|---|---|---|---|---|---|---|");
        }
        let now = Record { counted_with: tools(), ..Record::default() };
        Ok(Self { recorded: compared.then(Record::read).transpose()?, now, worse: Vec::new() })
    }

    pub(crate) fn line(&mut self, workload: &Workload, counts: &Counts) {
        let Counts { instructions, allocations, system_calls, clock } = *counts;
        let Workload { name, unit, .. } = *workload;
        let recorded = self.recorded.as_ref().and_then(|record| record.instructions.get(name));
        let was = recorded.map_or_else(String::new, |recorded| {
            format!("{recorded} ({:+.1} %)", (instructions / *recorded as f64 - 1.0) * 100.0)
        });
        let bound = workload.bound.map_or_else(String::new, |bound| {
            format!("{bound:.0}, {}", if instructions <= bound { "kept" } else { "passed" })
        });
        println!(
            "| {name} | {unit} | {instructions:.0} | {was} | {bound} | {allocations:.2} | {system_calls:.2} | {clock:.2} |"
        );
        if recorded.is_some_and(|recorded| instructions > *recorded as f64 * TOLERANCE) {
            self.worse.push(format!("{name} takes more than was recorded"));
        }
        if self.recorded.is_some() && workload.bound.is_some_and(|bound| instructions > bound) {
            self.worse.push(format!("{name} takes more than its bound"));
        }
        self.now.instructions.insert(name.to_owned(), instructions.round() as u64);
        self.now.allocations.insert(name.to_owned(), (allocations * 100.0).round() / 100.0);
        self.now.system_calls.insert(name.to_owned(), (system_calls * 100.0).round() / 100.0);
    }

    /// Answers whether nothing is worse.
    pub(crate) fn end(self, arguments: &Arguments) -> Result<bool, Failure> {
        println!("\ncounted with {}", self.now.counted_with);
        if arguments.record {
            self.now.write()?;
        }
        for line in &self.worse {
            println!("{line}");
        }
        Ok(self.worse.is_empty())
    }
}

/// What the figures depend on beside the code.
fn tools() -> String {
    let version = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output().ok()?;
        String::from_utf8(output.stdout).ok()?.lines().next().map(ToOwned::to_owned)
    };
    let tools = [
        version("rustc", &["--version"]),
        version("valgrind", &["--version"]),
        version("getconf", &["GNU_LIBC_VERSION"]),
    ];
    tools.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Above it something has become slower: another layout of the same code makes less of a difference.
const TOLERANCE: f64 = 1.03;
