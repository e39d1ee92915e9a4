//! What is kept for those who are away, at its bounds and one beyond.

use std::time::Duration;

use sockeye::Namespace;
use tokio::time::sleep;

use crate::support::{BOTH, Comer, recovering_with, recovery};

#[tokio::test(start_paused = true)]
async fn edge_326_so_many_sessions_are_kept_and_the_one_away_for_longest_goes_first() {
    const MOST: usize = 2;
    for via in BOTH {
        for away in [MOST, MOST + 1] {
            let server = recovering_with(Namespace::new(), recovery().sessions(MOST), |builder| builder);
            let mut here = Vec::new();
            for _ in 0..away {
                here.push(Comer::new(&server, via).await);
            }
            let mut gone = Vec::new();
            for comer in here {
                gone.push(comer.vanish().await);
                sleep(Duration::from_secs(1)).await;
            }
            // Who is back stays, and takes no place among those who are away.
            let mut back = Vec::new();
            for (_, pid) in &gone {
                back.push(Comer::again(&server, via, pid, None).await);
            }
            let kept: Vec<bool> = gone.iter().zip(&back).map(|((id, _), back)| back.id == *id).collect();
            let expected: Vec<bool> = (0..away).map(|at| at >= away - MOST).collect();
            assert_eq!(kept, expected);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_326_so_much_may_be_missed_and_not_a_byte_more() {
    // As it is kept: with the offset, and the two bytes of its frame's header.
    let event = format!(r#"42["e","{}"]"#, "x".repeat(20)).len() + 2;
    for via in BOTH {
        for (most, goes_on) in [(2 * event, true), (2 * event - 1, false)] {
            let server = recovering_with(Namespace::new(), recovery().missed(most), |builder| builder);
            let (id, pid) = Comer::new(&server, via).await.vanish().await;
            for _ in 0..2 {
                server.io().emit("e", ()).await.unwrap();
            }
            let back = Comer::again(&server, via, &pid, None).await;
            let expected = if goes_on { 2 } else { 0 };
            assert_eq!((back.id == id, back.missed.len()), (goes_on, expected));
        }
    }
}
