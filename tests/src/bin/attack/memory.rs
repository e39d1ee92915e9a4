//! Memory of the server for one hostile client: the same attack by many clients at once, divided by their number.

use std::{net::TcpStream, thread};

use crate::{
    Failure,
    process::Server,
    wire::{
        MAX_PAYLOAD,
        polling::Polling,
        push, until,
        websocket::{self, text},
    },
};

mod acks;
mod attachments;
mod bodies;
mod combined;
mod events;
mod frames;
mod handshakes;
mod names;
mod outbox;

/// One attack.
struct Row {
    name: &'static str,
    transport: &'static str,
    /// How many clients do it at once: so many that pages of 4 KiB do not show.
    clients: usize,
    /// Bytes that one of them may take.
    bound: u64,
    attack: fn(u16) -> Result<Held, Failure>,
}

/// What a client keeps open while the server is measured.
type Held = Vec<TcpStream>;

const WEBSOCKET: &str = "websocket";
const POLLING: &str = "polling";

/// For a session: two messages of the greatest length (one being read, one's worth being worked upon), the outbox, and
/// what a session is by itself.
const SESSION: u64 = 2 * MAX_PAYLOAD as u64 + OUTBOX + 64 * 1024;
const OUTBOX: u64 = 768 * 1024;

/// What one client may hold in any row, whatever the row's own bound.
const MOST: u64 = 3_000_000;

/// Enough that noise of the allocator and buffers of the server's threads vanish.
const CLIENTS: usize = 16;

impl Row {
    const fn new(
        name: &'static str,
        transport: &'static str,
        attack: fn(u16) -> Result<Held, Failure>,
    ) -> Self {
        Self { name, transport, clients: CLIENTS, bound: SESSION, attack }
    }

    const fn clients(self, clients: usize) -> Self {
        Self { clients, ..self }
    }

    const fn bound(self, bound: u64) -> Self {
        Self { bound, ..self }
    }
}

/// Runs the rows whose names contain `only`. Answers whether all bounds held.
pub(crate) fn run(only: &str) -> Result<bool, Failure> {
    let families = [
        frames::ROWS,
        bodies::ROWS,
        attachments::ROWS,
        events::ROWS,
        outbox::ROWS,
        names::ROWS,
        acks::ROWS,
        handshakes::ROWS,
        combined::ROWS,
    ];
    println!("| attack | transport | clients | still open | held by one | at its peak | bound | |");
    println!("|---|---|--:|--:|--:|--:|--:|---|");
    let (mut all, mut most) = (true, 0);
    for row in families.into_iter().flatten().filter(|row| row.name.contains(only)) {
        let (held, holds) = measure(row)?;
        most = most.max(held);
        all &= holds;
    }
    let holds = most <= MOST;
    println!(
        "\nOne client holds {} in the worst row; {} are allowed: {}.",
        kilobytes(most),
        kilobytes(MOST),
        verdict(holds)
    );
    Ok(all && holds)
}

/// Bytes that one client holds, and whether its bound held.
fn measure(row: &Row) -> Result<(u64, bool), Failure> {
    let Row { name, transport, clients, bound, attack } = row;
    let mut server = Server::start()?;
    let port = server.port;
    warm_up(port)?;
    let before = server.settled()?;
    let held = thread::scope(|scope| {
        let threads: Vec<_> = (0..*clients).map(|_| scope.spawn(move || attack(port))).collect();
        let ended = threads.into_iter().map(|thread| thread.join().map_err(|_| "a client panicked")?);
        ended.collect::<Result<Vec<Held>, Failure>>()
    })?;
    let after = server.settled()?;
    let each = |bytes: u64| bytes.saturating_sub(before.resident) / *clients as u64;
    let (held_by_one, peak) = (each(after.resident), each(after.peak));
    let open = after.sessions.saturating_sub(before.sessions);
    let holds = peak <= *bound;
    let [now, peak, bound] = [held_by_one, peak, *bound].map(kilobytes);
    println!("| {name} | {transport} | {clients} | {open} | {now} | {peak} | {bound} | {} |", verdict(holds));
    drop(held);
    Ok((held_by_one, holds))
}

pub(crate) const fn verdict(holds: bool) -> &'static str {
    if holds { "holds" } else { "**broken**" }
}

fn kilobytes(bytes: u64) -> String {
    let kilobytes = bytes.div_ceil(1000);
    match (kilobytes / 1000, kilobytes % 1000) {
        (0, kilobytes) => format!("{kilobytes} KB"),
        (thousands, rest) => format!("{thousands},{rest:03} KB"),
    }
}

/// What the first connections bring (threads, lazily made tables and buffers) is not the attacker's.
fn warm_up(port: u16) -> Result<(), Failure> {
    for _ in 0..8 {
        let socket = websocket::join(port)?;
        push(&socket, &text("421[\"echo\",\"hi\"]"));
        until(&socket, "431[\"hi\"]")?;
        let session = Polling::join(port)?;
        session.post("421[\"echo\",\"hi\"]")?;
        session.get()?;
    }
    Ok(())
}
