//! How sessions end: edge-cases section G, and lines 99, 100, 297 to 303.

use crate::engine::Violation;

use super::*;

#[test]
fn edge_099_a_waiting_get_gets_the_close_packet() {
    let mut world = World::polling();
    world.get(1);
    world.shut_down();
    assert_eq!(world.log(), "closing, 1: 1, closed: server shutting down");
}

#[test]
fn edge_100_else_the_next_get_gets_it() {
    let mut world = World::polling();
    world.shut_down();
    world.pass(20 * SECOND);
    assert_eq!(world.log(), "closing");
    world.get(1);
    world.get(2);
    assert_eq!(world.log(), "1: 6|1, closed: server shutting down, 2: 400/1");
}

#[test]
fn edge_100_a_client_that_never_comes_back_is_not_waited_for() {
    let mut world = World::polling();
    world.emit("a");
    world.shut_down();
    world.pass(30 * SECOND);
    assert_eq!(world.log(), "closing, closed: server shutting down");
}

#[test]
fn edge_157_what_waits_is_flushed_on_polling_over_as_many_gets_as_it_takes() {
    let config = Config { max_payload: 5, ..Config::default() };
    let mut world = World::open(config, Opening::Polling(Req(0)));
    for text in ["a", "b", "c", "d", "e"] {
        world.emit(text);
    }
    world.shut_down();
    for req in 1..6 {
        world.get(req);
    }
    let expected = "closing, 1: 4a|4b, 2: 4c|4d, 3: 4e, 4: 6|1, closed: server shutting down, 5: 400/1";
    assert_eq!(world.log(), expected);
}

/// It would overtake them in the stock client: a DISCONNECT would be no DISCONNECT, and the client would come back.
#[test]
fn a_close_packet_never_shares_a_body_with_messages() {
    let mut world = World::polling();
    world.emit("a");
    world.shut_down();
    world.get(1);
    world.get(2);
    assert_eq!(world.log(), "closing, 1: 4a, 2: 6|1, closed: server shutting down");
}

#[test]
fn edge_157_what_waits_is_flushed_on_websocket() {
    let mut world = World::websocket();
    world.emit("a");
    world.shut_down();
    world.text(0, "4late");
    world.text(0, "3");
    assert_eq!(world.log(), "closing");
    world.flush();
    assert_eq!(world.log(), "ws0: 4a, ws0 hung up, closed: server shutting down");
}

#[test]
fn a_websocket_that_does_not_drain_is_not_waited_for() {
    let mut world = World::websocket();
    world.emit("a");
    world.shut_down();
    world.pass(30 * SECOND);
    assert_eq!(world.log(), "closing, ws0: 2, ws0 hung up, closed: server shutting down");
}

#[test]
fn a_session_that_flushes_still_pings() {
    let mut world = World::open(Config { max_payload: 5, ..Config::default() }, Opening::Polling(Req(0)));
    for text in ["a", "b", "c", "d"] {
        world.emit(text);
    }
    world.pass(24 * SECOND);
    world.shut_down();
    world.get(1);
    world.pass(SECOND);
    world.get(2);
    world.pass(20 * SECOND);
    assert_eq!(world.log(), "closing, 1: 4a|4b, 2: 2|4c, closed: server shutting down");
}

#[test]
fn flushing_means_nothing_to_a_session_that_lives() {
    let mut world = World::websocket();
    world.emit("a");
    world.flush();
    world.input(Input::Flushed(Conn(7)));
    assert_eq!(world.log(), "ws0: 4a");
    assert!(world.lives(Transport::WebSocket));
}

#[test]
fn edge_158_a_close_that_does_not_wait() {
    let mut world = World::websocket();
    world.emit("a");
    world.input(Input::Close(Close::Now(CloseReason::SlowConsumer)));
    assert_eq!(world.log(), "ws0 hung up, closed: slow consumer");
    let mut world = World::polling();
    world.get(1);
    world.input(Input::Close(Close::Now(CloseReason::SlowConsumer)));
    assert_eq!(world.log(), "1: 1, closed: slow consumer");
}

#[test]
fn edge_298_a_violation_has_the_transport_s_name() {
    let violation = || Input::Close(Close::Violation(Violation::new("no such namespace")));
    let mut world = World::websocket();
    world.emit("a");
    world.input(violation());
    world.flush();
    assert_eq!(world.log(), "closing, ws0: 4a, ws0 hung up, closed: forced close");
    let mut world = World::polling();
    world.get(1);
    world.input(violation());
    assert_eq!(world.log(), "closing, 1: 1, closed: forced server close");
}

#[test]
fn a_client_that_leaves_while_we_close_is_not_waited_for() {
    let mut world = World::websocket();
    world.emit("a");
    world.shut_down();
    world.text(0, "1");
    assert_eq!(world.log(), "closing, ws0 hung up, closed: server shutting down");
    let mut world = World::polling();
    world.emit("a");
    world.shut_down();
    world.post(1, b"1");
    assert_eq!(world.log(), "closing, 1: ok, closed: server shutting down");
}

#[test]
fn every_reason_has_its_text() {
    use crate::engine::TransportError;

    let forced =
        |transport| [CloseReason::Forced(transport), CloseReason::Protocol(Violation::new("x"), transport)];
    let mut texts = vec![
        (CloseReason::TransportClose, "transport close"),
        (CloseReason::TransportError(TransportError::Io), "transport error"),
        (CloseReason::PingTimeout, "ping timeout"),
        (CloseReason::ParseError, "parse error"),
        (CloseReason::ServerShuttingDown, "server shutting down"),
        (CloseReason::SlowConsumer, "slow consumer"),
        (CloseReason::Stalled, "stalled"),
    ];
    texts.extend(forced(Transport::Polling).map(|reason| (reason, "forced server close")));
    texts.extend(forced(Transport::WebSocket).map(|reason| (reason, "forced close")));
    for (reason, text) in texts {
        assert_eq!((reason.as_str(), reason.to_string()), (text, text.into()));
    }
    assert_eq!(CloseReason::Protocol(Violation::new("x"), Transport::Polling).detail(), Some("x"));
}
