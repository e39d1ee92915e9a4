//! The client for Python: an environment of its own below `target`, made when it is missing or of another list.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::command::succeeds;
use crate::root::Root;

/// What is installed.
const LIST: &str = "tests/python/requirements.txt";
/// Where, as the tests expect it.
const ENVIRONMENT: &str = "target/python";
/// The oldest Python that the pinned packages run on.
const OLDEST: (u32, u32) = (3, 10);

/// Whether there is a Python that can make environments. Debian keeps that part in the package `python3-venv`.
pub(crate) fn is_there() -> bool {
    tell("import ensurepip, venv").is_some()
}

/// Makes the environment unless what is there was made from the same list.
pub(crate) fn install(root: &Root) -> Result<(), String> {
    let list = root.text(LIST).unwrap_or_default();
    let environment = root.join(ENVIRONMENT);
    let made_from = environment.join("made-from.txt");
    if fs::read_to_string(&made_from).is_ok_and(|earlier| earlier == list) {
        return Ok(());
    }
    println!("Python packages of {LIST} are missing or old");
    is_new_enough()?;
    if !succeeds(
        Command::new("python3").args(["-m", "venv", "--clear", ENVIRONMENT]).current_dir(root.path()),
    ) {
        return Err(format!("python3 could not make an environment in {ENVIRONMENT}"));
    }
    let mut pip = Command::new(environment.join("bin/python"));
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
        "--requirement",
        LIST,
    ]);
    if !succeeds(pip.current_dir(root.path())) {
        return Err(format!("pip could not install {LIST}"));
    }
    remember(&made_from, &list)
}

fn is_new_enough() -> Result<(), String> {
    let (major, minor) = OLDEST;
    let found = tell("import sys; print(*sys.version_info[:2])").unwrap_or_default();
    let mut parts = found.split_whitespace().map_while(|part| part.parse::<u32>().ok());
    match (parts.next(), parts.next()) {
        (Some(one), Some(two)) if (one, two) >= OLDEST => Ok(()),
        _ => Err(format!("Python {major}.{minor} or newer is needed, found {found:?}")),
    }
}

/// Written last, so that an environment half made is made again.
fn remember(made_from: &Path, list: &str) -> Result<(), String> {
    fs::write(made_from, list).map_err(|error| format!("cannot write to {ENVIRONMENT}: {error}"))
}

/// What a line of Python prints, when it ends well.
fn tell(line: &str) -> Option<String> {
    let output = Command::new("python3").args(["-c", line]).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
