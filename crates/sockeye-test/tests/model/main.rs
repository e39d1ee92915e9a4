//! Any sequence of what clients and networks do, on every transport: who came has gone in the end, nothing was lost,
//! doubled or out of order, whoever says that it was recovered has no gap, and nothing is left behind.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail by a panic")]

mod act;
mod play;
mod server;
mod visitor;

use proptest::prelude::*;

use crate::{act::act, play::Play};

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_doubled_or_left_behind_whatever_clients_and_networks_do(
        acts in proptest::collection::vec(act(), 1..60),
        recovers: bool,
    ) {
        sockeye_test::run(async {
            let mut play = Play::new(recovers);
            for act in acts {
                play.perform(act).await;
            }
            play.end().await;
        });
    }
}
