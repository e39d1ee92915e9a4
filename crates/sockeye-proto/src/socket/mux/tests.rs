//! Slots, deadlines and bounds.

use std::time::Duration;

use super::*;

struct World {
    mux: Mux,
    now: Instant,
}

impl World {
    fn new() -> Self {
        Self::with(MuxConfig::default())
    }

    fn with(config: MuxConfig) -> Self {
        let now = Instant::now();
        Self { mux: Mux::new(Arc::new(config), now), now }
    }

    fn text<'a>(&mut self, text: &'a str) -> Result<Option<Incoming<'a>>, Violation> {
        self.mux.handle(MessageRef::Text(text), self.now)
    }

    fn binary(&mut self, bytes: &[u8]) -> Result<Option<Incoming<'static>>, Violation> {
        let now = self.now;
        Ok(match self.mux.handle(MessageRef::Binary(bytes), now)? {
            None => None,
            Some(Incoming::Event { slot, ack, name, arguments }) => {
                Some(Incoming::Event { slot, ack, name: name.keep(), arguments })
            }
            Some(Incoming::Ack { slot, id, arguments }) => Some(Incoming::Ack { slot, id, arguments }),
            Some(other) => panic!("{other:?} from a binary message"),
        })
    }

    fn connect(&mut self, text: &str) -> Slot {
        match self.text(text) {
            Ok(Some(Incoming::Connect { slot, .. })) => slot,
            other => panic!("{other:?}"),
        }
    }

    fn join(&mut self, text: &str) -> Slot {
        let slot = self.connect(text);
        self.mux.admitted(slot);
        slot
    }

    fn pass(&mut self, time: Duration) {
        self.now += time;
    }
}

const TICK: Duration = Duration::from_millis(1);

#[test]
fn a_connect_says_namespace_and_auth() {
    let mut world = World::new();
    for (text, name, json) in [
        ("0", "/", "{}"),
        (r#"0/chat?room=1,{"token":"123"}"#, "/chat?room=1", r#"{"token":"123"}"#),
        (r#"05{"ack":"ignored"}"#, "/", r#"{"ack":"ignored"}"#),
    ] {
        let Ok(Some(Incoming::Connect { slot, namespace, auth })) = world.text(text) else {
            panic!("{text}")
        };
        assert_eq!((namespace, auth.as_slice()), (name, json.as_bytes()));
        world.mux.refused(slot);
    }
}

#[test]
fn a_second_connect_is_a_violation_until_the_slot_is_free() {
    let mut world = World::new();
    let slot = world.connect("0");
    assert_eq!(world.text("0").unwrap_err(), Violation::AlreadyJoined);
    world.mux.refused(slot);
    let slot = world.join("0");
    assert_eq!(world.text("0/,").unwrap_err(), Violation::AlreadyJoined);
    assert!(world.text("0/other,").is_ok());
    world.mux.left(slot);
    assert_ne!(world.join("0"), slot);
}

#[test]
fn what_is_said_late_of_an_old_slot_does_not_meet_the_new_one() {
    let mut world = World::new();
    let old = world.join("0");
    assert!(matches!(world.text("1"), Ok(Some(Incoming::Disconnect { slot })) if slot == old));
    let new = world.connect("0");
    assert_eq!(old.index(), new.index());
    world.mux.left(old);
    world.mux.refused(old);
    world.mux.admitted(old);
    assert_eq!(world.text(r#"2["x"]"#).unwrap_err(), Violation::NotJoined, "still pending");
    world.mux.admitted(new);
    assert!(matches!(world.text(r#"2["x"]"#), Ok(Some(Incoming::Event { slot, .. })) if slot == new));
}

#[test]
fn packets_need_a_joined_namespace() {
    for text in [r#"2["x"]"#, "31[]", "1", r#"51-["x",{"_placeholder":true,"num":0}]"#, "4{}", "3"] {
        let mut world = World::new();
        assert_eq!(world.text(text).unwrap_err(), Violation::NotJoined, "{text}: nothing joined");
        world.connect("0");
        assert_eq!(world.text(text).unwrap_err(), Violation::NotJoined, "{text}: pending");
        let mut world = World::new();
        world.join("0/other,");
        assert_eq!(world.text(text).unwrap_err(), Violation::NotJoined, "{text}: another joined");
        assert_eq!(world.mux.buffered(), 0);
    }
}

#[test]
fn a_namespace_the_server_left_ignores_what_was_under_way() {
    let mut world = World::with(MuxConfig { max_stray: 5, ..MuxConfig::default() });
    let slot = world.join("0/chat,");
    world.mux.left(slot);
    world.pass(Duration::from_secs(5));
    assert!(matches!(world.text(r#"2/chat,["x"]"#), Ok(None)));
    assert!(matches!(world.text("3/chat,1[]"), Ok(None)));
    assert!(matches!(world.text(r#"51-/chat,["x",{"_placeholder":true,"num":0}]"#), Ok(None)));
    assert!(matches!(world.binary(b"b"), Ok(None)));
    assert!(matches!(world.text("1/chat,"), Ok(None)));
    assert!(matches!(world.text("3/chat,1"), Ok(None)));
    assert_eq!(world.text(r#"2/chat,["x"]"#).unwrap_err(), Violation::TooManyStray);
    assert_eq!(world.text("2/chat").unwrap_err(), Violation::InvalidPayload);
}

#[test]
fn strays_are_counted_by_the_minute() {
    let mut world = World::with(MuxConfig { max_stray: 3, ..MuxConfig::default() });
    world.join("0");
    for _ in 0..4 {
        for _ in 0..3 {
            assert!(matches!(world.text("3[]"), Ok(None)), "an ack without an id");
        }
        world.pass(Duration::from_secs(60));
    }
    for _ in 0..3 {
        assert!(world.text("31").is_ok());
    }
    world.pass(Duration::from_millis(59_999));
    assert_eq!(world.text("3[]").unwrap_err(), Violation::TooManyStray);
}

#[test]
fn answers_to_questions_nobody_asked_are_bounded_like_other_strays() {
    let mut world = World::with(MuxConfig { max_stray: 3, ..MuxConfig::default() });
    world.join("0");
    world.text("3[]").unwrap();
    for id in ["30[]", "31[]"] {
        assert!(matches!(world.text(id), Ok(Some(Incoming::Ack { .. }))));
        let now = world.now;
        assert_eq!(world.mux.unasked(now), Ok(()));
    }
    let now = world.now;
    assert_eq!(world.mux.unasked(now), Err(Violation::TooManyStray));
    world.pass(Duration::from_secs(60));
    let now = world.now;
    assert_eq!(world.mux.unasked(now), Ok(()));
}

#[test]
fn the_client_leaving_ends_its_burst_quietly_and_later_packets_loudly() {
    let mut world = World::new();
    world.join("0");
    assert!(matches!(world.text("1"), Ok(Some(Incoming::Disconnect { .. }))));
    assert!(matches!(world.text(r#"2["x"]"#), Ok(None)), "in the same burst");
    world.pass(9 * TICK);
    assert!(
        matches!(world.text(r#"2["x"]"#), Ok(None)),
        "a burst is read packet by packet, and the clock goes on"
    );
    world.pass(TICK);
    assert_eq!(world.text(r#"2["x"]"#).unwrap_err(), Violation::NotJoined);
    assert!(world.text("0").is_ok());
}

#[test]
fn a_pause_in_the_middle_of_a_burst_does_not_end_it() {
    let mut world = World::new();
    world.join("0");
    world.text("1").unwrap();
    world.pass(TICK);
    let now = world.now;
    world.mux.paused(true, now);
    world.pass(Duration::from_secs(1));
    let now = world.now;
    world.mux.paused(false, now);
    assert!(matches!(world.text(r#"2["x"]"#), Ok(None)));
    world.pass(9 * TICK);
    assert_eq!(world.text(r#"2["x"]"#).unwrap_err(), Violation::NotJoined);
}

#[test]
fn the_server_leaving_between_header_and_attachment_drops_the_packet() {
    let mut world = World::new();
    let slot = world.join("0");
    world.text(r#"51-["x",{"_placeholder":true,"num":0}]"#).unwrap();
    world.mux.left(slot);
    assert!(matches!(world.binary(b"late"), Ok(None)));
    assert_eq!(world.mux.buffered(), 0);
}

#[test]
fn the_connect_timeout_ends_with_the_first_join_alone() {
    let config = MuxConfig::default();
    let timeout = config.connect_timeout;
    let mut world = World::with(config);
    let refused = world.connect("0");
    world.mux.refused(refused);
    world.connect("0/pending,");
    assert_eq!(world.mux.timeout(), Some(world.now + timeout));
    world.pass(timeout - TICK);
    let now = world.now;
    assert_eq!(world.mux.handle_timeout(now), Ok(()));
    assert_eq!(world.mux.handle_timeout(now + TICK), Err(Violation::ConnectTimeout));
    let slot = world.join("0");
    assert_eq!(world.mux.timeout(), None);
    world.mux.left(slot);
    world.pass(10 * timeout);
    let now = world.now;
    assert_eq!((world.mux.timeout(), world.mux.handle_timeout(now)), (None, Ok(())));
}

#[test]
fn attachments_have_one_deadline_which_stands_still_while_nothing_is_read() {
    let config = MuxConfig::default();
    let timeout = config.attachment_timeout;
    let mut world = World::with(config);
    world.join("0");
    world.text(r#"52-["x",{"_placeholder":true,"num":0}]"#).unwrap();
    let deadline = world.now + timeout;
    world.pass(timeout - TICK);
    world.binary(b"first").unwrap();
    assert_eq!(world.mux.timeout(), Some(deadline), "an attachment does not extend it");
    let pause = Duration::from_secs(3600);
    let now = world.now;
    world.mux.paused(true, now);
    world.mux.paused(true, now + TICK);
    assert_eq!((world.mux.timeout(), world.mux.handle_timeout(now + pause)), (None, Ok(())));
    world.pass(pause);
    let now = world.now;
    world.mux.paused(false, now);
    world.mux.paused(false, now + pause);
    assert_eq!(world.mux.timeout(), Some(deadline + pause));
    assert_eq!(world.mux.handle_timeout(deadline + pause - TICK), Ok(()));
    assert_eq!(world.mux.handle_timeout(deadline + pause), Err(Violation::AttachmentTimeout));
    assert_eq!(world.mux.buffered(), 0);
}

#[test]
fn a_packet_and_its_attachments_share_one_budget() {
    let header = r#"52-["x",{"_placeholder":true,"num":0}]"#;
    for (spare, fits) in [(0, true), (1, false)] {
        let mut world = World::with(MuxConfig { max_payload: header.len() + 100, ..MuxConfig::default() });
        world.join("0");
        world.text(header).unwrap();
        world.binary(&[7; 60]).unwrap();
        assert!(world.mux.buffered() >= 60);
        let last = world.binary(&vec![7; 40 + spare]);
        assert_eq!(last.is_ok(), fits);
        if !fits {
            assert_eq!(last.unwrap_err(), Violation::PacketTooLarge);
        }
    }
    let mut world = World::with(MuxConfig { max_payload: header.len() - 1, ..MuxConfig::default() });
    world.join("0");
    assert_eq!(world.text(header).unwrap_err(), Violation::PacketTooLarge);
}

#[test]
fn namespaces_are_bounded_and_left_ones_give_way() {
    let mut world = World::with(MuxConfig { max_namespaces: 2, ..MuxConfig::default() });
    let first = world.join("0/a,");
    world.connect("0/b,");
    assert_eq!(world.text("0/c,").unwrap_err(), Violation::TooManyNamespaces);
    world.mux.left(first);
    let third = world.connect("0/c,");
    assert_eq!(third.index(), first.index());
    assert_eq!(world.text("0/d,").unwrap_err(), Violation::TooManyNamespaces);
}

#[test]
fn a_session_that_waits_is_small() {
    let mut world = World::new();
    world.join("0");
    assert!(size_of::<Mux>() <= 128, "{}", size_of::<Mux>());
    assert_eq!(world.mux.buffered(), 0);
}

#[test]
fn an_attachment_is_bytes_again() {
    let mut world = World::new();
    world.join("0/chat,");
    world.text(r#"52-/chat,7["x",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]"#).unwrap();
    assert!(matches!(world.binary(b""), Ok(None)));
    let Ok(Some(Incoming::Event { ack: Some(7), name, arguments, .. })) = world.binary(b"two") else {
        panic!()
    };
    assert_eq!(name, "x");
    let (two, none): (bytes::Bytes, bytes::Bytes) = arguments.deserialize_tuple().unwrap();
    assert_eq!((&two[..], &none[..]), (&b"two"[..], &b""[..]));
    assert!(matches!(world.text("61-/chat,3[{\"_placeholder\":true,\"num\":0}]"), Ok(None)));
    assert!(matches!(world.binary(b"y"), Ok(Some(Incoming::Ack { id: 3, .. }))));
}
