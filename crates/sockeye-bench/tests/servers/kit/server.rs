//! The process of a server.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::time::timeout;

use super::PATIENCE;

/// A server that runs, and ends with its stdin.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) port: u16,
    pub(crate) child: Child,
    pub(crate) stdin: Option<ChildStdin>,
    /// Whether events of one client are answered in their order. socketioxide runs each in a task of its own.
    pub(crate) keeps_order: bool,
}

impl Server {
    pub(crate) async fn start(binary: &str, arguments: &[&str]) -> Self {
        let mut command = Command::new(binary);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().unwrap();
        let stdin = child.stdin.take();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = timeout(PATIENCE, lines.next_line()).await.unwrap().unwrap().unwrap();
        let port = line.strip_prefix("ready ").unwrap().parse().unwrap();
        Self { port, child, stdin, keeps_order: !arguments.contains(&"socketioxide") }
    }

    pub(crate) async fn sockeye() -> Self {
        Self::start(env!("CARGO_BIN_EXE_bench-sockeye"), &[]).await
    }

    pub(crate) async fn sockeye_mimalloc() -> Self {
        Self::start(env!("CARGO_BIN_EXE_bench-sockeye-mimalloc"), &["--workers", "2"]).await
    }

    pub(crate) async fn other(kind: &str) -> Self {
        Self::start(env!("CARGO_BIN_EXE_bench-others"), &[kind]).await
    }
}
