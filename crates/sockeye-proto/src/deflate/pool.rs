//! A bounded number of compressors for any number of connections.

use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use flate2::{Compress, Compression};

/// What a compressor writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// RFC 1952: the content coding `gzip`.
    Gzip,
    /// RFC 1950: the content coding `deflate`.
    Zlib,
    /// RFC 1951 with a window of so many bits, 9 to 15: messages of permessage-deflate.
    Raw(u8),
}

/// Lends compressors, at most a given number at a time, and keeps a few of those that come back.
pub struct Pool {
    level: Compression,
    most: usize,
    lent: AtomicUsize,
    idle: Mutex<Vec<(Format, Compress)>>,
}

impl Pool {
    /// Lends at most `most` compressors of this level, 1 (fast) to 9 (small).
    pub const fn new(level: u8, most: usize) -> Self {
        let level = Compression::new(if level > 9 { 9 } else { level as u32 });
        Self { level, most, lent: AtomicUsize::new(0), idle: Mutex::new(Vec::new()) }
    }

    /// A compressor, or `None` when all are lent: then whatever it is leaves as it is.
    pub(crate) fn lend(self: &Arc<Self>, format: Format) -> Option<Loan> {
        let more = |lent: usize| (lent < self.most).then(|| lent.saturating_add(1));
        self.lent.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).ok()?;
        let known = {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.iter().position(|(kept, _)| *kept == format).map(|at| idle.swap_remove(at).1)
        };
        let compressor = known.unwrap_or_else(|| new(format, self.level));
        Some(Loan { pool: Arc::clone(self), format, compressor: Some(compressor) })
    }

    /// A compressor that is kept by whoever asks: for a connection that keeps its context.
    pub(crate) fn make(&self, format: Format) -> Compress {
        new(format, self.level)
    }

    /// How many are lent.
    pub fn lent(&self) -> usize {
        self.lent.load(Ordering::Relaxed)
    }
}

fn new(format: Format, level: Compression) -> Compress {
    match format {
        Format::Gzip => Compress::new_gzip(level, 15),
        Format::Zlib => Compress::new(level, true),
        Format::Raw(bits) => Compress::new_with_window_bits(level, false, bits.clamp(9, 15)),
    }
}

/// A compressor until it is dropped.
pub(crate) struct Loan {
    pool: Arc<Pool>,
    format: Format,
    compressor: Option<Compress>,
}

impl Loan {
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    pub(crate) fn compressor(&mut self) -> &mut Compress {
        // Taken by `drop` alone.
        self.compressor.get_or_insert_with(|| new(self.format, self.pool.level))
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        if let Some(mut compressor) = self.compressor.take() {
            let mut idle = self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner);
            if idle.len() < IDLE {
                compressor.reset();
                idle.push((self.format, compressor));
            }
        }
        self.pool.lent.fetch_sub(1, Ordering::Relaxed);
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("lent", &self.lent()).field("most", &self.most).finish_non_exhaustive()
    }
}

/// Compressors kept for the next piece of work. Most work is done in one step, so there is seldom more than one to a
/// worker thread; a burst leaves no more behind.
const IDLE: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lends_its_bound_and_no_more_and_keeps_few() {
        let pool = Arc::new(Pool::new(1, 6));
        let loans: Vec<_> = (0..6).filter_map(|_| pool.lend(Format::Gzip)).collect();
        assert_eq!((loans.len(), pool.lent()), (6, 6));
        assert!(pool.lend(Format::Gzip).is_none(), "one more than the bound");
        drop(loans);
        assert_eq!((pool.lent(), pool.idle.lock().unwrap().len()), (0, IDLE));
        let other = pool.lend(Format::Raw(9)).unwrap();
        assert_eq!(pool.idle.lock().unwrap().len(), IDLE, "one of another format is a new one");
        drop(other);
        assert_eq!(pool.idle.lock().unwrap().len(), IDLE);
    }
}
