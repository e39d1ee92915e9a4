//! Buffers of a thread, which all its connections use in turn.

use std::cell::RefCell;

/// What is read into, and what is written from.
#[derive(Debug)]
pub(super) struct Scratch {
    pub(super) input: Box<[u8]>,
    /// Empty between two turns.
    pub(super) output: Vec<u8>,
}

impl Scratch {
    pub(super) fn with<T>(work: impl FnOnce(&mut Self) -> T) -> T {
        SCRATCH.with_borrow_mut(work)
    }
}

thread_local! {
    static SCRATCH: RefCell<Scratch> =
        RefCell::new(Scratch { input: vec![0; INPUT].into(), output: Vec::with_capacity(2 * INPUT) });
}

/// As much as a socket of loopback gives at once.
const INPUT: usize = 64 * 1024;
