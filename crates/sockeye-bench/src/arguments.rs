//! The command line.

use std::time::Duration;

use lexopt::{Arg, Error, Parser, ValueExt};

use crate::load::{Load, Process};
use crate::run::Plan;

/// What the command line asks for.
#[derive(Debug)]
pub(crate) enum Task {
    /// Put load on one server.
    Load(Load),
    /// Start servers and measure them.
    Run(Plan),
}

pub(crate) const USAGE: &str = "\
usage: sockeye-bench load WORKLOAD --port P [--pid PID] [--seconds S] [--warm-up S] [--conns N] [--window W]
           [--namespace NAME] [--json]
           puts load on a server that runs already at 127.0.0.1:P; with its PID, measures its CPU time and memory
       sockeye-bench run [--only WORKLOAD,..] [--servers SERVER,..] [--repeats N] [--seconds S] [--warm-up S] [--out DIR]
           starts each server, measures it, and writes bench.md and bench.json (default: target/bench)";

pub(crate) fn parse(mut parser: Parser) -> Result<Task, Error> {
    match parser.next()? {
        Some(Arg::Value(task)) if task == "load" => load(parser).map(Task::Load),
        Some(Arg::Value(task)) if task == "run" => run(parser).map(Task::Run),
        Some(other) => Err(other.unexpected()),
        None => Err("nothing to do".into()),
    }
}

fn load(mut parser: Parser) -> Result<Load, Error> {
    let mut load =
        Load { warm_up: Duration::from_secs(1), length: Duration::from_secs(3), ..Load::default() };
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Value(workload) if load.workload.is_empty() => load.workload = workload.string()?,
            Arg::Long("port") => load.port = parser.value()?.parse()?,
            Arg::Long("pid") => load.server = Some(Process::new(parser.value()?.parse()?)),
            Arg::Long("seconds") => load.length = seconds(&mut parser)?,
            Arg::Long("warm-up") => load.warm_up = seconds(&mut parser)?,
            Arg::Long("conns") => load.connections = Some(parser.value()?.parse()?),
            Arg::Long("window") => load.window = Some(parser.value()?.parse()?),
            Arg::Long("namespace") => load.namespace = Some(parser.value()?.string()?),
            Arg::Long("json") => load.json = true,
            other => return Err(other.unexpected()),
        }
    }
    if load.workload.is_empty() || load.port == 0 {
        return Err("a workload and a port are needed".into());
    }
    Ok(load)
}

fn run(mut parser: Parser) -> Result<Plan, Error> {
    let mut plan = Plan {
        only: Vec::new(),
        servers: Vec::new(),
        repeats: 3,
        length: Duration::from_secs(3),
        warm_up: Duration::from_secs(1),
        out: "target/bench".into(),
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("only") => plan.only = names(&mut parser)?,
            Arg::Long("servers") => plan.servers = names(&mut parser)?,
            Arg::Long("repeats") => plan.repeats = parser.value()?.parse()?,
            Arg::Long("seconds") => plan.length = seconds(&mut parser)?,
            Arg::Long("warm-up") => plan.warm_up = seconds(&mut parser)?,
            Arg::Long("out") => plan.out = parser.value()?.into(),
            other => return Err(other.unexpected()),
        }
    }
    Ok(plan)
}

fn names(parser: &mut Parser) -> Result<Vec<String>, Error> {
    Ok(parser.value()?.string()?.split(',').map(str::to_owned).collect())
}

fn seconds(parser: &mut Parser) -> Result<Duration, Error> {
    let seconds: f64 = parser.value()?.parse()?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string().into())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use lexopt::Parser;

    use super::{Task, parse};

    #[test]
    fn a_load_is_read_in_any_order() {
        let words = ["load", "--port", "4000", "echo-16", "--seconds", "0.5", "--json"];
        let Task::Load(load) = parse(Parser::from_args(words)).unwrap() else { panic!("a load") };
        assert_eq!((load.workload.as_str(), load.port, load.json), ("echo-16", 4000, true));
        assert_eq!(load.length, Duration::from_millis(500));
    }

    #[test]
    fn names_of_a_run_stand_between_commas() {
        let words = ["run", "--only", "echo-1,rooms", "--repeats", "5"];
        let Task::Run(plan) = parse(Parser::from_args(words)).unwrap() else { panic!("a run") };
        assert_eq!((plan.only, plan.repeats), (vec!["echo-1".to_owned(), "rooms".to_owned()], 5));
    }

    #[test]
    fn what_is_missing_or_unknown_is_a_fault() {
        for words in [&["load", "echo-1"][..], &["load", "--port", "1"], &["load", "--prot", "1"], &[]] {
            assert!(parse(Parser::from_args(words)).is_err(), "{words:?}");
        }
    }
}
