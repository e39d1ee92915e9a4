//! A million inputs for each decoder and each machine, beside every file of the fuzzers' corpus, on stable Rust.
//!
//! `SOCKEYE_INPUTS` says how many inputs of each; a failure prints the input, and the seed that `SOCKEYE_SEED` takes.
#![cfg(feature = "websocket")]

#[cfg(test)]
mod judges;

#[cfg(test)]
mod million {
    mod corpus;
    mod drive;
    mod generate;
    mod mutate;
    mod random;
    mod targets;
}
