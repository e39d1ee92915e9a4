//! Compressors: lent for one piece of work, and never kept by an idle connection.
//!
//! A compressor weighs 375 KB, so a server has a bounded number of them ([`Pool`]) whatever the number
//! of its connections, and works on a long input in steps ([`Job`]) so that others have their turn in between.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

mod job;
mod pool;

pub use job::{Job, Step};
pub use pool::{Format, Pool};

pub(crate) use job::Work;
