//! Frames of one websocket on their way through the compressor.

use std::collections::VecDeque;

use sockeye_proto::{
    Frame,
    outbox::give_back,
    websocket::deflate::{Deflater, Inflater},
};
use tokio::sync::OwnedSemaphorePermit;

use crate::websocket::Extension;

/// The compressor's side of a websocket that has agreed on one.
pub(super) struct Deflating {
    deflater: Deflater,
    /// Taken from the outbox, and not compressed yet.
    pub(super) waiting: VecDeque<Frame>,
    /// The permit for what the compressor remembers.
    _context: Option<OwnedSemaphorePermit>,
}

impl Deflating {
    pub(super) fn new(extension: Extension) -> (Self, Inflater) {
        let Extension { agreed, pool, context } = extension;
        let deflating =
            Self { deflater: Deflater::new(&agreed, pool), waiting: VecDeque::new(), _context: context };
        (deflating, Inflater::new(&agreed))
    }

    /// Compresses what waits until `budget` bytes were looked at; answers by how many bytes it became shorter.
    pub(super) fn work(&mut self, budget: &mut usize, ready: &mut VecDeque<Frame>) -> usize {
        let mut saved = 0_usize;
        while *budget > 0
            && let Some(frame) = self.waiting.front()
        {
            if frame.is_joined() {
                // Each message is compressed for itself.
                let parts = self.waiting.pop_front().into_iter().flat_map(Frame::split);
                parts.rev().for_each(|part| self.waiting.push_front(part));
                continue;
            }
            let step = STEP.min(*budget);
            let deflated = self.deflater.step(frame, step);
            *budget = budget.saturating_sub(step.min(frame.len()));
            if let Some(deflated) = deflated {
                saved += frame.len().saturating_sub(deflated.len());
                ready.push_back(deflated);
                self.waiting.pop_front();
            }
        }
        if self.waiting.is_empty() {
            give_back(&mut self.waiting);
        }
        saved
    }
}

/// Bytes compressed at once, in which time nobody else gets a form of the frame that is shared with them.
const STEP: usize = 32 * 1024;
