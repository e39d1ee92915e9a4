//! npm packages: installed when they are missing or older than their lock file.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::command::succeeds;
use crate::root::Root;

/// Folders with a `package.json`.
pub(crate) const STORIES: &str = "tests/node";
pub(crate) const HELLO: &str = "examples/hello";
pub(crate) const PAGE: &str = "examples/chat-jwt/web";

/// Runs `npm ci` in `folder` unless what is there is as new as the lock file.
pub(crate) fn install(root: &Root, folder: &str) -> Result<(), String> {
    let path = root.join(folder);
    if is_fresh(&path) {
        return Ok(());
    }
    println!("npm packages of {folder} are missing or old");
    let done = succeeds(Command::new("npm").args(["ci", "--no-progress"]).current_dir(&path));
    if done { Ok(()) } else { Err(format!("`npm ci` failed in {folder}")) }
}

fn is_fresh(folder: &Path) -> bool {
    let written = |file: &str| fs::metadata(folder.join(file)).and_then(|found| found.modified()).ok();
    // npm writes this file last.
    match (written("node_modules/.package-lock.json"), written("package-lock.json")) {
        (Some(installed), Some(locked)) => installed >= locked,
        _ => false,
    }
}
