//! Two runs of different lengths under callgrind; their difference is what a message costs.

use std::{fs, path::PathBuf, process, thread};

use crate::{Failure, profile::Profile, server::Server, workload::Workload};

/// What one message costs.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    /// In user space, in the whole process.
    pub(crate) instructions: f64,
    /// Calls of the allocator that give memory.
    pub(crate) allocations: f64,
    /// Without looks at the clock, which are none outside of valgrind.
    pub(crate) system_calls: f64,
    /// Looks at the clock.
    pub(crate) clock: f64,
}

/// Counts a workload, and keeps who has what part in it.
pub(crate) fn count(server: &Server, workload: &Workload) -> Result<(Counts, Profile), Failure> {
    let [short, long] = workload.rounds;
    let messages = f64::from((long - short) * workload.each_round);
    let profile = run(server, workload, long)?.less(&run(server, workload, short)?, messages);
    Ok((profile.counts(), profile))
}

fn run(server: &Server, workload: &Workload, rounds: u32) -> Result<Profile, Failure> {
    let file = run_under("callgrind", &["--collect-systime=yes"], server, workload, rounds)?;
    let profile = Profile::read(&fs::read_to_string(&file)?);
    fs::remove_file(&file)?;
    profile
}

/// Answers where the tool has written to.
pub(crate) fn run_under(
    tool: &str,
    options: &[&str],
    server: &Server,
    workload: &Workload,
    rounds: u32,
) -> Result<PathBuf, Failure> {
    let file = std::env::temp_dir().join(format!("bench-counts-{}-{}", process::id(), workload.name));
    let running = server.start(tool, options, &file)?;
    // A server that answers something else ends the client, loudly.
    let (drive, port) = (workload.drive, running.port);
    if thread::spawn(move || drive(port, rounds)).join().is_err() {
        return Err(format!("{} is not answered as it should be", workload.name).into());
    }
    running.end()?;
    Ok(file)
}
