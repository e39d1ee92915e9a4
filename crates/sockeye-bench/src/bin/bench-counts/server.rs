//! A server's process under valgrind.

use std::{
    env,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use crate::Failure;

/// Which server.
#[derive(Debug)]
pub(crate) struct Server {
    binary: PathBuf,
    kind: Option<String>,
}

impl Server {
    /// sockeye, with the default allocator.
    pub(crate) fn ours() -> Result<Self, Failure> {
        Self::named(OURS)
    }

    /// A binary that lies beside this one, and which of its servers.
    pub(crate) fn named(name: &str) -> Result<Self, Failure> {
        let (name, kind) = name.split_once(' ').map_or((name, None), |(name, kind)| (name, Some(kind)));
        let binary = env::current_exe()?.with_file_name(name);
        Ok(Self { binary, kind: kind.map(ToOwned::to_owned) })
    }

    pub(crate) fn is_ours(&self) -> bool {
        self.binary.ends_with(OURS)
    }

    /// Starts it under a tool of valgrind, which writes to `out` when the server has ended.
    pub(crate) fn start(&self, tool: &str, options: &[&str], out: &Path) -> Result<Running, Failure> {
        let mut command = Command::new("valgrind");
        command.arg("--quiet").arg(format!("--tool={tool}")).args(options);
        command.arg(format!("--{tool}-out-file={}", out.display()));
        command.arg(&self.binary).args(&self.kind).args(["--workers", "1", "--ping-interval", SILENCE]);
        // What the tool itself has to say is of no interest while it works.
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child =
            child.map_err(|error| format!("valgrind does not start, is it installed? {error}"))?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let port = line.trim().strip_prefix("ready ").and_then(|port| port.parse().ok());
        match port {
            Some(port) => Ok(Running { child, port }),
            None => {
                child.kill()?;
                child.wait()?;
                Err(format!("{} does not say that it is ready", self.binary.display()).into())
            }
        }
    }
}

/// A server that runs, until its stdin is closed.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    pub(crate) port: u16,
}

impl Running {
    /// Ends it, and waits until its tool has written.
    pub(crate) fn end(mut self) -> Result<(), Failure> {
        drop(self.child.stdin.take());
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Running {
    /// Also when the client has panicked. One that has ended already cannot be killed, which is no fault.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const OURS: &str = "bench-sockeye";
/// Milliseconds between two pings: longer than anything takes under valgrind.
const SILENCE: &str = "3600000";
