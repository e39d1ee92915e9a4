//! Messages of a client, inflated.

use std::{cell::Cell, fmt};

use flate2::{Decompress, FlushDecompress, Status};

use super::{Agreed, TAIL};
use crate::websocket::Violation;

/// Inflates the messages of one client. Without context takeover it owns nothing between two messages.
pub struct Inflater {
    window_bits: u8,
    keeps: bool,
    kept: Option<Box<Decompress>>,
}

impl Inflater {
    /// As was agreed.
    pub fn new(agreed: &Agreed) -> Self {
        // A client that was not told a bound may use any window.
        let window_bits = agreed.client_window_bits.unwrap_or(15).max(9);
        Self { window_bits, keeps: agreed.client_context, kept: None }
    }

    /// A whole message of at most `limit` bytes. What it makes is judged while it is made, so what a bomb costs is its
    /// limit.
    pub(in crate::websocket) fn inflate(&mut self, input: &[u8], limit: usize) -> Result<Vec<u8>, Violation> {
        if self.keeps {
            let new = || Box::new(Decompress::new_with_window_bits(false, self.window_bits));
            return inflate(self.kept.get_or_insert_with(new), input, limit);
        }
        let mut lent = PLACE.take().unwrap_or_else(|| Box::new(Decompress::new(false)));
        lent.reset(false);
        let inflated = inflate(&mut lent, input, limit);
        PLACE.set(Some(lent));
        inflated
    }
}

fn inflate(decompress: &mut Decompress, input: &[u8], limit: usize) -> Result<Vec<u8>, Violation> {
    // One byte beyond the limit shows that there is more.
    let most = limit.saturating_add(1);
    let mut out = Vec::new();
    let mut ends = 0_usize;
    for mut piece in [input, &TAIL] {
        loop {
            if out.len() == out.capacity() {
                let ahead = out.len().max(input.len().saturating_mul(3)).clamp(SHORT, LONG);
                out.reserve_exact(ahead.min(most.saturating_sub(out.len())));
            }
            let before = decompress.total_in();
            let status = decompress
                .decompress_vec(piece, &mut out, FlushDecompress::Sync)
                .map_err(|_| Violation::CorruptCompression)?;
            let used = decompress.total_in().saturating_sub(before);
            piece = usize::try_from(used).ok().and_then(|used| piece.get(used..)).unwrap_or_default();
            if out.len() > limit {
                return Err(Violation::TooLong);
            }
            if status == Status::StreamEnd {
                // A block may say that it is the last, and others may follow (RFC 7692, section 7.2.3.4).
                ends = ends.saturating_add(1);
                if ends > MAX_ENDS {
                    return Err(Violation::CorruptCompression);
                }
                decompress.reset(false);
            }
            // While the output was full, more of it may be waiting inside.
            if piece.is_empty() && (out.len() < out.capacity() || status == Status::StreamEnd) {
                break;
            }
            if used == 0 && out.len() < out.capacity() && status != Status::StreamEnd {
                return Err(Violation::CorruptCompression);
            }
        }
    }
    Ok(out)
}

impl fmt::Debug for Inflater {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inflater").field("keeps", &self.keeps).finish_non_exhaustive()
    }
}

thread_local! {
    /// One a thread, for all connections without context takeover: a message is inflated in one go.
    static PLACE: Cell<Option<Box<Decompress>>> = const { Cell::new(None) };
}

/// Room in the output at the least and at the most, in bytes, each time it is full.
const SHORT: usize = 512;
const LONG: usize = 256 * 1024;

/// Blocks of one message that say that they are the last. Each costs more than the two bytes it is long.
const MAX_ENDS: usize = 128;

#[cfg(test)]
mod tests {
    use flate2::{Compress, Compression, FlushCompress};

    use super::*;

    fn agreed(client_context: bool) -> Agreed {
        let settings =
            super::super::PermessageDeflate { client_context_takeover: client_context, ..Default::default() };
        settings.negotiate(["permessage-deflate"]).unwrap().unwrap()
    }

    fn deflate(compress: &mut Compress, input: &[u8], flush: FlushCompress) -> Vec<u8> {
        let mut out = Vec::with_capacity(input.len() + 1000);
        compress.compress_vec(input, &mut out, flush).unwrap();
        if matches!(flush, FlushCompress::Sync) {
            assert!(out.ends_with(&TAIL));
            out.truncate(out.len() - 4);
        }
        out
    }

    fn compressed(input: &[u8]) -> Vec<u8> {
        deflate(&mut Compress::new(Compression::best(), false), input, FlushCompress::Sync)
    }

    #[test]
    fn the_examples_of_the_rfc() {
        let mut inflater = Inflater::new(&agreed(true));
        // Sections 7.2.3.1 to 7.2.3.5; the second one needs the window of the first.
        let hello = [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00];
        assert_eq!(inflater.inflate(&hello, 5).unwrap(), b"Hello");
        assert_eq!(inflater.inflate(&[0xf2, 0x00, 0x11, 0x00, 0x00], 5).unwrap(), b"Hello");
        let mut inflater = Inflater::new(&agreed(false));
        assert_eq!(inflater.inflate(&hello, 5).unwrap(), b"Hello");
        assert!(inflater.inflate(&[0xf2, 0x00, 0x11, 0x00, 0x00], 5).is_err(), "no window is kept");
        let stored = [0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00];
        assert_eq!(inflater.inflate(&stored, 5).unwrap(), b"Hello");
        let last = [0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00];
        assert_eq!(inflater.inflate(&last, 5).unwrap(), b"Hello");
        let two = [0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00];
        assert_eq!(inflater.inflate(&two, 5).unwrap(), b"Hello");
        assert_eq!(inflater.inflate(&[0x00], 5).unwrap(), b"");
        assert_eq!(inflater.inflate(&[], 5).unwrap(), b"");
    }

    #[test]
    fn the_limit_is_inclusive_and_judged_while_inflating() {
        let mut inflater = Inflater::new(&agreed(false));
        let message = compressed(&[b'a'; 10_000]);
        assert_eq!(inflater.inflate(&message, 10_000).unwrap().len(), 10_000);
        assert_eq!(inflater.inflate(&message, 9_999), Err(Violation::TooLong));
        // A gigabyte's worth of a bomb: what is made of it is the limit, as the memory of the output shows.
        let bomb = compressed(&vec![0; 50_000_000]);
        assert!(bomb.len() < 60_000);
        assert_eq!(inflater.inflate(&bomb, 100_000), Err(Violation::TooLong));
        assert_eq!(inflater.inflate(&message, 10_000).unwrap().len(), 10_000, "nothing of it is left");
    }

    #[test]
    fn what_is_no_deflate_is_refused() {
        let mut inflater = Inflater::new(&agreed(false));
        for input in [&[0x07][..], &[0xff; 40], b"hello", &[0x00, 0x05, 0x00, 0x00, 0x00]] {
            assert_eq!(inflater.inflate(input, 1000), Err(Violation::CorruptCompression), "{input:?}");
        }
        let ends = |count: usize| [0x03, 0x00].repeat(count);
        assert_eq!(inflater.inflate(&ends(MAX_ENDS), 1000).unwrap(), b"");
        assert_eq!(inflater.inflate(&ends(MAX_ENDS + 1), 1000), Err(Violation::CorruptCompression));
    }

    #[test]
    fn many_blocks_that_are_the_last_are_one_message() {
        let mut inflater = Inflater::new(&agreed(false));
        let mut message = Vec::new();
        for _ in 0..3 {
            let mut compress = Compress::new(Compression::fast(), false);
            message.extend(deflate(&mut compress, b"hello ", FlushCompress::Finish));
        }
        assert_eq!(inflater.inflate(&message, 100).unwrap(), b"hello hello hello ");
    }
}
