//! Inputs that are nearly some other input.

use super::random::Random;

/// Some entry of `corpus` with a few changes.
pub(super) fn mutate(random: &mut Random, corpus: &[Vec<u8>]) -> Vec<u8> {
    let mut input = corpus[random.below(corpus.len())].clone();
    for _ in 0..=random.below(4) {
        let at = random.below(input.len() + 1);
        let to = (at + random.below(9)).min(input.len());
        match random.below(8) {
            0 => input.truncate(at),
            1 => drop(input.drain(at..to)),
            2 => input.insert(at, random.byte()),
            3 => drop(input.splice(at..at, random.bytes(8))),
            // Something twice.
            4 => drop(input.splice(at..at, input[at..to].to_vec())),
            // The end of another.
            5 => {
                let other = &corpus[random.below(corpus.len())];
                input.truncate(at);
                input.extend_from_slice(&other[random.below(other.len() + 1)..]);
            }
            change => {
                if let Some(byte) = input.get_mut(at) {
                    *byte = if change == 6 { random.byte() } else { *byte ^ 1 << random.below(8) };
                }
            }
        }
    }
    input
}
