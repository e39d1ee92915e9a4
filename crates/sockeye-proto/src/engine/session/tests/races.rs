//! Two inputs that can race, in both orders: what is told then.

use super::*;

/// From `start`, `a` then `b` tells `ab`; `b` then `a` tells `ba`.
struct Race {
    name: &'static str,
    start: fn() -> World,
    a: fn(&mut World),
    b: fn(&mut World),
    ab: &'static str,
    ba: &'static str,
}

const SHUT_DOWN: fn(&mut World) = World::shut_down;
const TIMEOUT: fn(&mut World) = |world| world.input(Input::Timeout);
const GET: fn(&mut World) = |world| world.get(9);
const EMIT: fn(&mut World) = |world| world.emit("a");
const UPGRADE: fn(&mut World) = |world| world.text(1, "5");

fn waiting() -> World {
    let mut world = World::polling();
    world.get(1);
    world
}

fn posting() -> World {
    let mut world = waiting();
    world.input(Input::PostOpened { req: Req(2), binary: false });
    world
}

fn trying() -> World {
    let mut world = waiting();
    world.input(Input::SocketOpened(Conn(1)));
    world
}

/// A probe that stands, its GET released, with a message that waits.
fn loaded() -> World {
    let mut world = World::probed();
    world.emit("a");
    world
}

/// A pong is awaited, and this is the last instant.
fn pinged() -> World {
    let mut world = World::websocket();
    world.pass(25 * SECOND);
    world.now += 20 * SECOND;
    world.log();
    world
}

/// A ping is due now.
fn due(mut world: World) -> World {
    world.now += 25 * SECOND;
    world
}

const RACES: &[Race] = &[
    Race {
        name: "an emit and a probe",
        start: trying,
        a: EMIT,
        b: |world| world.text(1, "2probe"),
        ab: "1: 4a, ws1: 3probe",
        ba: "ws1: 3probe, 1: 6",
    },
    Race {
        name: "a GET and the upgrade",
        start: World::probed,
        a: GET,
        b: UPGRADE,
        ab: "9: 6, upgraded",
        ba: "upgraded, 9: 400/3",
    },
    Race {
        name: "a POST and the upgrade",
        start: World::probed,
        a: |world| world.post(9, b"4a"),
        b: UPGRADE,
        ab: "got a, 9: ok, upgraded",
        ba: "upgraded, 9: 400/3",
    },
    Race {
        name: "a close and the upgrade, with something to flush",
        start: loaded,
        a: SHUT_DOWN,
        b: UPGRADE,
        ab: "closing, upgraded",
        ba: "upgraded, closing",
    },
    Race {
        name: "a close and the upgrade, with nothing to flush",
        start: World::probed,
        a: SHUT_DOWN,
        b: UPGRADE,
        ab: "closing, ws1 hung up",
        ba: "upgraded, closing",
    },
    Race {
        name: "the upgrade and its deadline",
        start: || {
            let mut world = World::probed();
            world.now += 10 * SECOND;
            world
        },
        a: UPGRADE,
        b: TIMEOUT,
        ab: "upgraded",
        ba: "ws1 hung up",
    },
    Race {
        name: "two websockets",
        start: waiting,
        a: |world| world.input(Input::SocketOpened(Conn(1))),
        b: |world| world.input(Input::SocketOpened(Conn(2))),
        ab: "ws2 hung up",
        ba: "ws1 hung up",
    },
    Race {
        name: "a GET and a close",
        start: World::polling,
        a: GET,
        b: SHUT_DOWN,
        ab: "closing, 9: 1, closed: server shutting down",
        ba: "closing, 9: 6|1, closed: server shutting down",
    },
    Race {
        name: "an emit and a close",
        start: waiting,
        a: EMIT,
        b: SHUT_DOWN,
        ab: "1: 4a, closing",
        ba: "closing, 1: 1, closed: server shutting down",
    },
    Race {
        name: "an emit and the loss of the GET",
        start: waiting,
        a: EMIT,
        b: |world| world.input(Input::PollDropped(Req(1))),
        ab: "1: 4a, closed: transport error",
        ba: "closed: transport error",
    },
    Race {
        name: "a GET and the goodbye of the client",
        start: World::polling,
        a: GET,
        b: |world| world.post(2, b"1"),
        ab: "2: ok, 9: 6, closed: transport close",
        ba: "2: ok, closed: transport close, 9: 400/1",
    },
    Race {
        name: "a GET and a packet that is none",
        start: World::polling,
        a: GET,
        b: |world| world.post(2, b"abc"),
        ab: "2: 400, 9: 1, closed: parse error",
        ba: "2: 400, closed: parse error, 9: 400/1",
    },
    Race {
        name: "the end of a POST and the next one",
        start: posting,
        a: |world| world.input(Input::PostEnd(Req(2))),
        b: |world| world.input(Input::PostOpened { req: Req(3), binary: false }),
        ab: "2: ok",
        ba: "3: 400, 2: 400, 1: 1, closed: transport error",
    },
    Race {
        name: "a packet of a POST and a close",
        start: posting,
        a: |world| world.input(Input::PostPacket(Req(2), b"4a")),
        b: SHUT_DOWN,
        ab: "got a, closing, 1: 1, 2: ok, closed: server shutting down",
        ba: "closing, 1: 1, 2: ok, closed: server shutting down",
    },
    Race {
        name: "the loss of a POST and that of the GET",
        start: posting,
        a: |world| world.input(Input::PostAborted(Req(2))),
        b: |world| world.input(Input::PollDropped(Req(1))),
        ab: "1: 1, closed: transport error",
        ba: "2: 400, closed: transport error",
    },
    Race {
        name: "a pong and its deadline",
        start: pinged,
        a: |world| world.text(0, "3"),
        b: TIMEOUT,
        ab: "",
        ba: "ws0 hung up, closed: ping timeout",
    },
    Race {
        name: "a pause and the deadline of a pong",
        start: pinged,
        a: |world| world.input(Input::Paused(true)),
        b: TIMEOUT,
        ab: "",
        ba: "ws0 hung up, closed: ping timeout",
    },
    Race {
        name: "a ping and a GET",
        start: || due(World::polling()),
        a: TIMEOUT,
        b: GET,
        ab: "9: 2",
        ba: "9: 2",
    },
    Race {
        name: "a ping and an emit",
        start: || due(waiting()),
        a: TIMEOUT,
        b: EMIT,
        ab: "1: 2",
        ba: "1: 4a",
    },
    Race {
        name: "a ping and the loss of the websocket",
        start: || due(World::websocket()),
        a: TIMEOUT,
        b: |world| world.gone(0),
        ab: "ws0: 2, closed: transport close",
        ba: "closed: transport close",
    },
    Race {
        name: "a close and the goodbye of the client",
        start: World::websocket,
        a: SHUT_DOWN,
        b: |world| world.text(0, "1"),
        ab: "closing, ws0 hung up, closed: server shutting down",
        ba: "ws0 hung up, closed: transport close",
    },
    Race {
        name: "a close and the loss of the websocket",
        start: World::websocket,
        a: SHUT_DOWN,
        b: |world| world.gone(0),
        ab: "closing, closed: server shutting down",
        ba: "closed: transport close",
    },
    Race {
        name: "a close that flushes and one that does not",
        start: World::websocket,
        a: SHUT_DOWN,
        b: |world| world.input(Input::Close(Close::Now(CloseReason::SlowConsumer))),
        ab: "closing, ws0 hung up, closed: server shutting down",
        ba: "ws0 hung up, closed: slow consumer",
    },
    Race {
        name: "the loss of the probe and that of the GET",
        start: trying,
        a: |world| world.input(Input::SocketClosed(Conn(1), Why::Closed)),
        b: |world| world.input(Input::PollDropped(Req(1))),
        ab: "closed: transport error",
        ba: "ws1 hung up, closed: transport error",
    },
];

#[test]
fn both_orders_tell_what_the_table_says() {
    for race in RACES {
        for (first, second, expected) in [(race.a, race.b, race.ab), (race.b, race.a, race.ba)] {
            let mut world = (race.start)();
            first(&mut world);
            second(&mut world);
            assert_eq!(world.log(), expected, "{}", race.name);
        }
    }
}
