//! The report: a table of each workload, and the bounds that must hold.

mod bounds;
mod markdown;
mod spread;

pub(crate) use self::markdown::markdown;
use crate::figures::Figures;

/// The one or two figures that say most, for whoever watches.
pub(crate) fn brief(figures: &Figures) -> String {
    let part =
        |(name, unit): (&str, &str)| figures.value(name).map(|value| format!("{name} {value:.2}{unit}"));
    let parts =
        [("cpu", " s per million"), ("busy", ""), ("each", " B"), ("each_after", " B"), ("growth", " times")];
    parts.into_iter().filter_map(part).collect::<Vec<_>>().join(", ")
}
