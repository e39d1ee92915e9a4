//! How long one session may keep the thread.

use std::time::{Duration, Instant};

/// What is left of one poll: 64 packets or 100 µs, whichever ends first. Then the task yields, so that no client's flood
/// delays another client for longer.
pub(super) struct Budget {
    packets: u32,
    until: Instant,
}

impl Budget {
    /// The clock is the real one: a paused one in a test would never move here.
    pub(super) fn new() -> Self {
        Self { packets: PACKETS, until: Instant::now() + TIME }
    }

    /// One packet was handled. Looking at the clock costs as much as a small packet, so that is done for every eighth.
    pub(super) fn spend(&mut self) {
        self.packets = self.packets.saturating_sub(1);
        if self.packets.is_multiple_of(8) && Instant::now() >= self.until {
            self.packets = 0;
        }
    }

    pub(super) const fn is_spent(&self) -> bool {
        self.packets == 0
    }
}

const PACKETS: u32 = 64;
const TIME: Duration = Duration::from_micros(100);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_after_64_packets() {
        let mut budget = Budget { packets: PACKETS, until: Instant::now() + Duration::from_secs(3600) };
        for _ in 0..63 {
            budget.spend();
        }
        assert!(!budget.is_spent());
        budget.spend();
        assert!(budget.is_spent());
    }

    #[test]
    fn ends_when_its_time_is_over() {
        let mut budget = Budget { packets: PACKETS, until: Instant::now() };
        for _ in 0..8 {
            budget.spend();
        }
        assert!(budget.is_spent());
    }
}
