//! Handshakes by polling that nobody ever claims: what each of them holds in memory.

use std::io;
use std::thread::sleep;
use std::time::Duration;

use super::Load;
use super::connect::{Client, stream};
use super::head::{Head, kept};
use super::http::{ask, sid};
use super::process::Process;
use crate::figures::Figures;

/// 5,000 of them, with a browser's headers, over a few connections that stay.
pub(crate) fn run(load: &Load) -> io::Result<Figures> {
    let count = load.connections.unwrap_or(5000);
    let client = |number| stream(load.port, number).map(|stream| Client { stream, left: Vec::new() });
    let mut clients = (0..CONNECTIONS).map(client).collect::<io::Result<Vec<_>>>()?;
    let mut open = |number: usize| {
        let request = Head::Browser.polling(load.port, number, None, None);
        sid(&ask(&mut clients[number % CONNECTIONS], &request)?)
    };
    for number in 0..WARM_UP {
        open(number)?;
    }
    sleep(SETTLING);
    let before = Reading::of(load)?;
    for number in 0..count {
        open(number + WARM_UP)?;
    }
    sleep(SETTLING);
    let mut figures = Figures::default();
    figures.set("messages", count as f64);
    if let (Some(server), Some(before)) = (load.server, before) {
        let (user, system) = server.cpu()?.since(before.cpu);
        let memory = server.memory()?;
        let each = memory.resident.saturating_sub(before.resident) as f64 / count as f64;
        let head = kept(&Head::Browser.polling(load.port, 0, None, None)) as f64;
        figures.set("cpu", (user + system) * 1e6 / count as f64);
        figures.set("each", each);
        figures.set("head", head);
        figures.set("beyond", each - head);
        figures.set("resident", memory.resident as f64);
        figures.set("peak", memory.peak as f64);
    }
    Ok(figures)
}

/// What a server has used before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    pub(crate) cpu: super::process::Cpu,
    pub(crate) resident: u64,
}

impl Reading {
    /// Nothing when the server's process is not known.
    pub(crate) fn of(load: &Load) -> io::Result<Option<Self>> {
        let read = |server: Process| Ok(Self { cpu: server.cpu()?, resident: server.memory()?.resident });
        load.server.map(read).transpose()
    }
}

/// Enough for the first allocations of a server to have been made.
const WARM_UP: usize = 100;
const CONNECTIONS: usize = 4;
/// A server may give memory back a little later than it could.
const SETTLING: Duration = Duration::from_millis(500);
