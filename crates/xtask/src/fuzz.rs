//! `cargo xtask fuzz`: every fuzz target for some seconds, on the compiler at hand.

use std::env;
use std::fs;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use crate::command::{cargo, succeeds};
use crate::outcome::Outcome;
use crate::root::Root;
use crate::table::{Row, print};

/// Where the targets live, a workspace of its own.
pub(crate) const FOLDER: &str = "crates/sockeye-proto/fuzz";

/// The targets; `structure` holds them to the files.
pub(crate) const TARGETS: &[&str] = &[
    "engine_packet",
    "engine_payload",
    "mux_inputs",
    "request_query",
    "session_inputs",
    "socket_binary",
    "socket_text",
    "websocket_deflate",
    "websocket_frames",
];

/// How long each target runs unless somebody says otherwise.
const SECONDS: &str = "60";

/// No input of this size takes long, or much memory.
const BOUNDS: [&str; 2] = ["-timeout=10", "-rss_limit_mb=1024"];

/// All code of ours is safe Rust, so that panics and broken promises are what there is to find. Without a sanitizer a
/// stable compiler will do.
const SANITIZER: &str = "none";

pub(crate) fn run(root: &Root, seconds: Option<&str>) -> ExitCode {
    let seconds = seconds.unwrap_or(SECONDS);
    if seconds.parse::<u32>().is_err() {
        eprintln!("`{seconds}` is no number of seconds\n\nusage: cargo xtask fuzz [seconds for each target]");
        return ExitCode::from(2);
    }
    if let Err(missing) = tools(root).and_then(|()| build(root)) {
        eprintln!("{missing}");
        return ExitCode::FAILURE;
    }
    let rows: Vec<Row> = TARGETS.iter().map(|target| fuzz(root, target, seconds)).collect();
    if print(&rows) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn tools(root: &Root) -> Result<(), String> {
    if !is_there(&mut cargo(root, &["fuzz", "--version"])) {
        return Err("missing: cargo-fuzz. Install it with `cargo install cargo-fuzz`.".to_owned());
    }
    let compiler = env::var("CXX").unwrap_or_else(|_| "c++".to_owned());
    if !is_there(Command::new(compiler).arg("--version")) {
        return Err("missing: a C++ compiler, which libFuzzer is built with. Install one, for example with \
                    `sudo apt-get install -y g++`."
            .to_owned());
    }
    Ok(())
}

fn build(root: &Root) -> Result<(), String> {
    let built = succeeds(&mut cargo_fuzz(root, "build"));
    built.then_some(()).ok_or_else(|| "the fuzz targets could not be built".to_owned())
}

/// What is found on the way stays in `target/fuzz` and is tried again the next time; only what was chosen is kept in the
/// repository.
fn fuzz(root: &Root, target: &'static str, seconds: &str) -> Row {
    println!("\n== {target}");
    let began = Instant::now();
    let found = root.join("target/fuzz/corpus").join(target);
    let made = fs::create_dir_all(&found).is_ok();
    let kept = root.join(FOLDER).join("corpus").join(target);
    let time = format!("-max_total_time={seconds}");
    let mut command = cargo_fuzz(root, "run");
    command.arg(target).args([found, kept]).args(["--", &time]).args(BOUNDS);
    let mut outcome = Outcome::of(made && succeeds(&mut command));
    if outcome.failed > 0 {
        outcome = outcome.noted(format!("what failed lies in {FOLDER}/artifacts/{target}"));
    }
    Row { stage: target, outcome, took: began.elapsed() }
}

fn cargo_fuzz(root: &Root, task: &str) -> Command {
    let mut command = cargo(root, &["fuzz", task, "--sanitizer", SANITIZER, "--fuzz-dir", FOLDER]);
    command.arg("--target-dir").arg(root.join("target/fuzz"));
    command
}

fn is_there(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}
