//! Gives a judge one input after the other.

use std::{env, thread};

use super::{
    corpus::corpus,
    mutate::mutate,
    random::{Random, seed},
};

/// Enough to notice what is plainly wrong, and no more than a second.
const USUAL: usize = 20_000;

/// All of the corpus, then random bytes, changed corpus entries and what `generate` makes, one after the other.
pub(super) fn drive(target: &str, judge: fn(&[u8]), generate: fn(&mut Random) -> Vec<u8>) {
    let inputs =
        env::var("SOCKEYE_INPUTS").map_or(USUAL, |number| number.parse().expect("a number of inputs"));
    let seed = seed();
    let corpus = corpus(target);
    assert!(!corpus.is_empty());
    let given = |input: Vec<u8>| {
        let case = Case { target, seed, input };
        judge(&case.input);
    };
    corpus.iter().cloned().for_each(given);
    let mut random = Random::new(seed);
    for _ in 0..inputs {
        given(match random.below(4) {
            0 => random.bytes(40),
            1 => mutate(&mut random, &corpus),
            _ => generate(&mut random),
        });
    }
}

/// Tells what was judged when the judge panics.
struct Case<'a> {
    target: &'a str,
    seed: u64,
    input: Vec<u8>,
}

impl Drop for Case<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            let text = self.input.escape_ascii();
            eprintln!("{} fails on b\"{text}\" (SOCKEYE_SEED={})", self.target, self.seed);
        }
    }
}
