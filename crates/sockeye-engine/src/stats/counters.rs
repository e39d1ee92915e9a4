//! The counters that the sessions of an engine share.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
};

use parking_lot::Mutex;
use sockeye_proto::engine::{CloseReason, Transport};

use super::{Stats, Tally};

/// What was moved, in shards by thread so that no two workers meet, and who has come and gone.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    shards: [Shard; 16],
    polling: AtomicUsize,
    opened: AtomicU64,
    /// By the text of the reason, of which there are a dozen.
    closed: Mutex<BTreeMap<&'static str, u64>>,
}

/// Alone on its cache line, and on the one that is fetched with it.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Shard {
    packets_in: AtomicU64,
    packets_out: AtomicU64,
    bytes_in: AtomicU64,
    bytes_out: AtomicU64,
}

impl Counters {
    pub(crate) fn opened(&self, transport: Transport) {
        self.opened.fetch_add(1, Ordering::Relaxed);
        if transport == Transport::Polling {
            self.polling.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A session has ended, on this transport.
    pub(crate) fn closed(&self, transport: Transport, reason: CloseReason) {
        if transport == Transport::Polling {
            self.polling.fetch_sub(1, Ordering::Relaxed);
        }
        *self.closed.lock().entry(reason.as_str()).or_default() += 1;
    }

    /// Adds what a turn of a session has moved.
    pub(crate) fn add(&self, tally: Tally) {
        if tally == Tally::default() {
            return;
        }
        if tally.upgraded {
            self.polling.fetch_sub(1, Ordering::Relaxed);
        }
        let [first, ..] = &self.shards;
        let shard = self.shards.get(thread() % self.shards.len()).unwrap_or(first);
        let moved = [
            (&shard.packets_in, tally.packets_in),
            (&shard.packets_out, tally.packets_out),
            (&shard.bytes_in, tally.bytes_in),
            (&shard.bytes_out, tally.bytes_out),
        ];
        for (counter, more) in moved {
            if more > 0 {
                counter.fetch_add(more, Ordering::Relaxed);
            }
        }
    }

    /// Everything, with so many sessions open.
    pub(crate) fn stats(&self, sessions: usize) -> Stats {
        let sum = |counter: fn(&Shard) -> &AtomicU64| {
            self.shards.iter().map(|shard| counter(shard).load(Ordering::Relaxed)).sum()
        };
        Stats {
            sessions,
            polling_sessions: self.polling.load(Ordering::Relaxed),
            packets_in: sum(|shard| &shard.packets_in),
            packets_out: sum(|shard| &shard.packets_out),
            bytes_in: sum(|shard| &shard.bytes_in),
            bytes_out: sum(|shard| &shard.bytes_out),
            opened: self.opened.load(Ordering::Relaxed),
            closed: self.closed.lock().iter().map(|(reason, count)| (*reason, *count)).collect(),
        }
    }
}

/// A number of this thread: workers that are started one after the other have numbers one after the other.
fn thread() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static NUMBER: usize = NEXT.fetch_add(1, Ordering::Relaxed);
    }
    NUMBER.with(|number| *number)
}
