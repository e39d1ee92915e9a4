//! Compile-fail snapshots: the first lines of what the compiler says of a wrong handler.
//!
//! Compiling the cases takes a minute, so it happens when `SOCKEYE_UI` is set, as `cargo xtask test` does.
//! `SOCKEYE_UI=bless` writes the snapshots anew. What lies in `pass` has to compile.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

#[test]
fn every_case_has_its_snapshot() {
    if mode().as_deref() == Some("bless") {
        return;
    }
    let cases = cases(WRONG);
    assert!(cases.len() >= 10, "the cases are gone");
    for case in cases {
        let expected = fs::read_to_string(case.with_extension("stderr")).unwrap_or_default();
        assert!(expected.starts_with("error"), "{} has no snapshot", case.display());
    }
}

#[test]
fn the_compiler_names_the_fault() {
    let Some(mode) = mode() else { return every_case_has_its_snapshot() };
    let package = package();
    let mut wrong = Vec::new();
    for case in cases(RIGHT) {
        let output = check(&package, &name(&case));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    for case in cases(WRONG) {
        let name = name(&case);
        let output = check(&package, &name);
        assert!(!output.status.success(), "{name} compiles, and should not");
        let said = errors(&String::from_utf8_lossy(&output.stderr));
        let snapshot = case.with_extension("stderr");
        if mode == "bless" {
            fs::write(&snapshot, &said).expect("the snapshot is writable");
        } else if fs::read_to_string(&snapshot).unwrap_or_default() != said {
            wrong.push(format!("{name}:\n{said}"));
        }
    }
    assert!(wrong.is_empty(), "the compiler says something else now:\n{}", wrong.join("\n"));
}

const WRONG: &str = "tests/ui";
const RIGHT: &str = "tests/ui/pass";

fn mode() -> Option<String> {
    env::var("SOCKEYE_UI").ok()
}

fn name(case: &Path) -> String {
    case.file_stem().expect("a case is a file").to_string_lossy().into_owned()
}

/// The cases of a folder, in order of their names.
fn cases(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut cases: Vec<_> = fs::read_dir(folder)
        .expect("the folder of the cases")
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    cases.sort();
    cases
}

/// A package outside of the workspace with the cases as its binaries.
fn package() -> PathBuf {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let package = target.join("ui");
    let mut manifest = format!(
        "[package]\nname = \"ui\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\nautobins = false\n\n\
         [workspace]\n\n[dependencies]\nsockeye = {{ path = {:?} }}\naxum = {{ version = \"0.8\", default-features = false }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\n",
        crates.join("sockeye")
    );
    for case in cases(WRONG).into_iter().chain(cases(RIGHT)) {
        let name = name(&case);
        manifest.push_str(&format!("\n[[bin]]\nname = {name:?}\npath = {case:?}\n"));
    }
    fs::create_dir_all(&package).expect("a folder under target");
    fs::write(package.join("Cargo.toml"), manifest).expect("a manifest under target");
    let lock = crates.join("../Cargo.lock");
    fs::copy(lock, package.join("Cargo.lock")).expect("the lock file of the workspace");
    package
}

fn check(package: &Path, case: &str) -> Output {
    Command::new(env!("CARGO"))
        .args(["check", "--quiet", "--color", "never", "--bin", case])
        .env("CARGO_TARGET_DIR", package.join("target"))
        .current_dir(package)
        .output()
        .expect("cargo runs")
}

/// The `error` lines and what they point at, without the folder.
fn errors(text: &str) -> String {
    let mut said = String::new();
    let mut wanted = false;
    for line in text.lines() {
        if line.starts_with("error: could not compile") || line.starts_with("error: aborting") {
            continue;
        }
        if line.starts_with("error") {
            said.push_str(line);
            said.push('\n');
            wanted = true;
        } else if wanted && let Some((_, place)) = line.split_once("--> ") {
            let file = place.rsplit('/').next().unwrap_or(place);
            said.push_str(&format!(" --> {file}\n"));
            wanted = false;
        }
    }
    said
}
