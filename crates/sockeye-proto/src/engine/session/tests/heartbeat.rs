//! Who still lives: edge-cases section E, and stalls of our own making.

use super::*;

#[test]
fn edge_128_pings_come_an_interval_after_the_last_pong() {
    let mut world = World::websocket();
    world.pass(25 * SECOND);
    assert_eq!(world.log(), "ws0: 2");
    world.pass(5 * SECOND);
    world.text(0, "3");
    assert_eq!(world.session.latency(), Some(5 * SECOND));
    world.pass(24 * SECOND);
    assert_eq!(world.log(), "");
    world.pass(SECOND);
    assert_eq!(world.log(), "ws0: 2");
}

#[test]
fn edge_129_132_silence_ends_the_session() {
    let mut world = World::websocket();
    world.pass(44 * SECOND);
    world.log();
    world.pass(SECOND);
    assert_eq!(world.log(), "ws0 hung up, closed: ping timeout");
    assert_eq!(world.session.timeout(), None);
}

#[test]
fn edge_130_also_with_no_get_to_carry_the_ping() {
    let mut world = World::polling();
    world.pass(45 * SECOND);
    assert_eq!(world.log(), "closed: ping timeout");
}

#[test]
fn a_ping_goes_with_the_waiting_get_or_with_the_next_one() {
    let mut world = World::polling();
    world.get(1);
    world.pass(25 * SECOND);
    assert_eq!(world.log(), "1: 2");
    world.post(2, b"3");
    world.pass(25 * SECOND);
    world.emit("a");
    world.pass(SECOND);
    world.get(3);
    world.pass(SECOND);
    world.post(4, b"3");
    assert_eq!(world.log(), "2: ok, 3: 2|4a, 4: ok");
    assert_eq!(world.session.latency(), Some(SECOND), "counted from the moment the ping left");
}

#[test]
fn edge_131_a_waiting_get_learns_of_the_end() {
    let mut world = World::polling();
    world.get(1);
    world.pass(25 * SECOND);
    world.get(2);
    world.pass(20 * SECOND);
    assert_eq!(world.log(), "1: 2, 2: 1, closed: ping timeout");
    world.get(3);
    assert_eq!(world.log(), "3: 400/1");
}

#[test]
fn edge_133_a_pong_nobody_waits_for_extends_life() {
    let mut world = World::websocket();
    for _ in 0..9 {
        world.pass(20 * SECOND);
        world.text(0, "3");
    }
    assert_eq!(world.log(), "");
}

#[test]
fn edge_134_another_packet_refreshes_a_wait_once() {
    let mut world = World::websocket();
    world.pass(44 * SECOND);
    world.text(0, "4a");
    world.pass(19 * SECOND);
    world.text(0, "4b");
    assert!(world.lives(Transport::WebSocket));
    world.pass(SECOND);
    assert_eq!(world.log(), "ws0: 2, got a, got b, ws0 hung up, closed: ping timeout");
}

#[test]
fn a_pong_at_the_last_instant_counts() {
    let mut world = World::websocket();
    world.pass(25 * SECOND);
    world.now += 20 * SECOND;
    world.text(0, "3");
    world.input(Input::Timeout);
    assert!(world.lives(Transport::WebSocket));
}

#[test]
fn edge_136_the_heartbeat_goes_on_after_an_upgrade() {
    let mut world = World::probed();
    world.text(1, "5");
    world.pass(25 * SECOND);
    world.text(1, "3");
    world.pass(45 * SECOND);
    assert_eq!(world.log(), "upgraded, ws1: 2, ws1: 2, ws1 hung up, closed: ping timeout");
}

#[test]
fn a_ping_that_found_no_get_moves_to_the_websocket() {
    let mut world = World::polling();
    world.pass(25 * SECOND);
    world.input(Input::SocketOpened(Conn(1)));
    world.text(1, "2probe");
    world.text(1, "5");
    assert_eq!(world.log(), "ws1: 3probe, ws1: 2, upgraded");
    world.text(1, "3");
    world.pass(20 * SECOND);
    assert!(world.lives(Transport::WebSocket));
}

#[test]
fn no_pong_is_missed_while_we_do_not_read() {
    let config = Config { stall_timeout: 100 * SECOND, ..Config::default() };
    let mut world = World::open(config, Opening::WebSocket(Conn(0)));
    world.pass(44 * SECOND);
    world.input(Input::Paused(true));
    world.pass(49 * SECOND);
    assert_eq!(world.log(), "ws0: 2");
    world.input(Input::Paused(false));
    assert!(world.lives(Transport::WebSocket));
    world.pass(SECOND);
    assert_eq!(world.log(), "ws0 hung up, closed: ping timeout");
}

#[test]
fn a_stall_warns_and_then_ends_the_session() {
    let mut world = World::polling();
    world.get(1);
    world.input(Input::PostOpened { req: Req(2), binary: false });
    world.input(Input::Paused(true));
    world.pass(15 * SECOND);
    assert_eq!(world.log(), "stalled");
    world.pass(15 * SECOND);
    assert_eq!(world.log(), "1: 2, 2: 400, closed: stalled");
}

#[test]
fn reading_again_ends_a_stall() {
    let mut world = World::websocket();
    for _ in 0..9 {
        world.input(Input::Paused(true));
        world.pass(14 * SECOND);
        world.input(Input::Paused(false));
        world.text(0, "3");
    }
    assert_eq!(world.log(), "");
}
