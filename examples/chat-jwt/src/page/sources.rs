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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_a_source_is_seen_and_one_of_a_product_is_not() {
        let web = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let file = web.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        };
        write("src/main.ts", "1");
        let before = fingerprint(web.path()).unwrap();
        for product in ["dist/index.html", "node_modules/a/index.js", ".build.lock"] {
            write(product, "anything");
        }
        assert_eq!(fingerprint(web.path()).unwrap(), before);
        write("src/main.ts", "2");
        assert_ne!(fingerprint(web.path()).unwrap(), before);
        write("src/main.ts", "1");
        assert_eq!(fingerprint(web.path()).unwrap(), before);
        write("src/more.ts", "");
        assert_ne!(fingerprint(web.path()).unwrap(), before);
    }
}
