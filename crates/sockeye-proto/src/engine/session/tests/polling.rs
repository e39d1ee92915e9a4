//! GETs and POSTs: edge-cases section C.

use super::*;

#[test]
fn a_get_waits_until_something_is_sent() {
    let mut world = World::polling();
    world.get(1);
    assert_eq!(world.log(), "");
    world.emit("a");
    assert_eq!(world.log(), "1: 4a");
    world.emit("b");
    world.emit("c");
    assert_eq!(world.log(), "");
    world.get(2);
    assert_eq!(world.log(), "2: 4b|4c");
    world.get(3);
    world.input(Input::Outgoing);
    assert_eq!(world.log(), "", "an answer is never empty");
}

#[test]
fn an_answer_is_bounded_and_the_rest_waits_in_order() {
    let config = Config { max_payload: 5, ..Config::default() };
    let mut world = World::open(config, Opening::Polling(Req(0)));
    for text in ["a", "b", "longer than all", "c"] {
        world.emit(text);
    }
    for req in 1..4 {
        world.get(req);
    }
    assert_eq!(world.log(), "1: 4a|4b, 2: 4longer than all, 3: 4c");
}

#[test]
fn edge_067_two_gets_at_once_end_the_session() {
    let mut world = World::polling();
    world.get(1);
    world.get(2);
    assert_eq!(world.log(), "2: 400, 1: 1, closed: transport error");
    world.get(3);
    assert_eq!(world.log(), "3: 400/1");
}

#[test]
fn edge_068_two_posts_at_once_end_the_session() {
    let mut world = World::polling();
    world.input(Input::PostOpened { req: Req(1), binary: false });
    world.input(Input::PostOpened { req: Req(2), binary: false });
    assert_eq!(world.log(), "2: 400, 1: 400, closed: transport error");
    world.input(Input::PostPacket(Req(1), b"4late"));
    assert_eq!(world.log(), "");
}

#[test]
fn edge_069_an_aborted_get_ends_the_session() {
    let mut world = World::polling();
    world.get(1);
    world.input(Input::PollDropped(Req(1)));
    assert_eq!(world.log(), "closed: transport error");
}

#[test]
fn an_answer_lost_with_its_packets_ends_the_session() {
    let mut world = World::polling();
    world.emit("a");
    world.get(1);
    world.input(Input::PollDropped(Req(9)));
    assert_eq!(world.log(), "1: 4a");
    world.input(Input::PollDropped(Req(1)));
    assert_eq!(world.log(), "closed: transport error");
}

#[test]
fn edge_070_an_aborted_post_ends_the_session() {
    let mut world = World::polling();
    world.get(1);
    world.input(Input::PostOpened { req: Req(2), binary: false });
    world.input(Input::PostAborted(Req(2)));
    assert_eq!(world.log(), "1: 1, closed: transport error");
}

#[test]
fn edge_072_073_packets_of_a_post_are_heard_in_order() {
    let mut world = World::polling();
    world.post(1, b"4a\x1ebAQID\x1e4\x1eb\x1e4z");
    assert_eq!(world.log(), "got a, got [1, 2, 3], got , got [], got z, 1: ok");
    world.post(2, b"4again");
    assert_eq!(world.log(), "got again, 2: ok");
}

#[test]
fn edge_074_octet_stream_ends_the_session() {
    let mut world = World::polling();
    world.input(Input::PostOpened { req: Req(1), binary: true });
    assert_eq!(world.log(), "1: 400, closed: transport error");
}

#[test]
fn edge_078_too_large_a_post_is_refused_alone() {
    let mut world = World::polling();
    world.input(Input::PostOpened { req: Req(1), binary: false });
    world.input(Input::PostTooLarge(Req(1)));
    assert_eq!(world.log(), "1: 413");
    world.post(2, b"4a");
    assert_eq!(world.log(), "got a, 2: ok");
}

#[test]
fn edge_082_083_what_is_no_packet_ends_the_session_behind_what_was_right() {
    for body in [&b"abc"[..], b"7", b"", b"4\xff", b"b*"] {
        let mut world = World::polling();
        world.get(1);
        world.post(2, body);
        assert_eq!(world.log(), "2: 400, 1: 1, closed: parse error", "{body:?}");
    }
    let mut world = World::polling();
    world.post(1, b"4a\x1e\x1e4b");
    assert_eq!(world.log(), "got a, 1: 400, closed: parse error");
}

#[test]
fn edge_084_085_086_a_client_that_leaves_gets_its_noop() {
    let mut world = World::polling();
    world.get(1);
    world.post(2, b"4a\x1e1\x1e4b");
    assert_eq!(world.log(), "got a, 2: ok, 1: 6, closed: transport close");
    let mut world = World::polling();
    world.post(1, b"1");
    world.get(2);
    assert_eq!(world.log(), "1: ok, closed: transport close, 2: 400/1");
}

#[test]
fn edge_087_a_client_must_not_ping() {
    for body in [&b"2"[..], b"2probe"] {
        let mut world = World::polling();
        world.post(1, body);
        assert_eq!(world.log(), "1: 400, closed: transport error");
    }
}

#[test]
fn edge_088_stray_packets_are_ignored_up_to_a_bound() {
    for stray in ["0{}", "5", "6", "3", "3probe"] {
        let mut world = World::polling();
        for req in 1..=128 {
            world.post(req, stray.as_bytes());
        }
        assert!(world.lives(Transport::Polling), "{stray}");
        world.log();
        world.post(129, stray.as_bytes());
        assert_eq!(world.log(), "129: 400, closed: transport error", "{stray}");
    }
}

#[test]
fn each_ping_forgives_stray_packets() {
    let mut world = World::polling();
    for round in 0..3 {
        for req in 0..128 {
            world.post(1000 * round + req + 1, b"6");
        }
        world.pass(25 * SECOND);
        world.post(1000 * round + 500, b"3");
    }
    assert!(world.lives(Transport::Polling));
}

#[test]
fn unasked_pongs_now_and_then_never_add_up_to_a_flood() {
    let mut world = World::polling();
    // Each puts the next ping off, so no ping ever forgives.
    for req in 1..=200 {
        world.pass(20 * SECOND);
        world.post(req, b"3");
    }
    assert!(world.lives(Transport::Polling));
}

#[test]
fn edge_089_090_requests_after_the_upgrade_are_bad() {
    let mut world = World::probed();
    world.text(1, "5");
    world.get(2);
    world.post(3, b"4a");
    assert_eq!(world.log(), "upgraded, 2: 400/3, 3: 400/3");
    assert!(world.lives(Transport::WebSocket));
}

#[test]
fn a_get_waits_no_longer_than_poll_wait() {
    let config = Config { poll_wait: Some(2 * SECOND), ..Config::default() };
    let mut world = World::open(config, Opening::Polling(Req(0)));
    world.get(1);
    world.pass(SECOND);
    assert_eq!(world.log(), "");
    world.pass(SECOND);
    assert_eq!(world.log(), "1: 6");
    world.emit("a");
    world.get(2);
    assert_eq!(world.log(), "2: 4a");
}

#[test]
fn edge_163_a_session_that_is_asked_to_end_hears_nothing_more() {
    let mut world = World::polling();
    world.input(Input::PostOpened { req: Req(1), binary: false });
    world.input(Input::PostPacket(Req(1), b"4a"));
    world.shut_down();
    for packet in [&b"4b"[..], b"bAQID", b"3", b"6"] {
        world.input(Input::PostPacket(Req(1), packet));
    }
    world.input(Input::PostEnd(Req(1)));
    world.get(2);
    assert_eq!(world.log(), "got a, closing, 1: ok, 2: 6|1, closed: server shutting down");
}
