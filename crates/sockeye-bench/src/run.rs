//! The orchestrator: each workload against each server, in turns, a fresh server for every run.

use std::path::PathBuf;
use std::time::{Duration, Instant};
use std::{fs, io};

mod child;
mod machine;
mod plan;
mod results;
mod server;

#[cfg(test)]
pub(crate) use self::results::Run;
pub(crate) use self::{
    machine::Machine,
    plan::{Contestant, ONE_WORKER, Shape, TWO_WORKERS, WORKLOADS, Workload},
    results::Results,
    server::Server,
};
use crate::report;

/// What to measure.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Workloads to run; all when empty.
    pub(crate) only: Vec<String>,
    /// Servers to run them on; all when empty.
    pub(crate) servers: Vec<String>,
    /// How often each server has its turn at each workload.
    pub(crate) repeats: usize,
    /// How long the load of a run counts.
    pub(crate) length: Duration,
    /// How long it runs before.
    pub(crate) warm_up: Duration,
    /// Where the report and the raw figures go.
    pub(crate) out: PathBuf,
}

/// Measures, writes `bench.md` and `bench.json`, and prints the former.
pub(crate) fn run(plan: &Plan) -> io::Result<()> {
    check(plan)?;
    let began = Instant::now();
    let mut results = Results::new(plan);
    for workload in WORKLOADS.iter().filter(|workload| wanted(&plan.only, workload.name)) {
        let mut contestants = Vec::new();
        for contestant in workload.contestants.iter().filter(|it| wanted(&plan.servers, it.server.name())) {
            match contestant.server.missing() {
                None => contestants.push(contestant),
                Some(reason) => results.skip(contestant.server, &reason),
            }
        }
        for repeat in 1..=plan.repeats {
            for contestant in &contestants {
                eprint!(
                    "{:>5.0?} s  {} {repeat}/{}  {}: ",
                    began.elapsed().as_secs(),
                    workload.name,
                    plan.repeats,
                    contestant.label
                );
                match child::measure(workload, contestant, plan) {
                    Ok(figures) => {
                        eprintln!("{}", report::brief(&figures));
                        results.add(workload, contestant, repeat, figures);
                    }
                    Err(fault) => {
                        eprintln!("{fault}");
                        results.fault(workload, contestant, &fault.to_string());
                    }
                }
            }
        }
        // What is there stays there if a later one is interrupted.
        write(plan, &results)?;
    }
    let markdown = write(plan, &results)?;
    println!("{markdown}");
    eprintln!("written to {}", plan.out.display());
    Ok(())
}

/// What has been measured so far.
fn write(plan: &Plan, results: &Results) -> io::Result<String> {
    let markdown = report::markdown(results);
    fs::create_dir_all(&plan.out)?;
    fs::write(plan.out.join("bench.md"), &markdown)?;
    fs::write(plan.out.join("bench.json"), serde_json::to_vec_pretty(results).map_err(io::Error::other)?)?;
    Ok(markdown)
}

/// Names that mean nothing would silently measure nothing.
fn check(plan: &Plan) -> io::Result<()> {
    let unknown = |kind: &str, name: &str| Err(io::Error::other(format!("no {kind} is called `{name}`")));
    for name in &plan.only {
        if WORKLOADS.iter().all(|workload| workload.name != name) {
            return unknown("workload", name);
        }
    }
    for name in &plan.servers {
        if Server::ALL.iter().all(|server| server.name() != name) {
            return unknown("server", name);
        }
    }
    Ok(())
}

fn wanted(names: &[String], name: &str) -> bool {
    names.is_empty() || names.iter().any(|it| it == name)
}
