//! What `/proc` and the clocks say of the server's process.

use std::time::Duration;
use std::{fs, io};

use nix::{
    time::{ClockId, clock_getcpuclockid},
    unistd::Pid,
};

/// The process of a server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Process(u32);

/// CPU time that a process has used since its start.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Cpu {
    /// All of it, to the nanosecond, of ended threads too.
    pub(crate) total: Duration,
    /// How much of it was the process's own code, in ticks of 10 ms.
    pub(crate) user: u64,
    /// How much of it was the kernel's, in ticks of 10 ms.
    pub(crate) system: u64,
}

/// Resident memory, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Memory {
    pub(crate) resident: u64,
    pub(crate) peak: u64,
}

impl Process {
    pub(crate) fn new(pid: u32) -> Self {
        Self(pid)
    }

    pub(crate) fn cpu(self) -> io::Result<Cpu> {
        let pid = Pid::from_raw(i32::try_from(self.0).map_err(io::Error::other)?);
        let total = clock_getcpuclockid(pid).and_then(ClockId::now)?;
        let (user, system) = ticks(&fs::read_to_string(format!("/proc/{}/stat", self.0))?)
            .ok_or_else(|| unreadable("stat"))?;
        Ok(Cpu { total: Duration::from(total), user, system })
    }

    pub(crate) fn memory(self) -> io::Result<Memory> {
        memory(&fs::read_to_string(format!("/proc/{}/status", self.0))?).ok_or_else(|| unreadable("status"))
    }
}

impl Cpu {
    /// Seconds used since then: of the process's own code, and of the kernel. Their sum is exact, their share is of ticks.
    pub(crate) fn since(self, before: Self) -> (f64, f64) {
        let total = self.total.saturating_sub(before.total).as_secs_f64();
        let (user, system) =
            (self.user.saturating_sub(before.user) as f64, self.system.saturating_sub(before.system) as f64);
        let share = if user + system > 0.0 { user / (user + system) } else { 1.0 };
        (total * share, total * (1.0 - share))
    }
}

/// `utime` and `stime`. The name of the program stands in parentheses, and may hold blanks and parentheses itself.
fn ticks(stat: &str) -> Option<(u64, u64)> {
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

fn memory(status: &str) -> Option<Memory> {
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kib| kib * 1024)
    };
    Some(Memory { resident: field("VmRSS")?, peak: field("VmHWM")? })
}

fn unreadable(file: &str) -> io::Error {
    io::Error::other(format!("/proc/PID/{file} has another form than expected"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Cpu, Memory, Process, memory, ticks};

    #[test]
    fn ticks_are_found_behind_any_name() {
        let stat = "42 (a) b (c) S 1 42 42 0 -1 4194560 100 0 0 0 1234 567 0 0 20 0 3 0 100 1000 200 18446744073709551615";
        assert_eq!(ticks(stat), Some((1234, 567)));
        assert_eq!(ticks("42 (short) S 1"), None);
    }

    #[test]
    fn memory_is_given_in_bytes() {
        let status =
            "Name:\tx\nVmPeak:\t  9999 kB\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\nRssAnon:\t 1 kB\n";
        assert_eq!(memory(status), Some(Memory { resident: 1 << 20, peak: 2 << 20 }));
        assert_eq!(memory("VmHWM:\t 1 kB\n"), None);
    }

    #[test]
    fn the_exact_total_is_shared_out_as_the_ticks_are() {
        let before = Cpu { total: Duration::from_secs(1), user: 60, system: 40 };
        let after = Cpu { total: Duration::from_secs(3), user: 110, system: 190 };
        let (user, system) = after.since(before);
        assert!((user - 0.5).abs() < 1e-9 && (system - 1.5).abs() < 1e-9, "{user} {system}");
    }

    #[test]
    fn this_process_can_be_read() {
        let this = Process::new(std::process::id());
        assert!(this.cpu().unwrap().total > Duration::ZERO);
        assert!(this.memory().unwrap().peak >= this.memory().unwrap().resident);
    }
}
