//! Programs that the stages run: shown before they start, and counted when they are test runs.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::outcome::Outcome;
use crate::ran::Ran;
use crate::root::Root;

/// `cargo` with these arguments, in the root of the checkout.
pub(crate) fn cargo(root: &Root, arguments: &[&str]) -> Command {
    // The cargo that runs us, so that a toolchain override reaches the stages.
    let mut command = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    command.args(arguments).current_dir(root.path());
    // The next run may be a week away: what incremental builds keep for it costs time and disk, and now and then a
    // compiler error that a clean clone would not have.
    command.env("CARGO_INCREMENTAL", "0");
    command
}

/// Whether the command ended well. What it prints goes to the terminal.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    show(command);
    match command.status() {
        Ok(status) => status.success(),
        Err(error) => {
            eprintln!("cannot start: {error}");
            false
        }
    }
}

/// What the command printed, when it ended well.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::inherit()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs `cargo test …`, passing on what it prints, and adds up its result lines.
pub(crate) fn count_tests(root: &Root, command: &mut Command) -> Outcome {
    show(command);
    let Ok(mut child) = command.stdout(Stdio::piped()).spawn() else {
        eprintln!("cannot start");
        return Outcome::of(false);
    };
    let mut outcome = Outcome::default();
    let mut ran = Ran::go_on(root);
    if let Some(printed) = child.stdout.take() {
        for line in BufReader::new(printed).lines().map_while(Result::ok) {
            println!("{line}");
            ran.note(&line);
            if let Some((passed, failed)) = result_line(&line) {
                outcome.passed += passed;
                outcome.failed += failed;
            }
        }
    }
    let ended_well = child.wait().is_ok_and(|status| status.success());
    if !ended_well && outcome.failed == 0 {
        // It did not compile, or a test binary died.
        outcome.failed = 1;
    }
    outcome
}

/// Passed and failed of `test result: ok. 3 passed; 0 failed; …`.
fn result_line(line: &str) -> Option<(usize, usize)> {
    let counts = line.strip_prefix("test result: ")?.split_once(". ")?.1;
    let count = |word: &str| counts.split("; ").find_map(|part| part.strip_suffix(word)?.trim().parse().ok());
    Some((count("passed")?, count("failed")?))
}

fn show(command: &Command) {
    let program = command.get_program().to_string_lossy().into_owned();
    let program = program.rsplit('/').next().unwrap_or_default();
    let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy()).collect();
    println!("$ {program} {}", arguments.join(" "));
}

#[cfg(test)]
mod tests {
    use super::result_line;

    #[test]
    fn result_lines_of_cargo_test_are_counted() {
        let good =
            "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out; finished in 0.01s";
        let bad = "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(result_line(good), Some((12, 0)));
        assert_eq!(result_line(bad), Some((2, 1)));
        assert_eq!(result_line("test rooms ... ok"), None);
    }
}
