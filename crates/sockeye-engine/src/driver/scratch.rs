//! One read buffer a thread, shared by all sessions that run on it.

use std::{
    cell::Cell,
    ops::{Deref, DerefMut},
};

/// The thread's buffer while somebody reads into it.
///
/// It is taken out of its place, so whoever asks meanwhile gets a temporary one, and is put back when dropped, also by
/// a panic. It is zeroed once, when it is made. An idle websocket therefore owns no buffer.
pub(super) struct Scratch(Box<[u8]>);

impl Scratch {
    pub(super) fn take() -> Self {
        Self(PLACE.take().unwrap_or_else(|| vec![0; LENGTH].into_boxed_slice()))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // The thread may be ending; then the buffer ends too.
        let _ = PLACE.try_with(|place| place.set(Some(std::mem::take(&mut self.0))));
    }
}

impl Deref for Scratch {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl DerefMut for Scratch {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }
}

thread_local! {
    static PLACE: Cell<Option<Box<[u8]>>> = const { Cell::new(None) };
}

/// Enough that a busy connection is drained in one read; a megabyte message takes sixteen.
const LENGTH: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_used_again_and_never_shared() {
        let mut first = Scratch::take();
        first[0] = 7;
        let place = first.as_ptr();
        let second = Scratch::take();
        assert_ne!(second.as_ptr(), place);
        drop(second);
        drop(first);
        let third = Scratch::take();
        assert_eq!((third.as_ptr(), third[0]), (place, 7));
    }

    #[test]
    fn survives_a_panic_of_its_user() {
        let place = Scratch::take().as_ptr();
        let panicked = std::panic::catch_unwind(|| {
            let _taken = Scratch::take();
            std::panic::resume_unwind(Box::new(()));
        });
        assert!(panicked.is_err());
        assert_eq!(Scratch::take().as_ptr(), place);
    }
}
