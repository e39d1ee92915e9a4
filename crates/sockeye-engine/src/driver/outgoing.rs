//! What is being written on one websocket, and in which order.

use std::{collections::VecDeque, io::IoSlice};

use bytes::Bytes;
use sockeye_proto::{Frame, outbox::give_back, websocket::deflate::Inflater};

use crate::websocket::Extension;

mod deflating;

use self::deflating::Deflating;

/// Frames taken from the outbox, and control packets which go ahead of them, between two frames.
///
/// Owns no memory when there is nothing to write.
#[derive(Default)]
pub(super) struct Outgoing {
    frames: VecDeque<Frame>,
    /// Bytes of the first frame that have been written.
    frame_written: usize,
    /// What is not from the outbox. Boxed: mostly there is none, twice a minute for a moment.
    beside: Option<Box<Beside>>,
    /// Compression was agreed on. Boxed: it mostly was not.
    deflating: Option<Box<Deflating>>,
}

/// Frames that do not come from the outbox. Dropped when there are none.
#[derive(Default)]
struct Beside {
    controls: VecDeque<Bytes>,
    /// Bytes of the first control that have been written; never while a frame is half written.
    control_written: usize,
    /// The answer to the last ping. One is enough for all that came before (RFC 6455, section 5.5.3).
    pong: Option<Bytes>,
    /// The last frame ever, behind which nothing is queued.
    last: Option<Bytes>,
}

impl Outgoing {
    /// Compresses from now on; answers what inflates the other direction.
    pub(super) fn extend(&mut self, extension: Extension) -> Inflater {
        let (deflating, inflater) = Deflating::new(extension);
        self.deflating = Some(Box::new(deflating));
        inflater
    }

    /// Compresses what was taken, if that was agreed on, until `budget` bytes were looked at. Answers how many bytes need
    /// not be written for that.
    pub(super) fn deflate(&mut self, budget: &mut usize) -> usize {
        match &mut self.deflating {
            Some(deflating) => deflating.work(budget, &mut self.frames),
            None => 0,
        }
    }

    /// Queues a whole frame ahead of those from the outbox.
    pub(super) fn control(&mut self, frame: Bytes) {
        if !self.is_closing() {
            self.beside.get_or_insert_default().controls.push_back(frame);
        }
    }

    /// Queues the answer to a ping, instead of one that has not left yet.
    pub(super) fn pong(&mut self, frame: Bytes) {
        if !self.is_closing() {
            self.beside.get_or_insert_default().pong = Some(frame);
        }
    }

    /// Queues the close frame: behind the controls and what has begun, instead of everything else.
    pub(super) fn close(&mut self, frame: Bytes) {
        let beside = self.beside.get_or_insert_default();
        beside.last.get_or_insert(frame);
        beside.pong = None;
        let begun = usize::from(self.frame_written > 0);
        self.frames.truncate(begun);
        if let Some(deflating) = &mut self.deflating {
            deflating.waiting = VecDeque::new();
        }
    }

    /// Where the outbox puts its frames; `None` while there are some, and after the close frame.
    pub(super) fn refill(&mut self) -> Option<&mut VecDeque<Frame>> {
        if !self.frames.is_empty() || self.is_closing() {
            return None;
        }
        match &mut self.deflating {
            Some(deflating) => deflating.waiting.is_empty().then_some(&mut deflating.waiting),
            None => Some(&mut self.frames),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        let none_waits = self.deflating.as_ref().is_none_or(|deflating| deflating.waiting.is_empty());
        none_waits && self.frames.is_empty() && self.beside.is_none()
    }

    /// Where the outbox puts its frames, if frames are all there is.
    pub(super) fn plain(&mut self) -> Option<&mut VecDeque<Frame>> {
        let plain = self.beside.is_none() && self.deflating.is_none();
        (plain && self.frames.is_empty()).then_some(&mut self.frames)
    }

    /// Whether so many controls wait that the peer should read before it is read from.
    pub(super) fn is_flooded(&self) -> bool {
        self.beside.as_ref().is_some_and(|beside| beside.controls.len() >= MAX_CONTROLS)
    }

    /// What is to be written, if it is the rest of one frame.
    pub(super) fn only(&self) -> Option<&[u8]> {
        let alone = self.frames.len() == 1 && self.beside.is_none();
        let frame = self.frames.front().filter(|_| alone)?;
        frame.websocket().get(self.frame_written..)
    }

    /// Copies the next bytes to write into `joined`, as long as it is short frames that wait; answers how many bytes that
    /// makes. The kernel takes them as one piece with less work than as many, and less than the copy costs.
    pub(super) fn join_short(&self, joined: &mut [u8]) -> usize {
        let mut end = 0;
        if self.beside.is_none() {
            let mut written = self.frame_written;
            for frame in &self.frames {
                let piece = frame.websocket().get(written..).unwrap_or_default();
                let Some(place) = joined.get_mut(end..end + piece.len()).filter(|_| piece.len() <= SHORT)
                else {
                    break;
                };
                place.copy_from_slice(piece);
                end += piece.len();
                written = 0;
            }
        }
        end
    }

    /// The next bytes to write, in order. Answers how many slices were filled.
    pub(super) fn slices<'a>(&'a mut self, slices: &mut [IoSlice<'a>]) -> usize {
        if let Some(beside) = &mut self.beside
            && beside.controls.is_empty()
        {
            beside.controls.extend(beside.pong.take());
        }
        let this: &'a Self = self;
        let beside = this.beside.as_deref();
        let controls = beside.into_iter().flat_map(|beside| {
            let begins = |at| if at == 0 { beside.control_written } else { 0 };
            let controls = beside.controls.iter().enumerate();
            controls.map(move |(at, control)| control.get(begins(at)..).unwrap_or_default())
        });
        let begun = usize::from(this.frame_written > 0);
        let frames = || this.frames.iter().map(Frame::websocket);
        let pieces = frames()
            .take(begun)
            .map(|frame| frame.get(this.frame_written..).unwrap_or_default())
            .chain(controls)
            .chain(frames().skip(begun))
            .chain(beside.and_then(|beside| beside.last.as_deref()));
        slices.iter_mut().zip(pieces).map(|(slice, piece)| *slice = IoSlice::new(piece)).count()
    }

    /// So many of the bytes to write have been written. Answers how many bytes of whole frames that makes.
    pub(super) fn advance(&mut self, mut written: usize) -> usize {
        let mut frames = 0;
        if self.frame_written > 0 {
            frames += self.advance_frames(&mut written, 1);
        }
        if let Some(beside) = &mut self.beside
            && !beside.advance_controls(&mut written)
        {
            return frames;
        }
        frames += self.advance_frames(&mut written, usize::MAX);
        if let Some(beside) = &mut self.beside {
            beside.advance_last(written);
        }
        if self.beside.as_ref().is_some_and(|beside| beside.is_empty()) {
            self.beside = None;
        }
        if self.frames.is_empty() {
            give_back(&mut self.frames);
        }
        frames
    }

    /// Whether the close frame is queued.
    fn is_closing(&self) -> bool {
        self.beside.as_ref().is_some_and(|beside| beside.last.is_some())
    }

    /// Takes away what has been written of at most so many frames; answers the bytes of whole ones.
    fn advance_frames(&mut self, written: &mut usize, most: usize) -> usize {
        let (mut whole, mut bytes) = (0, 0);
        for frame in self.frames.iter().take(most) {
            let left = frame.len() - self.frame_written;
            if *written < left {
                self.frame_written += *written;
                *written = 0;
                break;
            }
            *written -= left;
            self.frame_written = 0;
            whole += 1;
            bytes += frame.len();
        }
        if whole == self.frames.len() {
            self.frames.clear();
        } else {
            self.frames.drain(..whole);
        }
        bytes
    }

    #[cfg(test)]
    pub(super) fn owns_memory(&self) -> bool {
        self.frames.capacity() > 0 || self.beside.is_some()
    }
}

impl Beside {
    /// So many bytes have been written. Answers whether that was all there was.
    fn advance_controls(&mut self, written: &mut usize) -> bool {
        while let Some(control) = self.controls.front() {
            let left = control.len() - self.control_written;
            if *written < left {
                self.control_written += *written;
                return false;
            }
            *written -= left;
            self.control_written = 0;
            self.controls.pop_front();
        }
        true
    }

    fn advance_last(&mut self, written: usize) {
        if let Some(last) = &mut self.last {
            *last = last.slice(written.min(last.len())..);
            if last.is_empty() {
                self.last = None;
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.controls.is_empty() && self.pong.is_none() && self.last.is_none()
    }
}

/// Controls are pings of ours and answers to probes, so a client that reads never has more than a few waiting.
const MAX_CONTROLS: usize = 64;

/// A longer frame is written from where it lies: 2 KiB, which is copied about as quickly as the kernel looks up one piece
/// more.
const SHORT: usize = 2048;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn next(outgoing: &mut Outgoing) -> Vec<u8> {
        let mut slices = [IoSlice::new(&[]); 64];
        let count = outgoing.slices(&mut slices);
        slices[..count].iter().flat_map(|slice| slice.to_vec()).collect()
    }

    fn bytes(text: &'static str) -> Bytes {
        Bytes::from_static(text.as_bytes())
    }

    #[test]
    fn controls_go_first_but_not_into_a_frame() {
        let mut outgoing = Outgoing::default();
        let frame = Frame::text("abc");
        outgoing.refill().unwrap().extend([frame.clone(), frame.clone()]);
        outgoing.control(bytes("ping"));
        assert!(next(&mut outgoing).starts_with(b"ping"));
        assert_eq!(outgoing.advance(4 + 2), 0);
        outgoing.control(bytes("ping"));
        let rest = next(&mut outgoing);
        let begun = &frame.websocket()[2..];
        assert_eq!(&rest[..begun.len()], begun);
        assert_eq!(&rest[begun.len()..begun.len() + 4], b"ping");
        assert_eq!(outgoing.advance(rest.len()), 2 * frame.len());
        assert!(outgoing.is_empty());
        assert!(!outgoing.owns_memory());
    }

    #[test]
    fn a_close_frame_is_the_last_and_finishes_what_has_begun() {
        let mut outgoing = Outgoing::default();
        let frame = Frame::text("abc");
        outgoing.refill().unwrap().extend([frame.clone(), frame.clone()]);
        outgoing.advance(1);
        outgoing.close(bytes("close"));
        outgoing.control(bytes("late"));
        outgoing.pong(bytes("late"));
        assert!(outgoing.refill().is_none());
        assert_eq!(next(&mut outgoing), [&frame.websocket()[1..], b"close"].concat());
        outgoing.advance(frame.len() - 1 + 2);
        assert_eq!(next(&mut outgoing), b"ose");
        outgoing.advance(3);
        assert!(outgoing.is_empty());
    }

    #[test]
    fn only_the_last_ping_is_answered() {
        let mut outgoing = Outgoing::default();
        for pong in ["a", "b", "c"] {
            outgoing.pong(bytes(pong));
        }
        assert_eq!(next(&mut outgoing), b"c");
        outgoing.advance(1);
        assert!(outgoing.is_empty());
    }

    #[test]
    fn short_frames_are_joined_up_to_the_first_long_one() {
        let mut outgoing = Outgoing::default();
        let frames = ["a".repeat(9), "b".repeat(99), "c".repeat(SHORT), "d".into()];
        outgoing.refill().unwrap().extend(frames.iter().map(|text| Frame::text(text)));
        outgoing.advance(4);
        let expected = next(&mut outgoing);
        let short = 2 + 1 + 9 - 4 + 2 + 1 + 99;
        let mut joined = vec![0; 64 * 1024];
        assert_eq!(outgoing.join_short(&mut joined), short);
        assert_eq!(joined[..short], expected[..short]);
        // Only what fits; and a piece of less than a frame is none.
        assert_eq!(outgoing.join_short(&mut joined[..short - 1]), 2 + 1 + 9 - 4);
        assert_eq!(outgoing.join_short(&mut joined[..3]), 0);
        outgoing.control(bytes("ping"));
        assert_eq!(outgoing.join_short(&mut joined), 0, "controls have their own order");
    }

    #[test]
    fn a_frame_is_short_up_to_the_bound() {
        // Four bytes of header, and the packet's type.
        for (length, joined) in [(SHORT, SHORT), (SHORT + 1, 0)] {
            let mut outgoing = Outgoing::default();
            let frame = Frame::text(&"a".repeat(length - 5));
            assert_eq!(frame.len(), length);
            outgoing.refill().unwrap().push_back(frame);
            assert_eq!(outgoing.join_short(&mut vec![0; 64 * 1024]), joined, "{length}");
        }
    }

    proptest! {
        #[test]
        fn whatever_the_peer_takes_at_once_the_bytes_are_the_same(
            texts in proptest::collection::vec("[a-z]{0,9}", 0..9),
            steps in proptest::collection::vec(1_usize..7, 200),
        ) {
            let mut outgoing = Outgoing::default();
            outgoing.refill().unwrap().extend(texts.iter().map(|text| Frame::text(text)));
            outgoing.control(bytes("control"));
            let expected = next(&mut outgoing);
            let (mut seen, mut frames) = (Vec::new(), 0);
            for step in steps {
                let waiting = next(&mut outgoing);
                let step = step.min(waiting.len());
                seen.extend_from_slice(&waiting[..step]);
                frames += outgoing.advance(step);
            }
            prop_assert_eq!(seen, expected);
            prop_assert_eq!(frames, texts.iter().map(|text| Frame::text(text).len()).sum::<usize>());
            prop_assert!(outgoing.is_empty());
        }
    }
}
