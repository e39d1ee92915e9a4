//! One write buffer a thread, in which frames take shape.

use std::{
    cell::Cell,
    ops::{Deref, DerefMut},
};

/// The thread's buffer while somebody writes into it.
///
/// It is taken out of its place, so whoever asks meanwhile gets one of its own, and goes back when dropped, also by a
/// panic. What a frame needs is copied out in one piece, so the buffer grows once a thread and not once an event.
#[derive(Debug)]
pub(super) struct Scratch(Vec<u8>);

impl Scratch {
    /// More than this is never kept, so a thread holds no more: 64 KiB, as much as one read brings.
    pub(super) const KEPT: usize = 64 * 1024;

    /// A buffer of `len` bytes that are to be overwritten.
    pub(super) fn of(len: usize) -> Self {
        // The thread may be ending.
        let mut buffer = PLACE.try_with(Cell::take).unwrap_or_default();
        if buffer.capacity() == 0 {
            buffer.reserve_exact(USUAL);
        }
        // What was written last mostly is longer, and is not worth being zeroed.
        buffer.truncate(len);
        buffer.resize(len, 0);
        Self(buffer)
    }

    /// Whether it has grown beyond what is kept.
    pub(super) fn is_outgrown(&self) -> bool {
        self.0.capacity() > Self::KEPT
    }

    /// The buffer itself, which does not come back.
    pub(super) fn into_vec(mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if self.0.capacity() > 0 && !self.is_outgrown() {
            let buffer = std::mem::take(&mut self.0);
            // The thread may be ending; then the buffer ends too.
            let _ = PLACE.try_with(|place| place.set(buffer));
        }
    }
}

/// The clone is the caller's own until it is dropped.
impl Clone for Scratch {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl Deref for Scratch {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.0
    }
}

impl DerefMut for Scratch {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

thread_local! {
    static PLACE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// What a thread begins with: most events are shorter.
const USUAL: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_used_again_and_never_shared() {
        let mut first = Scratch::of(4);
        first.extend_from_slice(b"secret");
        let place = first.as_ptr();
        let second = Scratch::of(3);
        assert_ne!(second.as_ptr(), place);
        drop(second);
        drop(first);
        let third = Scratch::of(9);
        assert_eq!((third.as_ptr(), third.len()), (place, 9));
    }

    #[test]
    fn what_it_has_outgrown_is_not_kept() {
        for (extra, kept) in [(0, true), (1, false)] {
            let mut scratch = Scratch(Vec::with_capacity(Scratch::KEPT + extra));
            scratch.push(7);
            assert_eq!(scratch.is_outgrown(), !kept);
            drop(scratch);
            let capacity = PLACE.take().capacity();
            assert_eq!(capacity, if kept { Scratch::KEPT } else { 0 });
        }
        let kept = Scratch::of(5).into_vec();
        assert_eq!((kept.len(), PLACE.take().capacity()), (5, 0));
    }
}
