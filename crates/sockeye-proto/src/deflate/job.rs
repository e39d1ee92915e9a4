//! Compressing one input, step by step.

use std::{fmt, sync::Arc};

use flate2::{Compress, FlushCompress, Status};

use super::pool::{Format, Loan, Pool};

/// What came of one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// There is more to do.
    More,
    /// All of it, compressed.
    Done(Vec<u8>),
    /// It does not become shorter; it had better leave as it is.
    Useless,
}

/// One input that is being compressed by a compressor on loan.
///
/// ```
/// use std::sync::Arc;
/// use sockeye_proto::deflate::{Format, Job, Pool, Step};
///
/// let pool = Arc::new(Pool::new(3, 64));
/// let input = [b'a'; 5_000];
/// let mut job = Job::new(&pool, Format::Gzip).expect("none is lent");
/// assert_eq!(job.step(&input, 4_000), Step::More);
/// let Step::Done(compressed) = job.step(&input, 4_000) else { panic!("all was read") };
/// assert!(compressed.len() < 100);
/// ```
pub struct Job {
    loan: Loan,
    work: Work,
}

impl Job {
    /// Borrows a compressor. `None`: all are lent, and the input had better leave as it is.
    pub fn new(pool: &Arc<Pool>, format: Format) -> Option<Self> {
        Some(Self { loan: pool.lend(format)?, work: Work::default() })
    }

    /// Compresses at most `most` more bytes of `input`, which is the same at each step. Nothing follows
    /// [`Step::Done`] and [`Step::Useless`].
    pub fn step(&mut self, input: &[u8], most: usize) -> Step {
        let last = match self.loan.format() {
            Format::Gzip | Format::Zlib => FlushCompress::Finish,
            Format::Raw(_) => FlushCompress::Sync,
        };
        match self.work.step(self.loan.compressor(), input, most, last) {
            Ok(true) => match self.work.take() {
                out if out.len() < input.len() => Step::Done(out),
                _ => Step::Useless,
            },
            Ok(false) if self.work.out.len() < input.len() => Step::More,
            Ok(false) | Err(Failed) => Step::Useless,
        }
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job").field("read", &self.work.read).finish_non_exhaustive()
    }
}

/// How far an input has been compressed.
#[derive(Debug, Default)]
pub(crate) struct Work {
    read: usize,
    out: Vec<u8>,
}

/// The compressor is at its end, which no input can bring about.
#[derive(Debug)]
pub(crate) struct Failed;

impl Work {
    /// Compresses at most `most` more bytes, and ends with `last` behind all of them. Whether that was the end.
    pub(crate) fn step(
        &mut self,
        compressor: &mut Compress,
        input: &[u8],
        most: usize,
        last: FlushCompress,
    ) -> Result<bool, Failed> {
        let end = self.read.saturating_add(most.max(1)).min(input.len());
        let is_last = end == input.len();
        let flush = if is_last { last } else { FlushCompress::None };
        loop {
            if self.out.capacity() == self.out.len() {
                let left = input.len().saturating_sub(self.read);
                self.out.reserve_exact((left / 4).clamp(SHORT, LONG));
            }
            let piece = input.get(self.read..end).unwrap_or_default();
            let before = compressor.total_in();
            let status = compressor.compress_vec(piece, &mut self.out, flush).map_err(|_| Failed)?;
            let read = compressor.total_in().saturating_sub(before);
            self.read = self.read.saturating_add(usize::try_from(read).map_err(|_| Failed)?);
            // While the output was full, more of it may be waiting inside.
            let is_empty = self.out.len() < self.out.capacity();
            match status {
                Status::StreamEnd => return Ok(true),
                Status::Ok | Status::BufError if self.read >= end && is_empty => {
                    return Ok(is_last && !matches!(last, FlushCompress::Finish));
                }
                Status::Ok => {}
                Status::BufError if !is_empty => {}
                Status::BufError => return Err(Failed),
            }
        }
    }

    /// What was written.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        self.read = 0;
        std::mem::take(&mut self.out)
    }
}

/// Room in the output at the least and at the most, in bytes, each time it is full.
const SHORT: usize = 256;
const LONG: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::{DeflateDecoder, GzDecoder, ZlibDecoder};
    use proptest::prelude::*;

    use super::*;

    fn pool() -> Arc<Pool> {
        Arc::new(Pool::new(3, 4))
    }

    fn run(format: Format, input: &[u8], most: usize) -> Option<Vec<u8>> {
        let mut job = Job::new(&pool(), format).unwrap();
        loop {
            match job.step(input, most) {
                Step::More => {}
                Step::Done(out) => return Some(out),
                Step::Useless => return None,
            }
        }
    }

    fn read(mut from: impl Read) -> Vec<u8> {
        let mut out = Vec::new();
        from.read_to_end(&mut out).unwrap();
        out
    }

    #[test]
    fn noise_is_left_alone_at_once() {
        let mut state = 1_u32;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .take(100_000)
        .collect();
        assert_eq!(run(Format::Gzip, &noise, 1_000), None);
        assert_eq!(run(Format::Raw(9), b"", 1_000), None);
    }

    #[test]
    fn a_compressor_is_free_again_for_other_work() {
        let pool = pool();
        for text in ["a".repeat(900), "b".repeat(900)] {
            let mut job = Job::new(&pool, Format::Gzip).unwrap();
            let Step::Done(out) = job.step(text.as_bytes(), usize::MAX) else { panic!("short enough") };
            assert_eq!(read(GzDecoder::new(&out[..])), text.as_bytes());
            // Cut in the middle, it leaves nothing behind.
            let _ = Job::new(&pool, Format::Gzip).unwrap().step(text.as_bytes(), 5);
        }
        assert_eq!(pool.lent(), 0);
    }

    proptest! {
        #[test]
        fn what_was_compressed_in_any_steps_is_read_again(
            words in prop::collection::vec(prop::sample::select(vec!["a", "bcd", "😀", "[1,2]", "\"x\":"]), 50..4000),
            most in 1_usize..5_000,
        ) {
            let input = words.concat().into_bytes();
            if let Some(out) = run(Format::Gzip, &input, most) {
                prop_assert_eq!(&read(GzDecoder::new(&out[..])), &input);
            }
            if let Some(out) = run(Format::Zlib, &input, most) {
                prop_assert_eq!(&read(ZlibDecoder::new(&out[..])), &input);
            }
            if let Some(mut out) = run(Format::Raw(11), &input, most) {
                prop_assert!(out.ends_with(&[0, 0, 0xff, 0xff]));
                // An empty last block ends the stream.
                out.extend([3, 0]);
                prop_assert_eq!(&read(DeflateDecoder::new(&out[..])), &input);
            }
        }
    }
}
