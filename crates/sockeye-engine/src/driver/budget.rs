//! How long one session may keep the thread.

use std::time::{Duration, Instant};

/// What is left of one poll: 64 packets or 100 µs, whichever ends first. Then the task yields, so that no client's flood
/// delays another client for longer.
pub(super) struct Budget {
    packets: u32,
    /// What the handler has set to work, which may have waited since an earlier poll.
    handled: usize,
    since: Instant,
}

impl Budget {
    /// From `now` on. Later the real clock is asked: a paused one in a test would never move here.
    pub(super) fn new(now: Instant) -> Self {
        Self { packets: PACKETS, handled: 0, since: now }
    }

    /// One packet was handled. Looking at the clock costs as much as a small packet, so that is done for every eighth.
    pub(super) fn spend(&mut self) {
        self.packets = self.packets.saturating_sub(1);
        if self.packets.is_multiple_of(8) && self.is_late() {
            self.packets = 0;
        }
    }

    /// So many bytes were handled as one packet. A kilobyte on the wire may have been a megabyte, so the clock is asked
    /// after a long one.
    pub(super) fn weigh(&mut self, bytes: usize) {
        if bytes >= LONG && self.is_late() {
            self.packets = 0;
        }
    }

    fn is_late(&self) -> bool {
        Instant::now().saturating_duration_since(self.since) >= TIME
    }

    pub(super) const fn is_spent(&self) -> bool {
        self.packets == 0
    }

    /// So many packets were set to work by the handler.
    pub(super) const fn handle(&mut self, packets: usize) {
        self.handled = self.handled.saturating_add(packets);
    }

    /// Whether the handler has done enough for now. What is decoded meanwhile counts by itself, so a burst that is
    /// decoded and set to work in one turn is charged once.
    pub(super) const fn is_handled(&self) -> bool {
        self.handled >= PACKETS as usize
    }
}

const PACKETS: u32 = 64;
/// Bytes of a packet that takes longer than looking at the clock.
const LONG: usize = 16 * 1024;
const TIME: Duration = Duration::from_micros(100);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_after_64_packets() {
        let mut budget =
            Budget { packets: PACKETS, handled: 0, since: Instant::now() + Duration::from_secs(3600) };
        for _ in 0..63 {
            budget.spend();
        }
        assert!(!budget.is_spent());
        budget.spend();
        assert!(budget.is_spent());
    }

    #[test]
    fn what_is_handled_counts_by_itself() {
        let mut budget = Budget::new(Instant::now());
        budget.handle(63);
        assert!(!budget.is_handled());
        budget.handle(usize::MAX);
        assert!(budget.is_handled() && !budget.is_spent());
    }

    #[test]
    fn a_long_packet_is_timed_by_itself() {
        for (bytes, spent) in [(LONG - 1, false), (LONG, true)] {
            let mut budget = Budget { packets: PACKETS, handled: 0, since: Instant::now() - TIME };
            budget.weigh(bytes);
            assert_eq!(budget.is_spent(), spent);
        }
    }

    #[test]
    fn ends_when_its_time_is_over() {
        let mut budget = Budget { packets: PACKETS, handled: 0, since: Instant::now() - TIME };
        for _ in 0..8 {
            budget.spend();
        }
        assert!(budget.is_spent());
    }
}
