//! Any inputs in any order: the promises of a session hold.

use std::time::Duration;

use proptest::{collection::vec, prelude::*, sample::Index};

use super::{
    judge::{Judge, Step, TEXTS},
    *,
};

fn step() -> impl Strategy<Value = Step> {
    let (pick, text) = (0..4usize, 0..TEXTS.len());
    prop_oneof![
        4 => Just(Step::Get),
        1 => pick.clone().prop_map(Step::DropGet),
        3 => prop::bool::weighted(0.1).prop_map(|binary| Step::Post { binary }),
        4 => (pick.clone(), text.clone()).prop_map(|(pick, text)| Step::Packet(pick, text.min(5))),
        1 => (pick.clone(), text.clone()).prop_map(|(pick, text)| Step::Packet(pick, text)),
        3 => pick.clone().prop_map(Step::EndPost),
        1 => pick.clone().prop_map(Step::AbortPost),
        1 => pick.clone().prop_map(Step::TooLarge),
        3 => Just(Step::OpenSocket),
        9 => (pick.clone(), text.clone()).prop_map(|(pick, text)| Step::Text(pick, text.min(4))),
        1 => (pick.clone(), text).prop_map(|(pick, text)| Step::Text(pick, text)),
        1 => pick.clone().prop_map(Step::Binary),
        1 => pick.clone().prop_map(Step::CloseSocket),
        1 => (pick.clone(), prop_oneof![Just(1002), Just(1009)]).prop_map(|(pick, code)| Step::BreakSocket(pick, code)),
        2 => pick.prop_map(Step::Flush),
        4 => Just(Step::Emit),
        2 => any::<bool>().prop_map(Step::Pause),
        6 => (0..30_000u32).prop_map(Step::Pass),
        6 => Just(Step::Timeout),
        1 => Just(Step::Graceful),
        1 => Just(Step::Violate),
    ]
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
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn the_promises_hold(config in config(), polling: bool, steps in vec(step(), 0..60)) {
        let mut judge = Judge::new(config, polling);
        steps.into_iter().for_each(|step| judge.step(step));
        judge.end();
    }

    /// The same with patient timers, so that long sequences reach the far states.
    #[test]
    fn the_promises_hold_for_patient_sessions(steps in vec(step(), 0..200)) {
        let mut judge = Judge::new(Config { max_stray: 3, ..Config::default() }, true);
        steps.into_iter().for_each(|step| judge.step(step));
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
        Step::Packet(9, 0),
        Step::Packet(9, 6),
        Step::Packet(9, 11),
        Step::EndPost(9),
        Step::AbortPost(9),
        Step::OpenSocket,
        Step::Text(9, 0),
        Step::Text(9, 1),
        Step::Text(9, 2),
        Step::Text(9, 6),
        Step::Text(9, 11),
        Step::CloseSocket(9),
        Step::BreakSocket(9, 1009),
        Step::Flush(9),
        Step::Emit,
        Step::Timeout,
        Step::Graceful,
        Step::Now,
    ];
    let (probe, upgrade) = ([Step::OpenSocket, Step::Text(0, 1)], Step::Text(0, 2));
    let states: [(bool, &[Step]); 10] = [
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
