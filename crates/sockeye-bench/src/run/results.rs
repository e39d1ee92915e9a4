//! All that was measured, as the raw JSON keeps it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Contestant, Machine, Plan, Server, Workload};
use crate::figures::Figures;

/// The runs of one `sockeye-bench run`, and what a reader should know of them.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Results {
    pub(crate) machine: Machine,
    pub(crate) repeats: usize,
    /// How long each load counted, in seconds.
    pub(crate) seconds: f64,
    /// What each server is, of those that took part.
    pub(crate) versions: BTreeMap<String, String>,
    /// Servers that did not take part, and why.
    pub(crate) skipped: BTreeMap<String, String>,
    /// Runs that came to nothing, and why.
    pub(crate) faults: Vec<String>,
    pub(crate) runs: Vec<Run>,
}

/// One run.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Run {
    pub(crate) workload: String,
    /// The server, or what its row is called where it takes part in several ways.
    pub(crate) server: String,
    pub(crate) repeat: usize,
    pub(crate) figures: Figures,
}

impl Results {
    pub(crate) fn new(plan: &Plan) -> Self {
        Self {
            machine: Machine::here(),
            repeats: plan.repeats,
            seconds: plan.length.as_secs_f64(),
            versions: BTreeMap::new(),
            skipped: BTreeMap::new(),
            faults: Vec::new(),
            runs: Vec::new(),
        }
    }

    pub(crate) fn skip(&mut self, server: Server, reason: &str) {
        let name = server.name().to_owned();
        if self.skipped.insert(name, reason.to_owned()).is_none() {
            eprintln!("{} is left out: {reason}", server.name());
        }
    }

    pub(crate) fn fault(&mut self, workload: &Workload, contestant: &Contestant, fault: &str) {
        self.faults.push(format!("{} on {}: {fault}", workload.name, contestant.label));
    }

    pub(crate) fn add(
        &mut self,
        workload: &Workload,
        contestant: &Contestant,
        repeat: usize,
        figures: Figures,
    ) {
        let server = contestant.server;
        self.versions.entry(server.name().to_owned()).or_insert_with(|| server.version());
        let (workload, server) = (workload.name.to_owned(), contestant.label.to_owned());
        self.runs.push(Run { workload, server, repeat, figures });
    }

    /// What the runs of one row have measured of one figure, in their order.
    pub(crate) fn values(&self, workload: &str, server: &str, figure: &str) -> Vec<f64> {
        let runs = self.runs.iter().filter(|run| run.workload == workload && run.server == server);
        runs.filter_map(|run| run.figures.value(figure)).collect()
    }
}
