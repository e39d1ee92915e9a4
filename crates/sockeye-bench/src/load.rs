//! The load generator: one thread, raw frames, one workload against a server that runs already.

use std::io;
use std::time::Duration;

use nix::sys::resource::{Resource, getrlimit, setrlimit};

mod broadcast;
mod burst;
mod connect;
mod frame;
mod head;
mod http;
mod idle;
mod meter;
mod polling;
mod process;
mod rooms;
mod slow;
mod sockets;
mod storm;
mod unclaimed;
mod window;

pub(crate) use self::process::Process;
use crate::figures::Figures;

/// What load to put on which server.
#[derive(Clone, Debug, Default)]
pub(crate) struct Load {
    /// The workload's name.
    pub(crate) workload: String,
    /// Where the server listens on 127.0.0.1.
    pub(crate) port: u16,
    /// The server's process; without it, CPU and memory stay unmeasured.
    pub(crate) server: Option<Process>,
    /// How long the load runs before anything counts.
    pub(crate) warm_up: Duration,
    /// How long it counts.
    pub(crate) length: Duration,
    /// Connections other than the workload's own number.
    pub(crate) connections: Option<usize>,
    /// Messages in flight other than the workload's own number.
    pub(crate) window: Option<usize>,
    /// The namespace that a storm connects to.
    pub(crate) namespace: Option<String>,
    /// Print the figures as JSON.
    pub(crate) json: bool,
}

/// Runs it and prints its figures.
pub(crate) fn run(load: &Load) -> io::Result<()> {
    // 10,000 sockets are more than many a shell allows at first.
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, most, most)?;
    let figures = measure(load)?;
    if load.json {
        println!("{}", serde_json::to_string(&figures).map_err(io::Error::other)?);
    } else {
        for (name, value) in figures.iter() {
            println!("{name:<12} {value:.3}");
        }
    }
    Ok(())
}

fn measure(load: &Load) -> io::Result<Figures> {
    match load.workload.as_str() {
        "broadcast-1" => broadcast::run(load, 1),
        "broadcast-8" => broadcast::run(load, 8),
        "burst" => burst::run(load),
        "heartbeat" => idle::heartbeat(load),
        "idle" => idle::run(load),
        "polling-echo" => polling::run(load),
        "rooms" => rooms::run(load),
        "slow" => slow::run(load, true),
        "slow-without" => slow::run(load, false),
        "storm" => storm::run(load),
        "unclaimed" => unclaimed::run(load),
        other => match window::Kind::named(other) {
            Some((kind, window)) => window::run(load, kind, window),
            None => Err(io::Error::other(format!("no workload is called `{other}`"))),
        },
    }
}
