//! The stretch of a load that counts: warm-up before it, then messages, latencies and the server's CPU time.

use std::io;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

use super::Load;
use super::process::{Cpu, Process};
use crate::figures::Figures;

/// Counts between the end of the warm-up and the end of the load.
#[derive(Debug)]
pub(crate) struct Meter {
    server: Option<Process>,
    begins: Instant,
    length: Duration,
    begun: Option<Begun>,
    latency: Histogram<u64>,
    /// The last count that was seen to rise, and when.
    rose: (u64, Instant),
    figures: Figures,
}

#[derive(Clone, Copy, Debug)]
struct Begun {
    at: Instant,
    count: u64,
    cpu: Option<Cpu>,
}

impl Meter {
    pub(crate) fn new(load: &Load) -> io::Result<Self> {
        let now = Instant::now();
        Ok(Self {
            server: load.server,
            begins: now + load.warm_up,
            length: load.length,
            begun: None,
            latency: Histogram::new_with_bounds(1, 60_000_000_000, 3).map_err(io::Error::other)?,
            rose: (0, now),
            figures: Figures::default(),
        })
    }

    /// One message has taken so long.
    pub(crate) fn took(&mut self, latency: Duration) {
        self.latency.saturating_record(u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX));
    }

    /// Whether the load goes on, after so many messages since its start.
    pub(crate) fn goes_on(&mut self, count: u64) -> io::Result<bool> {
        let now = Instant::now();
        if count > self.rose.0 {
            self.rose = (count, now);
        } else if now.duration_since(self.rose.1) > STANDSTILL {
            return Err(io::Error::other(format!("nothing came for {STANDSTILL:?}, after {count} messages")));
        }
        match self.begun {
            None if now < self.begins => Ok(true),
            None => {
                self.latency.reset();
                let cpu = self.server.map(Process::cpu).transpose()?;
                self.begun = Some(Begun { at: Instant::now(), count, cpu });
                Ok(true)
            }
            Some(begun) if now.duration_since(begun.at) < self.length => Ok(true),
            Some(begun) => {
                self.end(begun, count)?;
                Ok(false)
            }
        }
    }

    /// What was measured.
    pub(crate) fn figures(self) -> Figures {
        self.figures
    }

    fn end(&mut self, begun: Begun, count: u64) -> io::Result<()> {
        let seconds = begun.at.elapsed().as_secs_f64();
        let messages = (count - begun.count) as f64;
        if messages == 0.0 {
            return Err(io::Error::other("no message was answered while it counted"));
        }
        self.figures.set("messages", messages);
        self.figures.set("rate", messages / seconds);
        if let (Some(server), Some(before)) = (self.server, begun.cpu) {
            let (user, system) = server.cpu()?.since(before);
            self.figures.set("cpu", (user + system) * 1e6 / messages);
            self.figures.set("user", user * 1e6 / messages);
            self.figures.set("system", system * 1e6 / messages);
            self.figures.set("busy", (user + system) / seconds);
            let memory = server.memory()?;
            self.figures.set("resident", memory.resident as f64);
            self.figures.set("peak", memory.peak as f64);
        }
        if !self.latency.is_empty() {
            for (name, quantile) in [("p50", 0.5), ("p99", 0.99), ("p999", 0.999)] {
                self.figures.set(name, self.latency.value_at_quantile(quantile) as f64 / 1e3);
            }
        }
        Ok(())
    }
}

/// A server that answers nothing for so long has lost something.
pub(crate) const STANDSTILL: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Meter;
    use crate::load::Load;

    #[test]
    fn messages_and_latencies_of_the_warm_up_do_not_count() {
        let load = Load { warm_up: Duration::ZERO, length: Duration::ZERO, ..Load::default() };
        let mut meter = Meter::new(&load).unwrap();
        meter.took(Duration::from_secs(9));
        assert!(meter.goes_on(5).unwrap());
        for micros in 1..=100 {
            meter.took(Duration::from_micros(micros));
        }
        assert!(!meter.goes_on(8).unwrap());
        let figures = meter.figures();
        assert_eq!(figures.value("messages"), Some(3.0));
        assert!((figures.value("p50").unwrap() - 50.0).abs() < 0.1);
        assert!((figures.value("p99").unwrap() - 99.0).abs() < 0.1);
        assert!((figures.value("p999").unwrap() - 100.0).abs() < 0.2);
    }

    #[test]
    fn a_load_without_answers_is_a_fault() {
        let load = Load { warm_up: Duration::ZERO, length: Duration::ZERO, ..Load::default() };
        let mut meter = Meter::new(&load).unwrap();
        assert!(meter.goes_on(0).unwrap());
        assert!(meter.goes_on(0).is_err());
    }
}
