//! Pings, the pongs they wait for, and what else shows that the client lives (Engine.IO 4, "Heartbeat").

use std::time::{Duration, Instant};

use crate::engine::Config;

/// The heartbeat of one session: waits for the time to ping, or for a pong.
#[derive(Debug)]
pub(super) struct Heartbeat {
    expect: Expect,
    /// Since when the pong's deadline does not run, because nobody reads.
    frozen: Option<Instant>,
    /// When the ping left; on polling that may be later than it was due.
    sent: Option<Instant>,
    latency: Option<Duration>,
}

#[derive(Debug)]
enum Expect {
    TimeToPing(Instant),
    Pong { deadline: Instant, refreshed: bool },
}

/// What a heartbeat that is due asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Beat {
    /// Send a ping.
    Ping,
    /// The client is gone.
    Lost,
}

impl Heartbeat {
    pub(super) fn new(now: Instant, config: &Config) -> Self {
        let expect = Expect::TimeToPing(now + config.ping_interval);
        Self { expect, frozen: None, sent: None, latency: None }
    }

    /// Looks at the clock.
    pub(super) fn due(&mut self, now: Instant, config: &Config) -> Option<Beat> {
        match self.expect {
            Expect::TimeToPing(at) if at <= now => {
                self.expect_pong(now, config, false);
                self.sent = None;
                Some(Beat::Ping)
            }
            Expect::Pong { deadline, .. } if self.frozen.is_none() && deadline <= now => Some(Beat::Lost),
            _ => None,
        }
    }

    /// The ping has left.
    pub(super) fn sent(&mut self, now: Instant) {
        self.sent = Some(now);
    }

    /// A pong came. Says whether it was awaited; it extends the session's life either way, as in the reference.
    pub(super) fn pong(&mut self, now: Instant, config: &Config) -> bool {
        let awaited = matches!(self.expect, Expect::Pong { .. });
        if let Some(sent) = self.sent.take() {
            self.latency = Some(now.saturating_duration_since(sent));
        }
        self.expect = Expect::TimeToPing(now + config.ping_interval);
        awaited
    }

    /// Any other packet came: the first one while a pong is awaited gives it the full time again, for a pong may
    /// be stuck behind a large message.
    pub(super) fn other(&mut self, now: Instant, config: &Config) {
        if let Expect::Pong { refreshed: false, .. } = self.expect {
            self.expect_pong(now, config, true);
        }
    }

    /// Reading stopped or goes on.
    pub(super) fn freeze(&mut self, frozen: bool, now: Instant) {
        match (frozen, self.frozen) {
            (true, None) => self.frozen = Some(now),
            (false, Some(since)) => {
                self.frozen = None;
                if let Expect::Pong { deadline, refreshed } = &mut self.expect {
                    *deadline += now.saturating_duration_since(since);
                    // What came meanwhile is only read now, and counts again.
                    *refreshed = false;
                }
            }
            _ => {}
        }
    }

    pub(super) fn timeout(&self) -> Option<Instant> {
        match self.expect {
            Expect::TimeToPing(at) => Some(at),
            Expect::Pong { deadline, .. } => self.frozen.is_none().then_some(deadline),
        }
    }

    pub(super) fn latency(&self) -> Option<Duration> {
        self.latency
    }

    fn expect_pong(&mut self, now: Instant, config: &Config, refreshed: bool) {
        self.expect = Expect::Pong { deadline: now + config.ping_timeout, refreshed };
        // The full time runs from here once somebody reads again.
        if let Some(since) = &mut self.frozen {
            *since = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn heart() -> (Instant, Config, Heartbeat) {
        let (now, config) = (Instant::now(), Config::default());
        let heart = Heartbeat::new(now, &config);
        (now, config, heart)
    }

    #[test]
    fn pings_after_the_interval_and_gives_up_after_the_timeout() {
        let (start, config, mut heart) = heart();
        assert_eq!(heart.timeout(), Some(start + 25 * SECOND));
        assert_eq!(heart.due(start + 24 * SECOND, &config), None);
        assert_eq!(heart.due(start + 25 * SECOND, &config), Some(Beat::Ping));
        assert_eq!(heart.due(start + 44 * SECOND, &config), None);
        assert_eq!(heart.due(start + 45 * SECOND, &config), Some(Beat::Lost));
    }

    #[test]
    fn the_next_ping_comes_an_interval_after_the_pong() {
        let (start, config, mut heart) = heart();
        heart.due(start + 25 * SECOND, &config);
        heart.sent(start + 26 * SECOND);
        assert!(heart.pong(start + 30 * SECOND, &config));
        assert_eq!(heart.latency(), Some(4 * SECOND));
        assert_eq!(heart.timeout(), Some(start + 55 * SECOND));
        assert!(!heart.pong(start + 31 * SECOND, &config), "nobody waited for this one");
        assert_eq!(heart.timeout(), Some(start + 56 * SECOND));
        assert_eq!(heart.latency(), Some(4 * SECOND));
    }

    #[test]
    fn another_packet_refreshes_once() {
        let (start, config, mut heart) = heart();
        heart.other(start + SECOND, &config);
        assert_eq!(heart.timeout(), Some(start + 25 * SECOND), "nothing to refresh before the ping");
        heart.due(start + 25 * SECOND, &config);
        heart.other(start + 40 * SECOND, &config);
        heart.other(start + 50 * SECOND, &config);
        assert_eq!(heart.timeout(), Some(start + 60 * SECOND));
    }

    #[test]
    fn the_deadline_stands_still_while_nobody_reads() {
        let (start, config, mut heart) = heart();
        heart.due(start + 25 * SECOND, &config);
        heart.freeze(true, start + 44 * SECOND);
        assert_eq!((heart.timeout(), heart.due(start + 90 * SECOND, &config)), (None, None));
        heart.freeze(false, start + 100 * SECOND);
        assert_eq!(heart.timeout(), Some(start + 101 * SECOND));
    }

    #[test]
    fn a_ping_sent_while_nobody_reads_has_all_its_time_afterwards() {
        let (start, config, mut heart) = heart();
        heart.freeze(true, start + SECOND);
        assert_eq!(heart.due(start + 25 * SECOND, &config), Some(Beat::Ping));
        heart.freeze(false, start + 30 * SECOND);
        assert_eq!(heart.timeout(), Some(start + 50 * SECOND));
    }
}
