//! The stages of the test run, in their order: cheap ones first.

use crate::outcome::Outcome;
use crate::root::Root;
use crate::stages;
use crate::structure;
use crate::tools::Needs;

/// One part of the test run, which can be run alone.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) name: &'static str,
    pub(crate) purpose: &'static str,
    pub(crate) needs: Needs,
    pub(crate) run: fn(&Root) -> Outcome,
}

/// All stages.
pub(crate) const STAGES: &[Stage] = &[
    Stage { name: "format", purpose: "cargo fmt --check", needs: Needs::RUST, run: stages::lint::format },
    Stage {
        name: "structure",
        purpose: "the house rules a script can check",
        needs: Needs::RUST,
        run: structure::run,
    },
    Stage {
        name: "licences",
        purpose: "licences and advisories",
        needs: Needs::RUST,
        run: stages::licences::run,
    },
    Stage {
        name: "toolchain",
        purpose: "the promised Rust version builds it",
        needs: Needs::RUST,
        run: stages::toolchain::run,
    },
    Stage {
        name: "lints",
        purpose: "clippy on everything, warnings denied",
        needs: Needs::RUST,
        run: stages::lint::clippy,
    },
    Stage {
        name: "proto-alone",
        purpose: "sockeye-proto without features",
        needs: Needs::RUST,
        run: stages::lint::proto_alone,
    },
    Stage {
        name: "tests",
        purpose: "unit, property and integration tests",
        needs: Needs::RUST,
        run: stages::test::crates,
    },
    Stage {
        name: "million",
        purpose: "a million random inputs per decoder",
        needs: Needs::RUST,
        run: stages::million::run,
    },
    Stage {
        name: "doc-tests",
        purpose: "the examples in the docs",
        needs: Needs::RUST,
        run: stages::test::docs,
    },
    Stage {
        name: "docs",
        purpose: "the docs themselves, warnings denied",
        needs: Needs::RUST,
        run: stages::lint::docs,
    },
    Stage { name: "ui", purpose: "messages of the compiler", needs: Needs::RUST, run: stages::test::ui },
    Stage { name: "page", purpose: "the page of chat-jwt", needs: Needs::PAGE, run: stages::page::run },
    Stage {
        name: "whole-system",
        purpose: "stock clients",
        needs: Needs::CLIENTS,
        run: stages::test::whole_system,
    },
    Stage { name: "browser", purpose: "a real browser", needs: Needs::BROWSER, run: stages::test::browser },
    Stage {
        name: "features",
        purpose: "docs/features.md says the truth about this run",
        needs: Needs::RUST,
        run: stages::features::run,
    },
];
