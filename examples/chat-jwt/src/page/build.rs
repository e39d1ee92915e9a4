//! `npm ci` and `npm run build`, once for each state of the sources, whoever starts first.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use super::Page;
use super::sources::fingerprint;

/// The page of `web/`, built if it is missing or stale. Takes a minute the first time, so call it where waiting is fine.
/// Never fails: what went wrong becomes the sentence that `/` shows, or an older page with a warning in the log.
#[must_use]
pub fn ensure_built(web: &Path) -> Page {
    let dist = web.join("dist");
    match build(web, &dist) {
        Ok(()) => Page::Built(dist),
        Err(error) if dist.join("index.html").is_file() => {
            tracing::warn!(%error, "the page could not be built; serving the one that is there");
            Page::Built(dist)
        }
        Err(error) => {
            tracing::warn!(%error, "there is no page");
            Page::Missing(error.to_string())
        }
    }
}

/// Why there is no fresh page; the texts are for the person in front of it.
#[derive(Debug, thiserror::Error)]
enum BuildError {
    #[error("the sources of the page cannot be read: {0}")]
    Sources(io::Error),
    #[error(
        "Install Node.js 20.19 or newer (it brings npm) and start the server again: the page is built with it."
    )]
    NoNpm,
    #[error(
        "`npm {0}` failed; the server's output says why. Put it right in examples/chat-jwt/web and start the server again."
    )]
    Npm(&'static str),
}

fn build(web: &Path, dist: &Path) -> Result<(), BuildError> {
    let wanted = fingerprint(web).map_err(BuildError::Sources)?;
    let stamp = dist.join(STAMP);
    // The admin UI is served from where npm has put it.
    let installed = web.join("node_modules/@socket.io/admin-ui");
    let is_fresh = || installed.is_dir() && fs::read_to_string(&stamp).is_ok_and(|built| built == wanted);
    if is_fresh() {
        return Ok(());
    }
    // Two servers may start at once, and `npm ci` begins by deleting what the other one works with.
    let lock = File::create(web.join(LOCK)).map_err(BuildError::Sources)?;
    lock.lock().map_err(BuildError::Sources)?;
    if is_fresh() {
        return Ok(());
    }
    tracing::info!("building the page with npm; the first time takes a minute");
    run(web, &["ci"], "ci")?;
    run(web, &["run", "build"], "run build")?;
    fs::write(&stamp, wanted).map_err(BuildError::Sources)
}

fn run(web: &Path, arguments: &[&str], name: &'static str) -> Result<(), BuildError> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let output = Command::new(npm).args(arguments).current_dir(web).stdin(Stdio::null()).output();
    match output {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            tracing::warn!(
                "npm {name}:\n{}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
            Err(BuildError::Npm(name))
        }
        Err(_) => Err(BuildError::NoNpm),
    }
}

/// Beside the built page: the fingerprint of what it was built from. Vite empties the folder first, so a build that
/// broke off leaves none.
const STAMP: &str = ".sources";

const LOCK: &str = ".build.lock";
