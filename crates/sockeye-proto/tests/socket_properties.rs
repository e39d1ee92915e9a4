//! Whatever is said comes out as it went in, and whatever else comes in does no harm.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that meets the unexpected stops")]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use proptest::prelude::*;
use sockeye_proto::{
    Group, Part,
    engine::MessageRef,
    socket::{Arguments, Incoming, Mux, MuxConfig, Slot, client, encode::EventWriter, is_reserved},
};

mod socket_tree;

use socket_tree::{Tree, tree};

fn config() -> Arc<MuxConfig> {
    Arc::new(MuxConfig { max_attachments: 1000, ..MuxConfig::default() })
}

fn message(frame: Part<'_>) -> MessageRef<'_> {
    if frame.is_binary() {
        MessageRef::Binary(frame.message())
    } else {
        MessageRef::Text(std::str::from_utf8(frame.message()).expect("text frames are UTF-8"))
    }
}

fn joined(namespace: &str) -> (Mux, Slot, Instant) {
    let now = Instant::now();
    let mut mux = Mux::new(config(), now);
    let connect = client::Client::new(config()).connect(namespace);
    let frame = connect.frames().next().expect("a group has a frame");
    let Ok(Some(Incoming::Connect { slot, .. })) = mux.handle(message(frame), now) else { panic!("refused") };
    mux.admitted(slot);
    (mux, slot, now)
}

/// What a mux says about the last frame of a group; it says nothing about those before.
fn through<'a>(mux: &mut Mux, group: &'a Group, now: Instant) -> Incoming<'a> {
    let mut last = None;
    for frame in group.frames() {
        assert!(last.is_none());
        last = mux.handle(message(frame), now).expect("what we write we can read");
        assert_eq!(mux.buffered() == 0, last.is_some());
    }
    last.expect("a whole packet says something")
}

fn check(arguments: &Arguments, sent: &[Tree]) {
    assert_eq!(&arguments.deserialize_tuple::<Vec<Tree>>().unwrap(), sent);
    assert_eq!(&arguments.deserialize_first::<Tree>().unwrap(), sent.first().unwrap_or(&Tree::Null));
    let attachments: usize = sent.iter().map(Tree::attachments).sum();
    assert_eq!(arguments.attachments().len(), attachments);
    let (a, b, c, d): (Tree, Tree, Tree, Tree) = arguments.deserialize_tuple().unwrap();
    let mut padded = sent.to_vec();
    padded.resize(4, Tree::Null);
    assert_eq!([a, b, c, d].as_slice(), padded);
}

fn namespace() -> impl Strategy<Value = String> {
    prop_oneof![Just("/".to_owned()), "/[^,]{0,12}"]
}

fn write(mut writer: EventWriter, trees: &[Tree]) -> Group {
    for tree in trees {
        writer.arg(tree).unwrap();
    }
    writer.finish()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn events_and_acks_arrive_as_they_were_sent(
        space in namespace(),
        name in any::<String>().prop_filter("free", |name| !is_reserved(name)),
        id in prop::option::of(0..=1_u64 << 53),
        trees in prop::collection::vec(tree(), 0..4),
    ) {
        let (mut mux, joined_slot, now) = joined(&space);
        let sent = write(EventWriter::event(&space, id, &name), &trees);
        let Incoming::Event { slot, ack, name: found, arguments } = through(&mut mux, &sent, now) else { panic!() };
        prop_assert_eq!((slot, ack, &*found), (joined_slot, id, name.as_str()));
        check(&arguments, &trees);

        let answer = write(EventWriter::ack(&space, id.unwrap_or(0)), &trees);
        let Incoming::Ack { slot, id: found, arguments } = through(&mut mux, &answer, now) else { panic!() };
        prop_assert_eq!((slot, found), (joined_slot, id.unwrap_or(0)));
        check(&arguments, &trees);

        // The client reads what a server writes: the same form.
        let mut client = client::Client::new(config());
        for group in [&sent, &answer] {
            let frames: Vec<Part<'_>> = group.frames().collect();
            for (at, frame) in frames.iter().enumerate() {
                let incoming = client.handle(message(*frame), now).unwrap();
                prop_assert_eq!(incoming.is_some(), at + 1 == frames.len());
                if let Some(client::Incoming::Event { namespace, arguments, .. } | client::Incoming::Ack { namespace, arguments, .. }) = incoming {
                    prop_assert_eq!(&*namespace, space.as_str());
                    check(&arguments, &trees);
                }
            }
            prop_assert_eq!(client.buffered(), 0);
        }
    }

    #[test]
    fn a_short_event_borrows_its_name(name in "[a-zé-ü]{1,20}") {
        prop_assume!(!is_reserved(&name));
        let (mut mux, _, now) = joined("/");
        let text = format!("2[\"{name}\",1]");
        let Ok(Some(Incoming::Event { name: found, .. })) = mux.handle(MessageRef::Text(&text), now) else { panic!() };
        prop_assert_eq!(&*found, name.as_str());
        prop_assert!(text.as_bytes().as_ptr_range().contains(&found.as_ptr()));
    }
}

/// Text that is nearly a packet.
fn nearly() -> impl Strategy<Value = String> {
    let payload = prop_oneof![
        Just(String::new()),
        tree().prop_map(|tree| serde_json::to_string(&tree).unwrap()),
        (".{0,8}", prop::collection::vec(tree(), 0..3)).prop_map(|(name, trees)| {
            let trees: String =
                trees.iter().map(|tree| format!(",{}", serde_json::to_string(tree).unwrap())).collect();
            format!("[{}{trees}]", serde_json::to_string(&name).unwrap())
        }),
        prop::collection::vec(
            prop_oneof![
                Just(r#"{"_placeholder":true,"num":0}"#),
                Just(r#"{"num":1,"_placeholder":true}"#),
                Just(r#"{"_placeholder":true}"#),
                Just(r#""x""#),
                Just("7"),
                Just("["),
                Just("]"),
                Just("{}"),
            ],
            0..5
        )
        .prop_map(|parts| format!("[\"x\",{}]", parts.join(","))),
        ".{0,12}",
    ];
    ("[0-7]", "([0-9]{1,2}-)?", "(/[a-c]?,)?", "[0-9 ]{0,2}", payload)
        .prop_map(|(kind, count, space, id, payload)| format!("{kind}{count}{space}{id}{payload}"))
}

#[derive(Clone, Debug)]
enum Act {
    Text(String),
    Binary(Vec<u8>),
    Admitted(usize),
    Refused(usize),
    Left(usize),
    Paused(bool),
    Pass(u64),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => nearly().prop_map(Act::Text),
        2 => Just(Act::Text("0".to_owned())),
        1 => any::<String>().prop_map(Act::Text),
        3 => prop::collection::vec(any::<u8>(), 0..20).prop_map(Act::Binary),
        3 => (0..8_usize).prop_map(Act::Admitted),
        1 => (0..8_usize).prop_map(Act::Refused),
        1 => (0..8_usize).prop_map(Act::Left),
        1 => any::<bool>().prop_map(Act::Paused),
        1 => (0..60_000_u64).prop_map(Act::Pass),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    /// Goes on after violations, which no driver does: nothing may panic even then.
    #[test]
    fn no_sequence_panics_or_holds_more_than_its_budget(acts in prop::collection::vec(act(), 0..40)) {
        let mut now = Instant::now();
        let config = Arc::new(MuxConfig { max_payload: 300, max_namespaces: 2, max_stray: 3, ..MuxConfig::default() });
        let mut mux = Mux::new(Arc::clone(&config), now);
        let mut peer = client::Client::new(config);
        let mut slots: Vec<Slot> = Vec::new();
        for act in acts {
            let nth = |at: usize| slots.get(at % slots.len().max(1)).copied();
            match act {
                Act::Text(text) => {
                    let _ = peer.handle(MessageRef::Text(&text), now);
                    match mux.handle(MessageRef::Text(&text), now) {
                        Ok(Some(Incoming::Connect { slot, .. })) => {
                            prop_assert!(!slots.contains(&slot) && slot.index() < 2);
                            slots.push(slot);
                        }
                        Ok(Some(Incoming::Event { arguments, name, .. })) => {
                            prop_assert!(!is_reserved(&name));
                            check_readable(&arguments);
                        }
                        Ok(Some(Incoming::Ack { arguments, .. })) => check_readable(&arguments),
                        Ok(Some(Incoming::Disconnect { slot })) => prop_assert!(slots.contains(&slot)),
                        Ok(None) | Err(_) => {}
                    }
                }
                Act::Binary(bytes) => {
                    let _ = peer.handle(MessageRef::Binary(&bytes), now);
                    match mux.handle(MessageRef::Binary(&bytes), now) {
                        Ok(Some(Incoming::Event { arguments, .. } | Incoming::Ack { arguments, .. })) => {
                            check_readable(&arguments);
                            prop_assert_eq!(mux.buffered(), 0);
                        }
                        Ok(Some(other)) => prop_assert!(false, "{other:?} from an attachment"),
                        Ok(None) | Err(_) => {}
                    }
                }
                Act::Admitted(at) => nth(at).into_iter().for_each(|slot| mux.admitted(slot)),
                Act::Refused(at) => nth(at).into_iter().for_each(|slot| mux.refused(slot)),
                Act::Left(at) => nth(at).into_iter().for_each(|slot| mux.left(slot)),
                Act::Paused(on) => mux.paused(on, now),
                Act::Pass(millis) => {
                    now += Duration::from_millis(millis);
                    let _ = mux.handle_timeout(now);
                }
            }
            // One attachment may pass the bound before it is refused.
            prop_assert!(mux.buffered() <= 320);
        }
    }
}

/// Reading may fail, but not badly.
fn check_readable(arguments: &Arguments) {
    let _ = arguments.deserialize_first::<Tree>();
    let _ = arguments.deserialize_tuple::<(Option<String>, Tree)>();
    let values = arguments.deserialize_tuple::<Vec<serde_json::Value>>();
    // Lone surrogates and numbers beyond a double are JSON, and no value.
    if let Ok(values) = values {
        let text: Vec<serde_json::Value> = serde_json::from_str(arguments.as_json()).unwrap();
        assert_eq!(values, text);
    }
}
