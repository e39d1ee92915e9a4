//! From polling to websocket: edge-cases section F.

use crate::engine::{FrameRef, TransportError};

use super::*;

#[test]
fn edge_139_a_probe_releases_the_waiting_get() {
    let mut world = World::polling();
    world.get(1);
    world.input(Input::SocketOpened(Conn(1)));
    assert_eq!(world.log(), "");
    world.text(1, "2probe");
    assert_eq!(world.log(), "ws1: 3probe, 1: 6");
}

#[test]
fn edge_140_requests_are_served_between_probe_and_upgrade() {
    let mut world = World::probed();
    world.get(2);
    world.emit("a");
    world.get(3);
    world.post(4, b"4b");
    world.get(5);
    assert_eq!(world.log(), "2: 6, 3: 4a, got b, 4: ok, 5: 6");
}

#[test]
fn edge_141_what_waits_goes_by_the_websocket() {
    let mut world = World::probed();
    world.emit("a");
    world.emit("b");
    world.flush();
    assert_eq!(world.log(), "");
    world.text(1, "5");
    world.emit("c");
    world.flush();
    assert_eq!(world.log(), "upgraded, ws1: 4a, ws1: 4b, ws1: 4c");
    world.text(1, "4d");
    assert_eq!(world.log(), "got d");
}

#[test]
fn edge_142_no_get_is_left_behind() {
    let mut world = World::polling();
    world.get(1);
    world.input(Input::SocketOpened(Conn(1)));
    world.text(1, "2probe");
    world.text(1, "5");
    assert_eq!(world.log(), "ws1: 3probe, 1: 6, upgraded");
    assert!(world.lives(Transport::WebSocket));
}

#[test]
fn edge_143_144_146_a_wrong_frame_costs_the_probe_alone() {
    for first in ["5", "4a", "1", "2", "abc", "", "3probe"] {
        let mut world = World::polling();
        world.input(Input::SocketOpened(Conn(1)));
        world.text(1, first);
        world.text(1, "5");
        assert_eq!(world.log(), "ws1 hung up", "{first}");
        assert!(world.lives(Transport::Polling) && world.session.may_upgrade());
    }
    for second in ["4a", "1", "2", "abc", ""] {
        let mut world = World::probed();
        world.text(1, second);
        assert_eq!(world.log(), "ws1 hung up", "{second}");
        assert!(world.lives(Transport::Polling) && world.session.may_upgrade());
    }
    let mut world = World::probed();
    world.input(Input::Frame(Conn(1), FrameRef::Binary(b"a")));
    assert_eq!(world.log(), "ws1 hung up");
}

#[test]
fn edge_145_two_probes_two_pongs_one_upgrade() {
    let mut world = World::probed();
    world.text(1, "2probe");
    world.text(1, "5");
    assert_eq!(world.log(), "ws1: 3probe, upgraded");
}

#[test]
fn endless_probes_cost_the_probe_alone() {
    let mut world = World::probed();
    for _ in 0..128 {
        world.text(1, "2probe");
    }
    assert_eq!(world.log().matches("3probe").count(), 128);
    world.text(1, "2probe");
    assert_eq!(world.log(), "ws1: 3probe, ws1 hung up");
    assert!(world.lives(Transport::Polling));
}

#[test]
fn edge_147_an_upgrade_that_takes_too_long_may_be_tried_again() {
    let mut world = World::probed();
    world.pass(10 * SECOND);
    assert_eq!(world.log(), "ws1 hung up");
    world.text(1, "5");
    world.get(1);
    world.emit("a");
    world.input(Input::SocketOpened(Conn(2)));
    world.text(2, "2probe");
    world.text(2, "5");
    assert_eq!(world.log(), "1: 4a, ws2: 3probe, upgraded");
}

#[test]
fn edge_148_a_probe_that_dies_may_be_tried_again() {
    for why in [Why::Closed, Why::Error(TransportError::Io), Why::Error(TransportError::Framing(1002))] {
        let mut world = World::probed();
        world.input(Input::SocketClosed(Conn(1), why));
        let hung_up = if why == Why::Error(TransportError::Framing(1002)) { "ws1 hung up 1002" } else { "" };
        assert_eq!(world.log(), hung_up);
        assert!(world.lives(Transport::Polling) && world.session.may_upgrade());
        world.get(1);
        assert_eq!(world.log(), "", "GETs wait again");
    }
}

#[test]
fn edge_149_one_attempt_at_a_time() {
    let mut world = World::probed();
    assert!(!world.session.may_upgrade());
    world.input(Input::SocketOpened(Conn(2)));
    world.text(2, "5");
    world.text(1, "5");
    assert_eq!(world.log(), "ws2 hung up, upgraded");
}

#[test]
fn edge_150_the_end_of_the_session_ends_the_probe() {
    let mut world = World::probed();
    world.shut_down();
    assert_eq!(world.log(), "closing, ws1 hung up");
    world.get(2);
    assert_eq!(world.log(), "2: 6|1, closed: server shutting down");
}

#[test]
fn edge_156_a_session_that_has_to_flush_may_still_move() {
    let mut world = World::probed();
    world.emit("a");
    world.shut_down();
    world.input(Input::SocketOpened(Conn(2)));
    world.text(1, "5");
    world.flush();
    let expected = "closing, ws2 hung up, upgraded, ws1: 4a, ws1 hung up, closed: server shutting down";
    assert_eq!(world.log(), expected);
}

#[test]
fn a_session_that_has_flushed_by_polling_ends_with_the_upgrade() {
    let mut world = World::probed();
    world.emit("a");
    world.shut_down();
    world.get(2);
    world.text(1, "5");
    assert_eq!(world.log(), "closing, 2: 4a, upgraded, ws1 hung up, closed: server shutting down");
}

#[test]
fn a_post_that_is_still_open_at_the_upgrade_has_no_place() {
    let mut world = World::probed();
    world.input(Input::PostOpened { req: Req(2), binary: false });
    world.input(Input::PostPacket(Req(2), b"4a"));
    world.text(1, "5");
    world.input(Input::PostPacket(Req(2), b"4b"));
    world.input(Input::PostEnd(Req(2)));
    assert_eq!(world.log(), "got a, 2: 400/3, upgraded");
}
