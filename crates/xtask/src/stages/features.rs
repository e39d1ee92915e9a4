//! `docs/features.md` says of each feature of the reference server how it stands, and this holds it to its word.

use std::collections::BTreeSet;

use crate::outcome::Outcome;
use crate::ran::Ran;
use crate::root::Root;
use crate::structure::test_names;

/// A feature that works names a test that has passed in this run; one that differs names the paragraph that says why.
pub(crate) fn run(root: &Root) -> Outcome {
    let Some(text) = root.text(PAGE) else {
        return Outcome::of_faults(PAGE, &["is missing".to_owned()]);
    };
    let rows: Vec<Row<'_>> = text.lines().filter_map(Row::read).collect();
    let passed = Ran::names(root);
    let alone = passed.is_empty();
    let tests = if alone { test_names(root) } else { passed };
    let mut faults = missing(&rows);
    for row in &rows {
        faults.extend(row.fault(&tests, |path, heading| has_heading(root, path, heading)));
    }
    let outcome = Outcome::of_faults(PAGE, &faults);
    if alone {
        outcome.noted("features: no test was run, so those that are named were only looked up")
    } else {
        outcome
    }
}

/// One line of the page.
struct Row<'a> {
    id: &'a str,
    state: &'a str,
    proof: &'a str,
}

impl<'a> Row<'a> {
    /// `| 5.12 | feature | works | test |`
    fn read(line: &'a str) -> Option<Self> {
        let cells = line.trim().strip_prefix("| ")?.strip_suffix(" |")?;
        let (id, rest) = cells.split_once(" | ")?;
        let (section, number) = id.split_once('.')?;
        section.parse::<u8>().ok()?;
        number.parse::<u8>().ok()?;
        let (rest, proof) = rest.rsplit_once(" | ")?;
        let (_, state) = rest.rsplit_once(" | ")?;
        Some(Self { id, state, proof })
    }

    fn fault(&self, tests: &BTreeSet<String>, is_heading: impl Fn(&str, &str) -> bool) -> Option<String> {
        let Self { id, state, proof } = self;
        let mut named = proof.split('`').skip(1).step_by(2).peekable();
        if *state == "works" && named.peek().is_none() {
            return Some(format!("{id} names no test"));
        }
        if let Some(absent) = named.find(|name| !tests.contains(*name)) {
            return Some(format!("{id}: `{absent}` is no test that has passed"));
        }
        match *state {
            "works" => None,
            "differs" => {
                let link = proof.split_once("](").and_then(|(_, link)| link.split_once(')'));
                let Some((path, heading)) = link.and_then(|(link, _)| link.split_once('#')) else {
                    return Some(format!("{id} does not link to the paragraph that says what differs"));
                };
                (!is_heading(path, heading)).then(|| format!("{id}: {path} has no heading `{heading}`"))
            }
            "not yet" => {
                let known = NOT_YET.contains(proof);
                (!known).then(|| {
                    format!("{id}: `{proof}` is none of what may be missing: {}", NOT_YET.join(", "))
                })
            }
            _ => Some(format!("{id}: `{state}` is neither works, differs nor not yet")),
        }
    }
}

/// What is left out, or named twice.
fn missing(rows: &[Row<'_>]) -> Vec<String> {
    let mut faults = Vec::new();
    for (section, count) in SECTIONS {
        for number in 1..=*count {
            let id = format!("{section}.{number}");
            match rows.iter().filter(|row| row.id == id).count() {
                1 => {}
                0 => faults.push(format!("{id} is missing")),
                _ => faults.push(format!("{id} stands there twice")),
            }
        }
    }
    let all: usize = SECTIONS.iter().map(|(_, count)| usize::from(*count)).sum();
    if faults.is_empty() && rows.len() != all {
        faults.push(format!("has {} features instead of {all}", rows.len()));
    }
    faults
}

/// Whether a page in `docs` has a heading with that anchor.
fn has_heading(root: &Root, path: &str, anchor: &str) -> bool {
    let page = if path.is_empty() { PAGE.to_owned() } else { format!("docs/{path}") };
    let text = root.text(&page).unwrap_or_default();
    text.lines().filter(|line| line.starts_with('#')).any(|line| slug(line) == anchor)
}

/// The anchor that renderers of Markdown give a heading.
fn slug(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|it| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_'));
    kept.map(|it| if it == ' ' { '-' } else { it }).collect()
}

const PAGE: &str = "docs/features.md";

/// The sections of the catalogue of features, and how many each has.
const SECTIONS: &[(u8, u8)] = &[
    (1, 41),
    (2, 26),
    (3, 39),
    (4, 22),
    (5, 43),
    (6, 20),
    (7, 9),
    (8, 21),
    (9, 16),
    (10, 6),
    (11, 10),
    (12, 18),
    (13, 18),
    (14, 10),
    (15, 11),
    (16, 9),
    (17, 6),
    (18, 18),
    (19, 11),
    (20, 5),
    (21, 25),
    (22, 8),
];

/// What may be missing for the time being.
const NOT_YET: &[&str] = &[
    "events between nodes",
    "other adapters",
    "WebTransport",
    "uWebSockets",
    "Engine.IO 3",
    "MessagePack",
    "custom parsers",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Row, missing, slug};

    #[test]
    fn rows_are_held_to_their_word() {
        let tests = BTreeSet::from(["a_test_of_it".to_owned(), "another".to_owned()]);
        let fault = |line: &str| Row::read(line).unwrap().fault(&tests, |_, heading| heading == "known");
        for good in [
            "| 1.1 | a | works | `a_test_of_it` |",
            "| 1.1 | a `b | c` | works | `a_test_of_it`, `another` |",
            "| 1.2 | b | differs | [why](design.md#known) |",
            "| 1.2 | b | differs | [why](design.md#known): `another` |",
            "| 1.3 | c | not yet | WebTransport |",
        ] {
            assert_eq!(fault(good), None, "{good}");
        }
        for bad in [
            "| 1.1 | a | works |  |",
            "| 1.1 | a | works | a_test_of_it |",
            "| 1.1 | a | works | `a_test_of_it`, `unknown` |",
            "| 1.2 | b | differs | `a_test_of_it` |",
            "| 1.2 | b | differs | [why](design.md#unknown) |",
            "| 1.2 | b | differs | [why](design.md#known): `unknown` |",
            "| 1.3 | c | not yet | rooms |",
            "| 1.3 | c | nearly | `a_test_of_it` |",
        ] {
            assert!(fault(bad).is_some(), "{bad}");
        }
        assert!(Row::read("| id | feature | state | test |").is_none());
        assert!(Row::read("|---|---|---|---|").is_none());
    }

    #[test]
    fn every_feature_stands_there_once() {
        assert_eq!(missing(&[]).len(), 392);
    }

    #[test]
    fn anchors_are_those_of_the_renderers() {
        assert_eq!(slug("## What `send` does, and why"), "what-send-does-and-why");
    }
}
