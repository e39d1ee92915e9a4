//! Whether the built page still belongs to its sources: one number over names and contents.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::io;
use std::path::{Path, PathBuf};

/// The number of everything in `web/` that the page is made of. The hasher's keys are fixed; should a new toolchain
/// count differently, the page is built once more.
pub(super) fn fingerprint(web: &Path) -> io::Result<String> {
    let mut files = BTreeSet::new();
    collect(web, &mut files)?;
    let mut hasher = DefaultHasher::new();
    for file in files {
        let name = file.strip_prefix(web).unwrap_or(&file);
        // Lengths first, so that no byte can move from a name to a content.
        for part in [name.as_os_str().as_encoded_bytes(), &fs::read(&file)?] {
            hasher.write_usize(part.len());
            hasher.write(part);
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn collect(folder: &Path, files: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        // What is made from the sources, and editors' and our own hidden files, are not the page.
        if name == "node_modules" || name == "dist" || name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let kind = entry.file_type()?;
        if kind.is_dir() {
            collect(&entry.path(), files)?;
        } else if kind.is_file() {
            files.insert(entry.path());
        }
    }
    Ok(())
}
