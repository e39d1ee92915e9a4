//! What the tests need beside Rust: Node, npm packages, Python, Chromium and two proxies, installed when missing.

use std::process::{Command, Stdio};

use crate::command::succeeds;
use crate::npm;
use crate::python;
use crate::root::Root;

/// What a stage needs beside Rust.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Needs {
    clients: bool,
    page: bool,
    python: bool,
    browser: bool,
    proxies: bool,
}

impl Needs {
    pub(crate) const RUST: Self =
        Self { clients: false, page: false, python: false, browser: false, proxies: false };
    pub(crate) const CLIENTS: Self = Self { clients: true, python: true, proxies: true, ..Self::RUST };
    pub(crate) const PAGE: Self = Self { page: true, ..Self::RUST };
    pub(crate) const BROWSER: Self = Self { clients: true, page: true, browser: true, ..Self::RUST };

    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            clients: self.clients || other.clients,
            page: self.page || other.page,
            python: self.python || other.python,
            browser: self.browser || other.browser,
            proxies: self.proxies || other.proxies,
        }
    }

    fn node(self) -> bool {
        self.clients || self.page || self.browser
    }
}

/// A program of the system, and the package that brings it.
struct Tool {
    names: &'static [&'static str],
    package: &'static str,
}

const NODE: Tool = Tool { names: &["node"], package: "nodejs" };
const NPM: Tool = Tool { names: &["npm"], package: "npm" };
const CHROMIUM: Tool =
    Tool { names: &["chromium", "chromium-browser", "google-chrome"], package: "chromium" };

const NGINX: Tool = Tool { names: &["nginx"], package: "nginx-light" };
const HAPROXY: Tool = Tool { names: &["haproxy"], package: "haproxy" };

/// The oldest Node the clients and the page are built with.
const NODE_MAJOR: u32 = 20;

/// Installs what is missing; says what cannot be installed.
pub(crate) fn install(root: &Root, needs: Needs) -> Result<(), String> {
    let mut wanted = Vec::new();
    if needs.node() {
        wanted.extend([NODE, NPM]);
    }
    if needs.browser {
        wanted.push(CHROMIUM);
    }
    if needs.proxies {
        wanted.extend([NGINX, HAPROXY]);
    }
    let mut missing: Vec<&str> =
        wanted.iter().filter(|tool| !tool.is_there()).map(|tool| tool.package).collect();
    if needs.python && !python::is_there() {
        missing.push("python3-venv");
    }
    if !missing.is_empty() {
        install_packages(&missing)?;
    }
    if needs.node() {
        node_is_new_enough()?;
    }
    if needs.clients || needs.browser {
        npm::install(root, npm::STORIES)?;
    }
    if needs.page || needs.browser {
        npm::install(root, npm::PAGE)?;
        npm::install(root, npm::HELLO)?;
    }
    if needs.python {
        python::install(root)?;
    }
    Ok(())
}

impl Tool {
    fn is_there(&self) -> bool {
        self.names
            .iter()
            .any(|name| ["--version", "-v"].iter().any(|asked| first_line(name, &[asked]).is_some()))
    }
}

fn install_packages(packages: &[&str]) -> Result<(), String> {
    let list = packages.join(" ");
    if first_line("id", &["-u"]).as_deref() != Some("0") {
        return Err(format!(
            "missing: {list}. Install them, for example with `sudo apt-get install -y {list}`."
        ));
    }
    let apt = |arguments: &[&str]| {
        succeeds(Command::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(arguments))
    };
    let mut install = vec!["install", "-y", "--no-install-recommends"];
    install.extend(packages);
    if (apt(&["update"]) && apt(&install)) || apt(&install) {
        Ok(())
    } else {
        Err(format!("missing, and apt-get could not install it: {list}"))
    }
}

fn node_is_new_enough() -> Result<(), String> {
    let version = first_line("node", &["--version"]).unwrap_or_default();
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE_MAJOR => Ok(()),
        _ => Err(format!("Node {NODE_MAJOR} or newer is needed, found {version:?}")),
    }
}

fn first_line(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then(|| text.lines().next().unwrap_or_default().trim().to_owned())
}
