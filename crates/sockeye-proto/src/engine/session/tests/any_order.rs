//! Any inputs in any order: the promises of a session hold.

use std::time::Duration;

use proptest::{collection::vec, prelude::*, sample::Index};

use super::{
    judge::{Judge, Step},
    *,
};

/// What a peer may send as a packet or text frame.
const TEXTS: [&str; 14] =
    ["4hello", "2probe", "5", "3", "4", "bAQID", "1", "0{}", "2", "6", "3probe", "abc", "", "b!"];

/// Reads a number as a step: cheaper to make by the hundred than a strategy of their own.
fn step(number: u32) -> Step<'static> {
    let pick = (number >> 6) as usize % 4;
    // The first texts are the ones that lead somewhere.
    let text = TEXTS[(number >> 8) as usize % if number & (1 << 15) == 0 { 4 } else { TEXTS.len() }];
    let rest = number >> 16;
    match number % 64 {
        // What ends a session is rare, so that many get far.
        0 if rest.is_multiple_of(4) => Step::Get,
        1 if rest.is_multiple_of(4) => Step::DropGet(pick),
        2 if rest.is_multiple_of(4) => Step::Post { binary: rest.is_multiple_of(8) },
        3 if rest.is_multiple_of(4) => Step::Graceful,
        4 if rest.is_multiple_of(4) => Step::Violate,
        0..7 => Step::NextGet,
        7..11 => Step::NextPost,
        11..17 => Step::Packet(pick, text.as_bytes()),
        17..22 => Step::EndPost(pick),
        22 if rest.is_multiple_of(4) => Step::AbortPost(pick),
        23 => Step::TooLarge(pick),
        24 => Step::OpenSocket,
        25..33 => Step::Advance,
        33..39 => Step::Text(pick, text),
        39 => Step::Binary(pick, b"2probe"),
        40 => Step::CloseSocket(pick),
        41 => Step::BreakSocket(pick, 1009),
        42..44 => Step::Flush(pick),
        44..50 => Step::Emit,
        50..52 => Step::Pause(rest.is_multiple_of(2)),
        52..57 => Step::Pass(rest / 2),
        57..64 => Step::Timeout,
        _ => Step::Emit,
    }
}

fn steps(longest: usize) -> impl Strategy<Value = Vec<u32>> {
    vec(any::<u32>(), 0..longest)
}

fn config() -> impl Strategy<Value = Config> {
    (1..20_000u64, 1..20_000u64, 1..20_000u64, proptest::option::of(1..20_000u64), 0..4u32).prop_map(
        |(ping_interval, ping_timeout, others, poll_wait, max_stray)| Config {
            ping_interval: Duration::from_millis(ping_interval),
            ping_timeout: Duration::from_millis(ping_timeout),
            upgrade_timeout: Duration::from_millis(others),
            close_timeout: Duration::from_millis(others * 2),
            stall_timeout: Duration::from_millis(others),
            poll_wait: poll_wait.map(Duration::from_millis),
            max_stray,
            ..Config::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn the_promises_hold(config in config(), polling: bool, steps in steps(60)) {
        let mut judge = Judge::new(config, polling);
        steps.into_iter().for_each(|number| judge.step(step(number)));
        judge.end();
    }

    /// The same with patient timers, so that long sequences reach the far states.
    #[test]
    fn the_promises_hold_for_patient_sessions(steps in steps(200)) {
        let mut judge = Judge::new(Config { max_stray: 3, ..Config::default() }, true);
        steps.into_iter().for_each(|number| judge.step(step(number)));
        judge.end();
    }

    #[test]
    fn any_frame_is_judged(text: String, split: Index, bytes in vec(any::<u8>(), 0..99)) {
        let mut world = World::websocket();
        world.text(0, &text);
        let mut world = World::polling();
        let (left, right) = bytes.split_at(split.index(bytes.len() + 1));
        world.post(1, left);
        world.post(2, right);
    }
}

/// All sequences of three things that can happen, from each state a session can be in.
#[test]
fn every_order_of_three() {
    let happenings = [
        Step::Get,
        Step::DropGet(9),
        Step::Post { binary: false },
        Step::Packet(9, b"4hello"),
        Step::Packet(9, b"1"),
        Step::Packet(9, b"abc"),
        Step::EndPost(9),
        Step::AbortPost(9),
        Step::OpenSocket,
        Step::Text(9, "4hello"),
        Step::Text(9, "2probe"),
        Step::Text(9, "5"),
        Step::Text(9, "1"),
        Step::Text(9, "abc"),
        Step::CloseSocket(9),
        Step::BreakSocket(9, 1009),
        Step::Flush(9),
        Step::Emit,
        Step::Timeout,
        Step::Graceful,
        Step::Now,
    ];
    let (probe, upgrade) = ([Step::OpenSocket, Step::Text(0, "2probe")], Step::Text(0, "5"));
    let states: [(bool, &[Step<'_>]); 10] = [
        (true, &[]),
        (true, &[Step::Get]),
        (true, &[Step::Get, Step::Post { binary: false }]),
        (true, &[Step::Get, Step::OpenSocket]),
        (true, &[Step::Emit, Step::Emit, Step::Emit, Step::Graceful]),
        (true, &probe),
        (true, &[Step::Post { binary: false }, probe[0], probe[1], Step::Pass(10_000)]),
        (true, &[probe[0], probe[1], Step::Emit, Step::Graceful]),
        (true, &[probe[0], probe[1], upgrade, Step::Pass(25_000)]),
        (false, &[Step::Emit, Step::Pass(25_000), Step::Timeout, Step::Pass(20_000)]),
    ];
    for (polling, state) in states {
        for first in happenings {
            for second in happenings {
                for third in happenings {
                    let mut judge = Judge::new(Config::default(), polling);
                    state.iter().for_each(|step| judge.step(*step));
                    [first, second, third].into_iter().for_each(|step| judge.step(step));
                    judge.end();
                }
            }
        }
    }
}
