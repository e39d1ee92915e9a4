//! One run: a fresh server on its core, the generator on the other, and the figures that it prints.

use std::io::{self, BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::{process, thread};

use super::{Contestant, Plan, Workload};
use crate::figures::Figures;

/// Starts a server, puts the load on it, and ends it.
pub(crate) fn measure(workload: &Workload, contestant: &Contestant, plan: &Plan) -> io::Result<Figures> {
    let (server_cores, load_cores) = if !contestant.apart {
        (None, None)
    } else if thread::available_parallelism()?.get() < 2 {
        return Err(io::Error::other("server and load need a core each"));
    } else {
        (Some("0"), Some("1"))
    };
    let server = Running::start(server_cores, workload, contestant)?;
    // This very program, even if another has been built in its place.
    let this = format!("/proc/{}/exe", process::id());
    let (length, warm_up) = (plan.length.as_secs_f64().to_string(), plan.warm_up.as_secs_f64().to_string());
    let load = pinned(load_cores, &this)
        .args(["load", workload.load, "--json", "--seconds", &length, "--warm-up", &warm_up])
        .args(["--port", &server.port.to_string(), "--pid", &server.child.id().to_string()])
        .args(contestant.load)
        .stdin(Stdio::null())
        .output()?;
    if !load.status.success() {
        let said = String::from_utf8_lossy(&load.stderr);
        return Err(io::Error::other(format!(
            "failed: {}",
            said.trim().trim_start_matches("sockeye-bench: ")
        )));
    }
    serde_json::from_slice(&load.stdout).map_err(io::Error::other)
}

/// A server that ends with this value. `taskset` becomes the server, so its id is the server's.
#[derive(Debug)]
struct Running {
    child: Child,
    port: u16,
}

impl Running {
    fn start(cores: Option<&str>, workload: &Workload, contestant: &Contestant) -> io::Result<Self> {
        let words = contestant.server.command();
        let (program, first) = words.split_first().ok_or_else(|| io::Error::other("no program"))?;
        let mut command = pinned(cores, program);
        command.args(first).args(["--workers", &contestant.workers.to_string()]).args(workload.options);
        // It ends when its input does. What it complains of goes to the terminal.
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut running = Self { child, port: 0 };
        let printed = running.child.stdout.take().ok_or_else(|| io::Error::other("no output"))?;
        let mut line = String::new();
        BufReader::new(printed).read_line(&mut line)?;
        let port = line.strip_prefix("ready ").and_then(|port| port.trim().parse().ok());
        running.port =
            port.ok_or_else(|| io::Error::other(format!("the server did not start: `{}`", line.trim())))?;
        Ok(running)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn pinned(cores: Option<&str>, program: &str) -> Command {
    match cores {
        None => Command::new(program),
        Some(cores) => {
            let mut command = Command::new("taskset");
            command.args(["-c", cores, program]);
            command
        }
    }
}
