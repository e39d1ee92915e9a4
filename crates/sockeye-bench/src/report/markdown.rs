//! The tables in Markdown.

use std::fmt::Write as _;

use super::bounds;
use super::spread::{Spread, significant};
use crate::run::{Results, Shape, WORKLOADS, Workload};

/// The whole page.
pub(crate) fn markdown(results: &Results) -> String {
    let mut page = head(results);
    for workload in WORKLOADS {
        table(&mut page, results, workload);
    }
    bounds::table(&mut page, results);
    page
}

/// A column: its heading, the figure in it, and what its values are divided by.
type Column = (&'static str, &'static str, f64);

const TRAFFIC: &[Column] = &[
    ("CPU s per million", "cpu", 1.0),
    ("user", "user", 1.0),
    ("system", "system", 1.0),
    ("thousand/s", "rate", 1e3),
    ("p50 µs", "p50", 1.0),
    ("p99 µs", "p99", 1.0),
    ("p99.9 µs", "p999", 1.0),
    ("resident MiB", "resident", MIB),
    ("peak MiB", "peak", MIB),
];
const IDLE: &[Column] = &[
    ("bytes each", "each", 1.0),
    ("beyond the head", "beyond", 1.0),
    ("after 16 KB echoed", "each_after", 1.0),
    ("beyond the head", "beyond_after", 1.0),
    ("resident MiB", "resident", MIB),
    ("peak MiB", "peak", MIB),
];
const HANDSHAKES: &[Column] = &[
    ("bytes each", "each", 1.0),
    ("beyond the head", "beyond", 1.0),
    ("CPU s per million", "cpu", 1.0),
    ("resident MiB", "resident", MIB),
    ("peak MiB", "peak", MIB),
];
const BURSTS: &[Column] = &[
    ("resident MiB after the second", "second", MIB),
    ("after the first", "first", MIB),
    ("second in first", "growth", 1.0),
    ("peak MiB", "peak", MIB),
];
const MIB: f64 = 1024.0 * 1024.0;

fn head(results: &Results) -> String {
    let machine = &results.machine;
    let dirty = if machine.dirty { " and changes that are not committed" } else { "" };
    let mut page = format!(
        "# Servers side by side\n\n- {}, commit `{}`{dirty}\n- {}, {} cores, {} GiB, Linux {}; {}\n- each row: median (least–most) of {} runs of {} s, after a warm-up, a fresh server each; servers in turns\n- × is the first figure in that of sockeye\n",
        machine.date,
        machine.commit,
        machine.cpu,
        machine.cores,
        machine.memory >> 20,
        machine.kernel,
        machine.toolchain,
        results.repeats,
        results.seconds,
    );
    for (server, version) in &results.versions {
        let _ = writeln!(page, "- {server}: {version}");
    }
    for (server, reason) in &results.skipped {
        let _ = writeln!(page, "- {server} was left out: {reason}");
    }
    for fault in &results.faults {
        let _ = writeln!(page, "- a run came to nothing: {fault}");
    }
    page
}

/// Nothing when nobody has run it.
fn table(page: &mut String, results: &Results, workload: &Workload) {
    let columns = match workload.shape {
        Shape::Traffic => TRAFFIC,
        Shape::Idle => IDLE,
        Shape::Handshakes => HANDSHAKES,
        Shape::Bursts => BURSTS,
    };
    let labels = workload.contestants.iter().map(|contestant| contestant.label);
    let spread = |label: &str, figure: &str| Spread::of(results.values(workload.name, label, figure));
    let rows: Vec<&str> = labels.filter(|label| spread(label, "messages").is_some()).collect();
    if rows.is_empty() {
        return;
    }
    // Columns that no row has anything for are left out.
    let columns: Vec<&Column> = columns
        .iter()
        .filter(|(_, figure, _)| rows.iter().any(|row| spread(row, figure).is_some()))
        .collect();
    let first = columns.first().map_or("", |(_, figure, _)| *figure);
    let measure = workload.contestants.first().and_then(|it| spread(it.label, first));
    let _ = write!(page, "\n## {}: {}\n\n| server | × |", workload.name, workload.title);
    for (heading, ..) in &columns {
        let _ = write!(page, " {heading} |");
    }
    let _ = write!(page, "\n|---|--:|{}", "--:|".repeat(columns.len()));
    for row in rows {
        let ratio = match (spread(row, first), measure) {
            (Some(own), Some(measure)) if measure.median > 0.0 => significant(own.median / measure.median),
            _ => "–".to_owned(),
        };
        let _ = write!(page, "\n| {row} | {ratio} |");
        for (_, figure, scale) in &columns {
            let shown = spread(row, figure).map_or_else(|| "–".to_owned(), |spread| spread.show(*scale));
            let _ = write!(page, " {shown} |");
        }
    }
    page.push('\n');
    if let Some(head) = results
        .runs
        .iter()
        .find(|run| run.workload == workload.name)
        .and_then(|run| run.figures.value("head"))
    {
        let _ = writeln!(
            page,
            "\nThe head that a server may have to keep (target, names and values of headers, without hop-by-hop ones) has {head} bytes."
        );
    }
}
