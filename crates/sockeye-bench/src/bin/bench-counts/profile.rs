//! What callgrind has written: costs by function and by source file.

use std::collections::HashMap;

use crate::{Failure, measure::Counts};

/// Costs by their place; of a whole run, or of one message.
#[derive(Debug, Default)]
pub(crate) struct Profile {
    instructions: f64,
    syscalls: f64,
    /// Own instructions with what was inlined, and calls.
    functions: HashMap<String, (f64, f64)>,
    /// Own instructions by the file in which they were written.
    files: HashMap<String, f64>,
}

impl Profile {
    /// Reads a profile in callgrind's format, with one line for each place.
    pub(crate) fn read(text: &str) -> Result<Self, Failure> {
        let mut profile = Self::default();
        let mut names: HashMap<(&str, &str), &str> = HashMap::new();
        let (mut function, mut file, mut called) = ("", "", "");
        let mut inclusive = false;
        for line in text.lines() {
            if let Some(costs) = line.strip_prefix("totals: ").or_else(|| line.strip_prefix("summary: ")) {
                let mut costs = costs.split(' ').map(|cost| cost.parse().unwrap_or(0.0));
                profile.instructions = costs.next().unwrap_or(0.0);
                profile.syscalls = costs.next().unwrap_or(0.0);
            } else if let Some(calls) = line.strip_prefix("calls=") {
                let calls = calls.split(' ').next().unwrap_or_default().parse().unwrap_or(0.0);
                profile.functions.entry(called.to_owned()).or_default().1 += calls;
                // The next line is what the call has cost with all that was called in it.
                inclusive = true;
            } else if let Some((key, value)) = line.split_once('=') {
                let kind = if key.ends_with("fn") { "function" } else { "file" };
                let name = match key {
                    "fn" | "cfn" | "fl" | "fi" | "fe" | "cfi" | "cfl" => named(&mut names, kind, value),
                    _ => continue,
                };
                match key {
                    "fn" => function = name,
                    "cfn" => called = name,
                    "fl" | "fi" | "fe" => file = name,
                    _ => {}
                }
            } else if line.starts_with(|first: char| first.is_ascii_digit() || "+-*".contains(first))
                && !std::mem::take(&mut inclusive)
            {
                let own = line.split(' ').nth(1).and_then(|cost| cost.parse().ok()).unwrap_or(0.0);
                profile.functions.entry(function.to_owned()).or_default().0 += own;
                *profile.files.entry(short(file).to_owned()).or_default() += own;
            }
        }
        if profile.instructions == 0.0 { Err("callgrind has counted nothing".into()) } else { Ok(profile) }
    }

    /// What this run did beyond another one, for each of so many messages.
    pub(crate) fn less(mut self, other: &Self, messages: f64) -> Self {
        self.instructions = (self.instructions - other.instructions) / messages;
        self.syscalls = (self.syscalls - other.syscalls) / messages;
        for (name, (own, calls)) in &mut self.functions {
            let (other_own, other_calls) = other.functions.get(name).copied().unwrap_or_default();
            (*own, *calls) = ((*own - other_own) / messages, (*calls - other_calls) / messages);
        }
        for (name, own) in &mut self.files {
            *own = (*own - other.files.get(name).copied().unwrap_or_default()) / messages;
        }
        self
    }

    pub(crate) fn counts(&self) -> Counts {
        let calls = |names: &[&str]| {
            let called = |function: &str| names.iter().any(|name| function.split("@@").next() == Some(name));
            self.functions.iter().filter(|(name, _)| called(name)).map(|(_, (_, calls))| calls).sum::<f64>()
        };
        let clock = calls(&["clock_gettime"]);
        Counts {
            instructions: self.instructions,
            allocations: calls(ALLOCATORS),
            system_calls: self.syscalls - clock,
            clock,
        }
    }

    /// Lists those with most instructions.
    pub(crate) fn print(&self, most: usize) {
        println!("\n own instructions and calls for each, by function\n");
        let mut functions: Vec<_> = self.functions.iter().collect();
        functions.sort_by(|(_, (one, _)), (_, (other, _))| other.total_cmp(one));
        for (name, (own, calls)) in functions.into_iter().take(most) {
            println!("{own:10.1} {calls:8.2}  {name}");
        }
        println!("\n own instructions for each, by the file they were written in\n");
        let mut files: Vec<_> = self.files.iter().collect();
        files.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        for (name, own) in files.into_iter().take(most) {
            println!("{own:10.1}  {name}");
        }
        println!();
    }
}

/// A name is written out once, `(12) name`, and is `(12)` from then on.
fn named<'t>(
    names: &mut HashMap<(&'static str, &'t str), &'t str>,
    kind: &'static str,
    value: &'t str,
) -> &'t str {
    match value.split_once(' ') {
        Some((number, name)) if number.starts_with('(') => {
            names.insert((kind, number), name);
            name
        }
        _ => names.get(&(kind, value)).copied().unwrap_or(value),
    }
}

/// A path without what is before the crate.
fn short(path: &str) -> &str {
    ["/registry/src/", "/rustc/"]
        .iter()
        .find_map(|mark| path.split_once(mark)?.1.split_once('/').map(|(_, rest)| rest))
        .or_else(|| path.find("/crates/").and_then(|at| path.get(at + 1..)))
        .unwrap_or(path)
}

const ALLOCATORS: &[&str] = &["malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc", "memalign"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_belong_to_their_function_and_file_and_calls_to_whom_is_called() {
        let text = "events: Ir sysCount sysTime\nfl=(1) /a/crates/x/src/lib.rs\nfn=(1) x::run\n10 100\n+2 20 1 5\n\
                    cfn=(2) malloc\ncalls=3 40\n* 900\nfi=(2) /r/registry/src/index-1/bytes-1.0/src/bytes.rs\n11 30\n\
                    fn=(2)\nfl=(3) malloc.c\n1 7\ntotals: 157 4 5\n";
        let profile = Profile::read(text).unwrap();
        assert_eq!((profile.instructions, profile.syscalls), (157.0, 4.0));
        assert_eq!(profile.functions["x::run"], (150.0, 0.0));
        assert_eq!(profile.functions["malloc"], (7.0, 3.0));
        assert_eq!(profile.files["crates/x/src/lib.rs"], 120.0);
        assert_eq!(profile.files["bytes-1.0/src/bytes.rs"], 30.0);
        let each = Profile::read(text).unwrap().less(&Profile::default(), 2.0);
        let counts = each.counts();
        assert_eq!((counts.instructions, counts.allocations, counts.system_calls), (78.5, 1.5, 2.0));
        assert!(Profile::read("").is_err());
    }
}
