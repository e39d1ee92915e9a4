//! A bucket that fills evenly, kept as one instant.

use std::time::{Duration, Instant};

/// How many at once, and how often again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate {
    /// After so long there is room for one more.
    every: Duration,
    /// An empty bucket is full after so long.
    all: Duration,
}

impl Rate {
    #[track_caller]
    pub(super) fn new(events: u32, per: Duration) -> Self {
        assert!(events > 0, "a rate that lets no event pass");
        let every = per / events;
        assert!(!every.is_zero(), "a rate without time");
        // Not `per`, lest the last of them be lost to rounding.
        Self { every, all: every.saturating_mul(events) }
    }
}

/// When it will be full: each event moves that on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket(Instant);

impl Bucket {
    pub(super) const fn full(now: Instant) -> Self {
        Self(now)
    }

    /// How long until there is room for one; `None`: there is.
    pub(super) fn wait(self, rate: Rate, now: Instant) -> Option<Duration> {
        let missing = self.0.saturating_duration_since(now);
        let wait = missing.saturating_add(rate.every).saturating_sub(rate.all);
        (!wait.is_zero()).then_some(wait)
    }

    /// Takes one. There is room for it.
    pub(super) fn take(&mut self, rate: Rate, now: Instant) {
        let full = self.0.max(now);
        // Beyond the end of all clocks it stays as it is.
        self.0 = full.checked_add(rate.every).unwrap_or(full);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_pass_at_once_and_as_many_again_over_the_time() {
        for (events, per) in [(1, 1000), (3, 1000), (7, 1000), (20, 1000)] {
            let rate = Rate::new(events, Duration::from_millis(per));
            let mut now = Instant::now();
            let mut bucket = Bucket::full(now);
            for round in 0..5 {
                for _ in 0..events {
                    assert_eq!(bucket.wait(rate, now), None, "round {round}");
                    bucket.take(rate, now);
                }
                let wait = bucket.wait(rate, now).expect("bound + 1");
                assert_eq!(wait, rate.every);
                assert_eq!(bucket.wait(rate, now + wait), None);
                assert!(bucket.wait(rate, now + wait - Duration::from_nanos(1)).is_some());
                now += Duration::from_millis(per);
            }
            // However long it rests, it holds no more.
            now += Duration::from_secs(3600);
            for _ in 0..events {
                bucket.take(rate, now);
            }
            assert!(bucket.wait(rate, now).is_some());
        }
    }
}
