//! The events of one namespace that may have to be sent again.

use std::{collections::VecDeque, sync::Arc};

use sockeye_proto::{Group, Id};
use tokio::time::Instant;

use crate::Scope;

/// Events in the order of their numbers, from the oldest that is kept.
#[derive(Debug, Default)]
pub(super) struct Log {
    entries: VecDeque<Entry>,
    /// Everything above this number is still here.
    floor: u64,
}

/// One event that was sent.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) seq: u64,
    pub(super) at: Instant,
    pub(super) to: To,
    pub(super) group: Group,
}

/// Whom an event was for.
#[derive(Clone, Debug)]
pub(super) enum To {
    Scope(Arc<Scope>),
    Socket(Id),
}

impl Entry {
    /// Bytes that keeping it takes.
    fn cost(&self) -> usize {
        let names = match &self.to {
            To::Scope(scope) => {
                scope.rooms.iter().chain(&scope.except).map(|room| room.len().saturating_add(NAME)).sum()
            }
            To::Socket(_) => 0_usize,
        };
        let frames = self.group.frames().count().saturating_mul(FRAME);
        size_of::<Self>().saturating_add(self.group.len()).saturating_add(frames).saturating_add(names)
    }
}

impl Log {
    /// Adds an event and answers what it weighs.
    pub(super) fn push(&mut self, entry: Entry) -> usize {
        let cost = entry.cost();
        self.entries.push_back(entry);
        cost
    }

    /// Drops the oldest event and answers what it weighed; 0 when there is none.
    pub(super) fn drop_oldest(&mut self) -> usize {
        let Some(entry) = self.entries.pop_front() else { return 0 };
        self.floor = self.floor.max(entry.seq);
        if self.entries.is_empty() {
            // A burst must not leave its high-water mark behind.
            self.entries = VecDeque::new();
        }
        entry.cost()
    }

    /// Drops what is older than `before` and answers what it weighed.
    pub(super) fn expire(&mut self, before: Instant) -> usize {
        let mut freed = 0_usize;
        while self.oldest().is_some_and(|at| at < before) {
            freed = freed.saturating_add(self.drop_oldest());
        }
        freed
    }

    pub(super) fn oldest(&self) -> Option<Instant> {
        self.entries.front().map(|entry| entry.at)
    }

    pub(super) const fn floor(&self) -> u64 {
        self.floor
    }

    /// Events above `base` and up to `top`, the newest first; `None` when some of them are gone.
    pub(super) fn between(&self, base: u64, top: u64) -> Option<impl Iterator<Item = &Entry>> {
        if base < self.floor {
            return None;
        }
        let upto = |number: u64| self.entries.partition_point(|entry| entry.seq <= number);
        let (from, to) = (upto(base), upto(top));
        Some(self.entries.range(from.min(to)..to).rev())
    }
}

/// What a room's name costs beside its bytes, and what a frame does.
const NAME: usize = 32;
const FRAME: usize = 64;

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sockeye_proto::Frame;

    use super::*;

    fn entry(seq: u64, at: Instant) -> Entry {
        let to = To::Socket(Id::from_random([0; 15]));
        Entry { seq, at, to, group: Group::one(Frame::text("2[]")) }
    }

    #[test]
    fn what_is_dropped_moves_the_floor_and_is_never_promised() {
        let (mut log, start) = (Log::default(), Instant::now());
        let costs: usize = (1..=4).map(|seq| log.push(entry(seq, start + Duration::from_secs(seq)))).sum();
        let since = |log: &Log, base| {
            log.between(base, u64::MAX).map(|found| found.map(|entry| entry.seq).collect::<Vec<_>>())
        };
        assert_eq!(since(&log, 0), Some(vec![4, 3, 2, 1]));
        assert_eq!(since(&log, 4), Some(vec![]));
        assert_eq!(log.between(1, 3).map(|found| found.map(|entry| entry.seq).collect()), Some(vec![3, 2]));
        let freed = log.expire(start + Duration::from_secs(3));
        assert_eq!((since(&log, 1), since(&log, 2)), (None, Some(vec![4, 3])));
        let rest = log.drop_oldest() + log.drop_oldest();
        assert_eq!(freed + rest, costs);
        assert_eq!((log.drop_oldest(), log.floor()), (0, 4));
    }
}
