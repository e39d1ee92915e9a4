//! What a session has missed: looked for a piece at a time, for the log is long and everybody else waits for the lock.

use std::fmt;

use sockeye_proto::Group;

use super::{Order, Sequencer};
use crate::recovery::Away;

/// What a session has missed.
#[derive(Debug)]
pub struct Missed {
    /// The events in their order.
    pub groups: Vec<Group>,
    /// The number of the last event that was for it.
    pub last: u64,
}

/// What a session had missed a moment ago; what has come since is looked for when it [joins](Order::missed).
pub struct Search {
    /// Events up to this number were looked at.
    top: u64,
    /// The newest first, with their numbers.
    found: Vec<(u64, Group)>,
    bytes: usize,
}

impl Sequencer {
    /// Looks for what a session has missed; `offset` is what its client shows. `None`: some of it is gone, or it is too
    /// much, or the offset makes no sense, so that it cannot go on. Hold no lock.
    pub fn search(&self, away: &Away, offset: Option<&str>) -> Option<Search> {
        let shown = self.epoch.read(offset)?;
        let top = self.lock().state.last;
        let base = away.base(top, shown)?;
        let (mut search, mut back) = (Search { top, found: Vec::new(), bytes: 0 }, away.back());
        let mut next = top;
        // Looked for even if there can be nothing, for what is gone may have been for it.
        loop {
            let order = self.lock();
            let mut looked = 0_usize;
            for entry in order.state.log.between(base, next)?.take(PIECE) {
                looked += 1;
                next = entry.seq.saturating_sub(1);
                if away.was_meant(entry, &mut back) {
                    search.found.push((entry.seq, entry.group.clone()));
                    search.bytes = search.bytes.saturating_add(entry.group.len());
                }
            }
            drop(order);
            if search.bytes > self.settings.missed {
                return None;
            }
            if looked < PIECE {
                return Some(search);
            }
        }
    }
}

impl Order<'_> {
    /// What a session has missed by now, if it can still go on.
    pub fn missed(&self, away: &Away, search: Search) -> Option<Missed> {
        let Search { top, found, mut bytes } = search;
        let mut back = away.back();
        let mut since = Vec::new();
        for entry in self.state.log.between(top, self.state.last)? {
            if away.was_meant(entry, &mut back) {
                bytes = bytes.saturating_add(entry.group.len());
                since.push((entry.seq, entry.group.clone()));
            }
        }
        let last = since.first().or_else(|| found.first()).map_or(away.addressed, |(seq, _)| *seq);
        let groups = found.into_iter().rev().chain(since.into_iter().rev()).map(|(_, group)| group).collect();
        (bytes <= self.sequencer.settings.missed).then_some(Missed { groups, last })
    }
}

/// Events looked at under one lock: some tens of microseconds.
const PIECE: usize = 512;

impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Search")
            .field("top", &self.top)
            .field("found", &self.found.len())
            .finish_non_exhaustive()
    }
}
