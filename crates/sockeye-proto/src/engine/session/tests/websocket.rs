//! The websocket transport: edge-cases section D.

use crate::engine::{FrameRef, TransportError};

use super::*;

#[test]
fn edge_107_108_messages_come_as_text_binary_or_base64() {
    let mut world = World::websocket();
    world.text(0, "4a");
    world.input(Input::Frame(Conn(0), FrameRef::Binary(&[4, 5])));
    world.text(0, "bAQID");
    world.text(0, "4");
    assert_eq!(world.log(), "got a, got [4, 5], got [1, 2, 3], got ");
}

#[test]
fn edge_109_what_is_no_packet_ends_the_session() {
    for text in ["abc", "", "7", "b*"] {
        let mut world = World::websocket();
        world.text(0, text);
        assert_eq!(world.log(), "ws0 hung up, closed: parse error", "{text}");
    }
}

#[test]
fn edge_110_a_client_must_not_ping() {
    for text in ["2", "2probe"] {
        let mut world = World::websocket();
        world.text(0, text);
        assert_eq!(world.log(), "ws0 hung up, closed: transport error");
    }
}

#[test]
fn edge_111_a_close_packet_closes() {
    let mut world = World::websocket();
    world.text(0, "1");
    world.text(0, "4late");
    assert_eq!(world.log(), "ws0 hung up, closed: transport close");
}

#[test]
fn edge_112_stray_packets_are_ignored_up_to_a_bound() {
    for stray in ["0", "5", "6", "3"] {
        let mut world = World::websocket();
        for _ in 0..128 {
            world.text(0, stray);
        }
        assert!(world.lives(Transport::WebSocket), "{stray}");
        world.text(0, stray);
        assert_eq!(world.log(), "ws0 hung up, closed: transport error", "{stray}");
    }
}

#[test]
fn edge_113_114_115_broken_framing_is_hung_up_with_its_code() {
    for code in [1002, 1007, 1009] {
        let mut world = World::websocket();
        world.input(Input::SocketClosed(Conn(0), Why::Error(TransportError::Framing(code))));
        assert_eq!(world.log(), format!("ws0 hung up {code}, closed: transport error"));
    }
}

#[test]
fn edge_125_126_a_second_websocket_is_refused_and_the_first_unaffected() {
    let mut upgraded = World::probed();
    upgraded.text(1, "5");
    upgraded.log();
    for (mut world, first) in [(World::websocket(), 0), (upgraded, 1)] {
        assert!(!world.session.may_upgrade());
        world.input(Input::SocketOpened(Conn(2)));
        world.text(2, "2probe");
        world.text(2, "5");
        world.gone(2);
        assert_eq!(world.log(), "ws2 hung up");
        world.text(first, "4a");
        assert_eq!(world.log(), "got a");
        assert!(world.lives(Transport::WebSocket));
    }
}

#[test]
fn edge_127_a_client_that_vanishes_has_closed() {
    let mut world = World::websocket();
    world.gone(0);
    world.gone(0);
    assert_eq!(world.log(), "closed: transport close");
    let mut world = World::websocket();
    world.input(Input::SocketClosed(Conn(0), Why::Error(TransportError::Io)));
    assert_eq!(world.log(), "closed: transport error");
}
