//! The servers: how each is started, what it needs, and which version it is.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// One of those that are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Server {
    Sockeye,
    SockeyeMimalloc,
    Socketioxide,
    Node,
    Bun,
    Bare,
    Tungstenite,
    AxumPolling,
}

impl Server {
    pub(crate) const ALL: [Self; 8] = [
        Self::Sockeye,
        Self::SockeyeMimalloc,
        Self::Socketioxide,
        Self::Node,
        Self::Bun,
        Self::Bare,
        Self::Tungstenite,
        Self::AxumPolling,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sockeye => "sockeye",
            Self::SockeyeMimalloc => "sockeye-mimalloc",
            Self::Socketioxide => "socketioxide",
            Self::Node => "node",
            Self::Bun => "bun",
            Self::Bare => "bare",
            Self::Tungstenite => "tungstenite",
            Self::AxumPolling => "axum-polling",
        }
    }

    /// The program and its first arguments. A path where the program has been built or installed, else a name.
    pub(crate) fn command(self) -> Vec<String> {
        let words = |program: &Path, rest: &[&str]| {
            let program = program.to_string_lossy().into_owned();
            [program].into_iter().chain(rest.iter().map(|word| (*word).to_owned())).collect()
        };
        let script = node_folder().join("server.mjs");
        let script = script.to_string_lossy();
        match self {
            Self::Sockeye => words(&built("bench-sockeye"), &[]),
            Self::SockeyeMimalloc => words(&built("bench-sockeye-mimalloc"), &[]),
            Self::Socketioxide | Self::Bare | Self::Tungstenite | Self::AxumPolling => {
                words(&built("bench-others"), &[self.name()])
            }
            Self::Node => words(Path::new("node"), &[&script, "--engine", "ws"]),
            Self::Bun => words(&bun().unwrap_or_else(|| "bun".into()), &[&script, "--engine", "bun"]),
        }
    }

    /// Why it cannot be measured here, if so.
    pub(crate) fn missing(self) -> Option<String> {
        match self {
            Self::Node | Self::Bun if !node_folder().join("node_modules").is_dir() => {
                Some("its npm packages are not installed".to_owned())
            }
            Self::Node if version_of("node").is_none() => Some("there is no `node`".to_owned()),
            Self::Bun if bun().is_none() => Some("`bun` did not install from npm".to_owned()),
            Self::Node | Self::Bun => None,
            _ => {
                let program = PathBuf::from(self.command().first()?);
                (!program.is_file()).then(|| "it is not built".to_owned())
            }
        }
    }

    /// What exactly is measured.
    pub(crate) fn version(self) -> String {
        let unknown = || "unknown".to_owned();
        match self {
            Self::Sockeye | Self::SockeyeMimalloc => env!("CARGO_PKG_VERSION").to_owned(),
            Self::Socketioxide => locked("socketioxide").unwrap_or_else(unknown),
            Self::Node => format!(
                "socket.io {} on node {}",
                installed("socket.io").unwrap_or_else(unknown),
                version_of("node").unwrap_or_else(unknown)
            ),
            Self::Bun => format!(
                "socket.io {} with @socket.io/bun-engine {} on bun {}",
                installed("socket.io").unwrap_or_else(unknown),
                installed("@socket.io/bun-engine").unwrap_or_else(unknown),
                bun().and_then(|bun| version_of(&bun.to_string_lossy())).unwrap_or_else(unknown)
            ),
            Self::Bare => format!("tokio {}", locked("tokio").unwrap_or_else(unknown)),
            Self::Tungstenite => locked("tungstenite").unwrap_or_else(unknown),
            Self::AxumPolling => format!("axum {}", locked("axum").unwrap_or_else(unknown)),
        }
    }
}

/// A program beside this one.
fn built(name: &str) -> PathBuf {
    env::current_exe().map(|this| this.with_file_name(name)).unwrap_or_else(|_| name.into())
}

fn node_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("node")
}

/// The program itself, whose process is the one to be measured. It lies in the package of its platform, and goes into the
/// place of a file that says so when npm runs install scripts.
fn bun() -> Option<PathBuf> {
    let modules = node_folder().join("node_modules");
    let mut programs = vec![modules.join("bun/bin/bun.exe")];
    if let Ok(packages) = fs::read_dir(modules.join("@oven")) {
        programs.extend(packages.flatten().map(|package| package.path().join("bin/bun")));
    }
    programs.into_iter().find(|program| version_of(&program.to_string_lossy()).is_some())
}

fn version_of(program: &str) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn installed(package: &str) -> Option<String> {
    let text = fs::read(node_folder().join("node_modules").join(package).join("package.json")).ok()?;
    let parsed: serde_json::Value = serde_json::from_slice(&text).ok()?;
    Some(parsed.get("version")?.as_str()?.to_owned())
}

/// The version of a crate that was built. Of several, the newest stands last.
fn locked(package: &str) -> Option<String> {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2)?.join("Cargo.lock");
    version_in(&fs::read_to_string(lock).ok()?, package)
}

fn version_in(lock: &str, package: &str) -> Option<String> {
    let entry = format!("name = \"{package}\"\nversion = \"");
    let (_, rest) = lock.rsplit_once(&entry)?;
    rest.split_once('"').map(|(version, _)| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::version_in;

    #[test]
    fn versions_are_read_from_the_lock_file() {
        let lock = "[[package]]\nname = \"tokio-util\"\nversion = \"0.7.1\"\n\n[[package]]\nname = \"tokio\"\nversion = \"1.54.0\"\n";
        assert_eq!(version_in(lock, "tokio").as_deref(), Some("1.54.0"));
        assert_eq!(version_in(lock, "axum"), None);
    }
}
