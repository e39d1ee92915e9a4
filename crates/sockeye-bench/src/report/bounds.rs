//! The bounds that sockeye is held to, and whether they hold.

use std::fmt::Write as _;

use super::spread::{Spread, significant};
use crate::run::{ONE_WORKER, Results, TWO_WORKERS};

/// What a figure of sockeye is held against.
#[derive(Clone, Copy, Debug)]
enum Against {
    /// At most one part in so many of what this server takes.
    Part(f64, &'static str),
    /// At most so many times what this server takes.
    Times(f64, &'static str),
    /// At most so many times what sockeye itself takes in another workload.
    TimesOf(f64, &'static str),
    /// At most so much more than what sockeye itself takes in another workload.
    MoreThan(f64, &'static str),
    /// At most so much.
    Most(f64),
    /// With two workers, at most so many times what one takes.
    Workers(f64),
}

use Against::{MoreThan, Most, Part, Times, TimesOf, Workers};

const OXIDE: &str = "socketioxide";
const BARE: &str = "bare";

const BOUNDS: &[(&str, &str, Against)] = &[
    ("echo-16", "cpu", Part(4.5, OXIDE)),
    ("echo-16", "cpu", Times(2.0, BARE)),
    ("echo-1", "cpu", Part(1.45, OXIDE)),
    ("echo-1", "cpu", Times(1.12, BARE)),
    ("ack-16", "cpu", Part(4.5, OXIDE)),
    ("ack-16", "cpu", Times(2.2, BARE)),
    ("typed-16", "cpu", Part(5.0, OXIDE)),
    ("binary-16", "cpu", Part(3.4, OXIDE)),
    ("binary-16", "cpu", Times(1.6, BARE)),
    ("broadcast-1", "cpu", Part(1.25, OXIDE)),
    ("broadcast-1", "cpu", Times(1.05, BARE)),
    ("broadcast-8", "cpu", Part(1.6, OXIDE)),
    ("broadcast-8", "cpu", Times(1.12, BARE)),
    ("rooms", "cpu", Part(2.6, OXIDE)),
    ("rooms", "cpu", Times(1.25, BARE)),
    ("polling-echo", "cpu", Part(1.1, OXIDE)),
    ("polling-echo", "cpu", Times(1.12, "axum-polling")),
    ("storm", "cpu", Times(1.0, OXIDE)),
    ("idle", "each", Part(8.0, OXIDE)),
    ("idle", "beyond", Most(3000.0)),
    ("idle", "each_after", Part(8.0, OXIDE)),
    ("idle", "beyond_after", Most(3000.0)),
    ("unclaimed", "each", Part(4.0, OXIDE)),
    ("unclaimed", "beyond", Most(2000.0)),
    ("burst", "growth", Most(1.1)),
    ("echo-16-workers", "cpu", Workers(1.1)),
    ("rooms-workers", "cpu", Workers(1.1)),
    ("slow", "p99", TimesOf(1.5, "slow-without")),
    // The budget is `outbox_hard` at its default.
    ("slow", "peak", MoreThan(786_432.0, "slow-without")),
];

/// Adds the table; bounds whose workloads or servers did not run are left open.
pub(crate) fn table(page: &mut String, results: &Results) {
    let _ = write!(
        page,
        "\n## Must show (medians of this run)\n\n| workload | figure | against | sockeye | that | ratio | at most | holds |\n|---|---|---|--:|--:|--:|--:|---|"
    );
    for (workload, figure, against) in BOUNDS {
        let judged = judge(results, workload, figure, *against);
        let shown = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), significant);
        let holds = judged.holds.map_or("not measured", |holds| if holds { "yes" } else { "**no**" });
        let _ = write!(
            page,
            "\n| {workload} | {figure} | {} | {} | {} | {} | {} | {holds} |",
            judged.against,
            shown(judged.own),
            shown(judged.that),
            shown(judged.ratio),
            judged.bound,
        );
    }
    page.push('\n');
}

#[derive(Clone, Debug, PartialEq)]
struct Judged {
    against: String,
    own: Option<f64>,
    that: Option<f64>,
    ratio: Option<f64>,
    bound: String,
    holds: Option<bool>,
}

fn judge(results: &Results, workload: &str, figure: &str, against: Against) -> Judged {
    let median = |workload: &str, server: &str| {
        Spread::of(results.values(workload, server, figure)).map(|spread| spread.median)
    };
    let ours = median(workload, "sockeye");
    let (own, that, name, most, bound) = match against {
        Part(part, server) => (ours, median(workload, server), server, 1.0 / part, format!("1/{part}")),
        Times(times, server) => (ours, median(workload, server), server, times, times.to_string()),
        TimesOf(times, other) => (ours, median(other, "sockeye"), other, times, times.to_string()),
        Workers(times) => {
            let [one, two] = [ONE_WORKER, TWO_WORKERS].map(|label| median(workload, label));
            (two, one, "one worker", times, times.to_string())
        }
        MoreThan(most, other) => {
            let that = median(other, "sockeye");
            let holds = ours.zip(that).map(|(own, that)| own - that <= most);
            let bound = format!("{} more", significant(most));
            return Judged { against: other.to_owned(), own: ours, that, ratio: None, bound, holds };
        }
        Most(most) => {
            let holds = ours.map(|own| own <= most);
            let bound = significant(most);
            return Judged { against: "–".to_owned(), own: ours, that: None, ratio: None, bound, holds };
        }
    };
    let ratio = own.zip(that).filter(|(_, that)| *that > 0.0).map(|(own, that)| own / that);
    let holds = ratio.map(|ratio| ratio <= most);
    Judged { against: name.to_owned(), own, that, ratio, bound, holds }
}

#[cfg(test)]
mod tests {
    use super::{Against, judge, table};
    use crate::figures::Figures;
    use crate::run::{Machine, Results, Run};

    fn results(values: &[(&str, &str, f64)]) -> Results {
        let run = |&(workload, server, value): &(&str, &str, f64)| {
            let mut figures = Figures::default();
            figures.set("cpu", value);
            Run { workload: workload.to_owned(), server: server.to_owned(), repeat: 1, figures }
        };
        Results {
            machine: Machine::here(),
            repeats: 1,
            seconds: 1.0,
            versions: Default::default(),
            skipped: Default::default(),
            faults: Vec::new(),
            runs: values.iter().map(run).collect(),
        }
    }

    fn holds(results: &Results, against: Against) -> Option<bool> {
        judge(results, "a", "cpu", against).holds
    }

    #[test]
    fn a_bound_holds_at_its_value_and_not_above() {
        let results = results(&[("a", "sockeye", 2.0), ("a", "x", 8.0), ("b", "sockeye", 1.0)]);
        assert_eq!(holds(&results, Against::Part(4.0, "x")), Some(true));
        assert_eq!(holds(&results, Against::Part(4.1, "x")), Some(false));
        assert_eq!(holds(&results, Against::Times(0.25, "x")), Some(true));
        assert_eq!(holds(&results, Against::Times(0.24, "x")), Some(false));
        assert_eq!(holds(&results, Against::TimesOf(2.0, "b")), Some(true));
        assert_eq!(holds(&results, Against::TimesOf(1.9, "b")), Some(false));
        assert_eq!(holds(&results, Against::MoreThan(1.0, "b")), Some(true));
        assert_eq!(holds(&results, Against::MoreThan(0.9, "b")), Some(false));
        assert_eq!(holds(&results, Against::Most(2.0)), Some(true));
        assert_eq!(holds(&results, Against::Most(1.9)), Some(false));
        assert_eq!(holds(&results, Against::Times(1.0, "absent")), None);
    }

    #[test]
    fn medians_are_compared() {
        let results = results(&[
            ("a", "sockeye", 9.0),
            ("a", "x", 4.0),
            ("a", "sockeye", 1.0),
            ("a", "x", 4.0),
            ("a", "sockeye", 2.0),
            ("a", "x", 40.0),
        ]);
        assert_eq!(judge(&results, "a", "cpu", Against::Part(2.0, "x")).ratio, Some(0.5));
    }

    #[test]
    fn what_was_not_measured_is_said_to_be_open() {
        let mut page = String::new();
        table(&mut page, &results(&[("echo-16", "sockeye", 1.0), ("echo-16", "socketioxide", 5.0)]));
        assert!(
            page.contains("| echo-16 | cpu | socketioxide | 1.00 | 5.00 | 0.200 | 1/4.5 | yes |"),
            "{page}"
        );
        assert!(page.contains("| echo-1 | cpu | bare | – | – | – | 1.12 | not measured |"), "{page}");
    }
}
