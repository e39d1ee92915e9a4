//! The root of the checkout, and the files git knows in it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The root folder of the checkout.
#[derive(Debug)]
pub(crate) struct Root(PathBuf);

impl Root {
    /// The workspace this program was built in.
    pub(crate) fn here() -> Self {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self(manifest.ancestors().nth(2).unwrap_or(manifest).to_path_buf())
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn join(&self, inner: impl AsRef<Path>) -> PathBuf {
        self.0.join(inner)
    }

    /// Files that are tracked, or would be with the next `git add`, relative to the root.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let listed = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(&self.0)
            .output();
        let Ok(listed) = listed else { return Vec::new() };
        let names = String::from_utf8_lossy(&listed.stdout).into_owned();
        let mut files: Vec<PathBuf> =
            names.split('\0').filter(|name| !name.is_empty()).map(PathBuf::from).collect();
        files.retain(|file| self.join(file).is_file());
        files
    }

    /// The same, of one of these extensions.
    pub(crate) fn files_with(&self, extensions: &[&str]) -> Vec<PathBuf> {
        let wanted = |file: &PathBuf| {
            file.extension().and_then(OsStr::to_str).is_some_and(|it| extensions.contains(&it))
        };
        self.files().into_iter().filter(wanted).collect()
    }

    /// The text of a file, or nothing when it is absent or no text.
    pub(crate) fn text(&self, file: impl AsRef<Path>) -> Option<String> {
        fs::read_to_string(self.join(file)).ok()
    }
}
