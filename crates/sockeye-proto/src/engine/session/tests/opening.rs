//! The handshake: edge-cases section B.

use super::*;

const OPEN: &str = r#"0{"sid":"AAAAAAAAAAAAAAAAAAAA","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#;

#[test]
fn by_polling_the_answer_is_the_open_packet() {
    let mut world = World::polling();
    assert_eq!(world.log_of_open, [format!("0: {OPEN}")]);
    assert!(world.lives(Transport::Polling));
    world.emit("early");
    world.get(1);
    assert_eq!(world.log(), "1: 4early");
}

#[test]
fn by_websocket_it_is_the_first_frame_and_offers_no_upgrade() {
    let mut world = World::websocket();
    let open = OPEN.replace(r#""websocket""#, "");
    assert_eq!(world.log_of_open, [format!("ws0: {open}")]);
    assert!(world.lives(Transport::WebSocket));
    world.emit("early");
    world.flush();
    assert_eq!(world.log(), "ws0: 4early");
}

#[test]
fn only_enabled_upgrades_are_offered() {
    for (config, may_come) in [
        (Config { allow_upgrades: false, ..Config::default() }, true),
        (Config { transports: vec![Transport::Polling], ..Config::default() }, false),
    ] {
        let mut world = World::open(config, Opening::Polling(Req(0)));
        assert!(world.log_of_open[0].contains(r#""upgrades":[]"#));
        assert_eq!(world.session.may_upgrade(), may_come, "also unasked, if it is enabled at all");
        world.input(Input::SocketOpened(Conn(1)));
        assert_eq!(world.log(), if may_come { "" } else { "ws1 hung up" });
        assert!(world.lives(Transport::Polling));
    }
}

/// Tens of thousands of these lie idle in a server.
#[test]
fn a_session_is_small() {
    assert!(size_of::<Session>() <= 208, "{}", size_of::<Session>());
}
