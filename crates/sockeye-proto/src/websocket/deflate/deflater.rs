//! Frames for a client, deflated.

use std::{fmt, sync::Arc};

use flate2::{Compress, FlushCompress};

use super::{Agreed, TAIL};
use crate::{
    Frame,
    deflate::{Format, Job, Pool, Step, Work},
};

/// Deflates the frames for one client. Without context takeover it owns nothing between two frames.
pub struct Deflater {
    pool: Arc<Pool>,
    threshold: usize,
    window_bits: u8,
    keeps: bool,
    kept: Option<Box<Compress>>,
    under_way: Option<UnderWay>,
}

/// What a long frame has come to.
enum UnderWay {
    Alone(Job),
    InContext(Work),
}

impl Deflater {
    /// As was agreed, with compressors from this pool.
    pub fn new(agreed: &Agreed, pool: Arc<Pool>) -> Self {
        Self {
            pool,
            threshold: agreed.threshold,
            window_bits: agreed.window_bits,
            keeps: agreed.context,
            kept: None,
            under_way: None,
        }
    }

    /// Works on at most `most` bytes of a frame and answers what goes on the wire in its place: a compressed one, or
    /// itself when it may not be compressed, is too short, or would not become shorter. `None`: there is more to do, and
    /// the next call is for the same frame.
    ///
    /// A frame of several messages stays as it is: [`split`](Frame::split) it first.
    ///
    /// A frame that is shared by many recipients is compressed once for all that agreed on the same window, whoever of
    /// them comes first; those that come meanwhile help.
    pub fn step(&mut self, frame: &Frame, most: usize) -> Option<Frame> {
        if !frame.may_compress() || frame.is_joined() || frame.payload().len() < self.threshold {
            return Some(frame.clone());
        }
        if self.keeps {
            return self.step_in_context(frame, most);
        }
        if let Some(shared) = frame.shared() {
            return shared.step(frame, &self.pool, self.window_bits, most);
        }
        let mut job = match self.under_way.take() {
            Some(UnderWay::Alone(job)) => job,
            Some(UnderWay::InContext(_)) | None => {
                match Job::new(&self.pool, Format::Raw(self.window_bits)) {
                    Some(job) => job,
                    None => return Some(frame.clone()),
                }
            }
        };
        match job.step(frame.payload(), most) {
            Step::More => {
                self.under_way = Some(UnderWay::Alone(job));
                None
            }
            Step::Done(payload) => Some(frame.deflated(without_tail(&payload))),
            Step::Useless => Some(frame.clone()),
        }
    }

    /// Once a frame is in the compressor's memory it has to go out compressed, or the client's memory would be another.
    fn step_in_context(&mut self, frame: &Frame, most: usize) -> Option<Frame> {
        let compressor =
            self.kept.get_or_insert_with(|| Box::new(self.pool.make(Format::Raw(self.window_bits))));
        let mut work = match self.under_way.take() {
            Some(UnderWay::InContext(work)) => work,
            Some(UnderWay::Alone(_)) | None => Work::default(),
        };
        match work.step(compressor, frame.payload(), most, FlushCompress::Sync) {
            Ok(true) => Some(frame.deflated(without_tail(&work.take()))),
            Ok(false) => {
                self.under_way = Some(UnderWay::InContext(work));
                None
            }
            Err(_) => {
                // A new one refers to nothing that the client might not have.
                self.kept = None;
                Some(frame.clone())
            }
        }
    }
}

/// What a flush leaves at the end is not sent.
pub(crate) fn without_tail(payload: &[u8]) -> &[u8] {
    payload.strip_suffix(&TAIL).unwrap_or(payload)
}

impl fmt::Debug for Deflater {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deflater").field("keeps", &self.keeps).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::websocket::deflate::Inflater;

    fn agreed(threshold: usize, context: bool, window_bits: u8) -> Agreed {
        Agreed { threshold, context, client_context: context, window_bits, client_window_bits: None }
    }

    fn pool() -> Arc<Pool> {
        Arc::new(Pool::new(3, 2))
    }

    fn run(deflater: &mut Deflater, frame: &Frame, most: usize) -> (usize, Frame) {
        (1..).find_map(|steps| Some((steps, deflater.step(frame, most)?))).unwrap()
    }

    fn is_compressed(frame: &Frame) -> bool {
        frame.websocket()[0] & 0x40 > 0
    }

    #[test]
    fn what_is_shared_is_compressed_once_and_by_all_together() {
        let pool = pool();
        let text = Frame::text(&"abc".repeat(10_000)).sharing();
        let mut first = Deflater::new(&agreed(0, false, 15), Arc::clone(&pool));
        let mut second = Deflater::new(&agreed(0, false, 15), Arc::clone(&pool));
        let mut other = Deflater::new(&agreed(0, false, 10), Arc::clone(&pool));
        // Three steps of one and three of another are all that 30,001 bytes need.
        for _ in 0..2 {
            assert!(first.step(&text, 6_000).is_none());
            assert!(second.step(&text.clone(), 6_000).is_none());
        }
        assert_eq!(pool.lent(), 1);
        assert!(first.step(&text, 6_000).is_none());
        let done = second.step(&text, 6_000).unwrap();
        assert_eq!(pool.lent(), 0);
        let shared = first.step(&text, 1).unwrap();
        assert_eq!(shared.websocket().as_ptr(), done.websocket().as_ptr(), "the very same bytes");
        let (steps, narrow) = run(&mut other, &text, 6_000);
        assert_eq!(steps, 6, "another window is another form");
        assert_ne!(narrow.websocket().as_ptr(), done.websocket().as_ptr());
        let again = run(&mut other, &text.clone(), 1);
        assert_eq!((again.0, again.1.websocket().as_ptr()), (1, narrow.websocket().as_ptr()));
    }

    #[test]
    fn nothing_is_kept_between_two_frames() {
        let pool = pool();
        let mut deflater = Deflater::new(&agreed(0, false, 15), Arc::clone(&pool));
        for _ in 0..2 {
            let (steps, done) = run(&mut deflater, &Frame::text(&"abc".repeat(1_000)), 500);
            assert!(steps == 7 && is_compressed(&done));
            assert!(deflater.kept.is_none() && deflater.under_way.is_none());
            assert_eq!(pool.lent(), 0);
        }
    }

    #[test]
    fn without_a_compressor_it_leaves_as_it_is() {
        let pool = pool();
        let frame = Frame::text(&"abc".repeat(1_000));
        let mut deflaters: Vec<_> =
            (0..3).map(|_| Deflater::new(&agreed(0, false, 15), Arc::clone(&pool))).collect();
        assert!(deflaters[0].step(&frame, 10).is_none() && deflaters[1].step(&frame, 10).is_none());
        assert!(!is_compressed(&deflaters[2].step(&frame, 10).unwrap()));
        let shared = frame.sharing();
        assert!(!is_compressed(&deflaters[2].step(&shared, 10).unwrap()));
        deflaters.truncate(1);
        let mut late = Deflater::new(&agreed(0, false, 15), Arc::clone(&pool));
        assert!(is_compressed(&run(&mut late, &shared, 1_000).1), "it is looked for anew each time");
    }

    proptest! {
        #[test]
        fn what_is_deflated_is_inflated_again(
            messages in prop::collection::vec(
                (prop::collection::vec(prop::sample::select(vec!["a", "bcd", "😀", "[1,2]", "\"x\":"]), 0..500), any::<bool>()),
                1..6,
            ),
            most in 1_usize..3_000,
            context: bool,
            window_bits in 9_u8..16,
            sharing: bool,
        ) {
            let agreed = agreed(20, context, window_bits);
            let mut deflater = Deflater::new(&agreed, pool());
            let mut inflater = Inflater::new(&agreed);
            for (words, may) in messages {
                let text = words.concat();
                let frame = Frame::text(&text).compress(may);
                let frame = if sharing { frame.sharing() } else { frame };
                let (_, sent) = run(&mut deflater, &frame, most);
                if is_compressed(&sent) {
                    prop_assert!(may && text.len() + 1 >= 20);
                    prop_assert!(context || sent.payload().len() < frame.payload().len());
                    prop_assert_eq!(inflater.inflate(sent.payload(), text.len() + 1).unwrap(), frame.payload());
                } else {
                    prop_assert_eq!(sent.websocket(), frame.websocket());
                    prop_assert!(!context || !may || text.len() + 1 < 20);
                }
            }
        }
    }
}
