//! How long this side may go without reading.

use std::time::{Duration, Instant};

/// Runs while this side does not read because its own queues are full.
#[derive(Debug, Default)]
pub(super) struct Stall {
    since: Option<Instant>,
    warned: bool,
}

/// What a stall that lasts asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Half of the time is over.
    Warn,
    /// All of it is.
    GiveUp,
}

impl Stall {
    /// Reading stopped or goes on.
    pub(super) fn pause(&mut self, paused: bool, now: Instant) {
        if paused != self.since.is_some() {
            *self = Self { since: paused.then_some(now), warned: false };
        }
    }

    /// Looks at the clock.
    pub(super) fn due(&mut self, now: Instant, limit: Duration) -> Option<Step> {
        let lasted = now.saturating_duration_since(self.since?);
        if lasted >= limit {
            return Some(Step::GiveUp);
        }
        if self.warned || lasted < limit / 2 {
            return None;
        }
        self.warned = true;
        Some(Step::Warn)
    }

    /// Whether nobody reads.
    pub(super) fn is_paused(&self) -> bool {
        self.since.is_some()
    }

    pub(super) fn timeout(&self, limit: Duration) -> Option<Instant> {
        Some(self.since? + if self.warned { limit } else { limit / 2 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn warns_at_half_and_gives_up_at_the_end() {
        let (start, limit) = (Instant::now(), 30 * SECOND);
        let mut stall = Stall::default();
        assert_eq!((stall.timeout(limit), stall.due(start, limit)), (None, None));
        stall.pause(true, start);
        stall.pause(true, start + SECOND);
        assert_eq!(stall.timeout(limit), Some(start + 15 * SECOND));
        assert_eq!(stall.due(start + 14 * SECOND, limit), None);
        assert_eq!(stall.due(start + 15 * SECOND, limit), Some(Step::Warn));
        assert_eq!(stall.due(start + 16 * SECOND, limit), None);
        assert_eq!(stall.timeout(limit), Some(start + limit));
        assert_eq!(stall.due(start + limit, limit), Some(Step::GiveUp));
    }

    #[test]
    fn reading_ends_it() {
        let (start, limit) = (Instant::now(), 30 * SECOND);
        let mut stall = Stall::default();
        stall.pause(true, start);
        stall.due(start + 20 * SECOND, limit);
        stall.pause(false, start + 21 * SECOND);
        assert_eq!(stall.due(start + 99 * SECOND, limit), None);
        stall.pause(true, start + 100 * SECOND);
        assert_eq!(stall.timeout(limit), Some(start + 115 * SECOND));
    }

    #[test]
    fn the_shortest_limit_still_moves_on() {
        let (start, limit) = (Instant::now(), Duration::from_nanos(1));
        let mut stall = Stall::default();
        stall.pause(true, start);
        assert_eq!(stall.due(start, limit), Some(Step::Warn));
        assert!(stall.timeout(limit) > Some(start));
    }
}
