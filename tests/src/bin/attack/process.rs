//! The server's process, seen from outside.

use std::{
    env,
    io::{BufRead, BufReader, Lines, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    thread,
    time::Duration,
};

use crate::Failure;

/// A server that runs until this is dropped.
pub(crate) struct Server {
    child: Child,
    ask: Option<ChildStdin>,
    said: Lines<BufReader<ChildStdout>>,
    pub(crate) port: u16,
}

/// What the kernel says of the server's memory, in bytes, and the server of its sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Figures {
    pub(crate) resident: u64,
    /// The most it ever was.
    pub(crate) peak: u64,
    pub(crate) sessions: usize,
}

impl Server {
    pub(crate) fn start() -> Result<Self, Failure> {
        let mut child = Command::new(env::current_exe()?)
            .arg("serve")
            // Else the C library keeps what was freed for the next who asks, and that would be counted as held.
            .env("MALLOC_MMAP_THRESHOLD_", "65536")
            .env("MALLOC_TRIM_THRESHOLD_", "65536")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let ask = child.stdin.take();
        let mut said = BufReader::new(child.stdout.take().ok_or("the server has no output")?).lines();
        let port = said.next().ok_or("the server has not started")??.parse()?;
        Ok(Self { child, ask, said, port })
    }

    pub(crate) fn figures(&mut self) -> Result<Figures, Failure> {
        writeln!(self.ask.as_ref().ok_or("the server has no input")?)?;
        let line = self.said.next().ok_or("the server is gone")??;
        let mut numbers = line.split(' ').map(str::parse::<u64>);
        let mut next = || numbers.next().ok_or("the server says too little");
        Ok(Figures { resident: next()?? * 1024, peak: next()?? * 1024, sessions: usize::try_from(next()??)? })
    }

    /// The figures when they change no more, or after some seconds.
    pub(crate) fn settled(&mut self) -> Result<Figures, Failure> {
        let (mut figures, mut same) = (self.figures()?, 0);
        for _ in 0..40 {
            thread::sleep(Duration::from_millis(50));
            let now = self.figures()?;
            same = if now == figures { same + 1 } else { 0 };
            figures = now;
            if same == 4 {
                break;
            }
        }
        Ok(figures)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It ends with its input.
        drop(self.ask.take());
        let _ = self.child.wait();
    }
}
