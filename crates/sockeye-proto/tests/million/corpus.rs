//! The inputs that are kept with the fuzz targets.

use std::{fs, path::Path};

/// The files of one target's corpus, in the order of their names.
pub(super) fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let entries = fs::read_dir(&folder).expect("each target has a corpus");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("a corpus can be listed").path()).collect();
    files.sort();
    files.iter().map(|file| fs::read(file).expect("a corpus can be read")).collect()
}
