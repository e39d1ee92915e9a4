//! Where memory is allocated: two runs under DHAT, and their difference.

use std::{collections::HashMap, fs};

use serde::Deserialize;

use crate::{Failure, measure, server::Server, workload::Workload};

/// What DHAT writes, as far as it is looked at.
#[derive(Deserialize)]
struct Heap {
    /// By program point.
    pps: Vec<Point>,
    /// Functions with file and line, in the order of their numbers.
    ftbl: Vec<String>,
}

#[derive(Deserialize)]
struct Point {
    /// Blocks in all.
    tbk: f64,
    /// The numbers of the functions, innermost first.
    fs: Vec<usize>,
}

/// Lists where the allocations of one message are made, the most frequent first.
pub(crate) fn print(server: &Server, workload: &Workload) -> Result<(), Failure> {
    let [short, long] = workload.rounds;
    let messages = f64::from((long - short) * workload.each_round);
    let before = run(server, workload, short)?;
    let mut sites = run(server, workload, long)?;
    for (site, blocks) in &mut sites {
        *blocks = (*blocks - before.get(site).copied().unwrap_or_default()) / messages;
    }
    let mut sites: Vec<_> = sites.into_iter().collect();
    sites.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    println!("\n{}: {}, allocations for each\n", workload.name, workload.unit);
    for (site, blocks) in sites.into_iter().filter(|(_, blocks)| *blocks > LEAST) {
        println!("{blocks:8.3}  {}", site.join("\n          < "));
    }
    Ok(())
}

fn run(server: &Server, workload: &Workload, rounds: u32) -> Result<HashMap<Vec<String>, f64>, Failure> {
    let file = measure::run_under("dhat", &["--num-callers=40"], server, workload, rounds)?;
    let heap: Heap = serde_json::from_slice(&fs::read(&file)?)?;
    fs::remove_file(&file)?;
    let mut sites = HashMap::new();
    for point in heap.pps {
        let stack = point.fs.iter().filter_map(|number| heap.ftbl.get(*number));
        let stack = stack.map(|function| short(function)).filter(|function| !is_library(function));
        *sites.entry(stack.take(DEEP).collect()).or_default() += point.tbk;
    }
    Ok(sites)
}

/// `0x1234: name (file:1)` without the address, and not too long.
fn short(function: &str) -> String {
    function.split_once(": ").map_or(function, |(_, name)| name).chars().take(140).collect()
}

fn is_library(function: &str) -> bool {
    ["(library/", "vgpreload", "UnknownInlinedFun (library"].iter().any(|part| function.contains(part))
}

/// Of callers, so many are shown.
const DEEP: usize = 8;
/// Rarer than once in two hundred messages is a table that grows.
const LEAST: f64 = 0.005;
