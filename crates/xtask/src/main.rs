//! Tasks of the project: `cargo xtask test [stage]` runs every check, or one of them; `cargo xtask fuzz` looks for more,
//! `cargo xtask limits` writes the page of limits. `cargo xtask attack` measures what a hostile client can take,
//! `cargo xtask bench` what servers take side by side, `cargo xtask bench --counts` what ours does for each message.

#![forbid(unsafe_code)]

use std::env;
use std::process::ExitCode;

mod attack;
mod bench;
mod command;
mod counts;
mod fuzz;
mod limits;
mod metadata;
mod npm;
mod outcome;
mod python;
mod ran;
mod root;
mod run;
mod stage;
mod stages;
mod structure;
mod table;
mod tools;

use crate::root::Root;
use crate::stage::STAGES;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let root = Root::here();
    match arguments.as_slice() {
        ["test"] => run::run(&root, STAGES),
        ["test", name] => match STAGES.iter().find(|stage| stage.name == *name) {
            Some(stage) => run::run(&root, std::slice::from_ref(stage)),
            None => usage(&format!("no stage is called `{name}`")),
        },
        ["fuzz"] => fuzz::run(&root, None),
        ["fuzz", seconds] => fuzz::run(&root, Some(seconds)),
        ["attack", arguments @ ..] => attack::run(&root, arguments),
        ["bench", "--counts", arguments @ ..] => counts::run(&root, arguments),
        ["bench", arguments @ ..] => bench::run(&root, arguments),
        ["limits"] => limits::run(&root),
        _ => usage("nothing to do"),
    }
}

fn usage(fault: &str) -> ExitCode {
    eprintln!(
        "{fault}\n\nusage: cargo xtask test [stage]\n       cargo xtask fuzz [seconds]\n       cargo xtask limits\n       cargo xtask attack [memory|delay [words]]\n       cargo xtask bench [--only workload,..] [--servers server,..] [--repeats n] [--seconds s] [--out folder]\n       cargo xtask bench --counts [words]\n\nstages, in their order:"
    );
    for stage in STAGES {
        eprintln!("  {:<14} {}", stage.name, stage.purpose);
    }
    ExitCode::from(2)
}
