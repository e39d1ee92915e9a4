//! Each server answers each event as the load expects it, so that no figure is of a wrong answer.

#![forbid(unsafe_code)]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

mod events;
mod jwt;
mod kit;
mod life;
