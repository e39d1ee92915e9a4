//! Where and when it was measured.

use std::process::Command;
use std::{fs, thread};

use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// What a reader needs to judge absolute figures by.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Machine {
    pub(crate) date: String,
    pub(crate) commit: String,
    /// Whether the checkout held changes that the commit does not.
    pub(crate) dirty: bool,
    pub(crate) cpu: String,
    pub(crate) cores: usize,
    /// In KiB.
    pub(crate) memory: u64,
    pub(crate) kernel: String,
    pub(crate) toolchain: String,
}

impl Machine {
    pub(crate) fn here() -> Self {
        let file = |path| fs::read_to_string(path).unwrap_or_default();
        Self {
            date: OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default(),
            commit: output("git", &["rev-parse", "--short=12", "HEAD"]),
            dirty: !output("git", &["status", "--porcelain", "--untracked-files=no"]).is_empty(),
            cpu: field(&file("/proc/cpuinfo"), "model name").unwrap_or_default(),
            cores: thread::available_parallelism().map_or(0, usize::from),
            memory: field(&file("/proc/meminfo"), "MemTotal").and_then(|it| kib(&it)).unwrap_or_default(),
            kernel: file("/proc/sys/kernel/osrelease").trim().to_owned(),
            toolchain: output("rustc", &["--version"]),
        }
    }
}

fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}

fn field(text: &str, name: &str) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn kib(text: &str) -> Option<u64> {
    text.strip_suffix(" kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{field, kib};

    #[test]
    fn fields_of_proc_are_read() {
        let text = "processor\t: 0\nmodel name\t: A CPU\nMemTotal:       24682528 kB\n";
        assert_eq!(field(text, "model name").as_deref(), Some("A CPU"));
        assert_eq!(field(text, "MemTotal").and_then(|it| kib(&it)), Some(24_682_528));
        assert_eq!(field(text, "flags"), None);
    }
}
