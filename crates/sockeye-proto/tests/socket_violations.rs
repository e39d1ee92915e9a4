//! Each way of breaking the Socket.IO protocol: the shortest conversation that does it, and the violation it is.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use sockeye_proto::{
    engine::MessageRef,
    socket::{Incoming, Mux, MuxConfig, Violation},
};

/// One step of a client that has joined `/`.
#[derive(Clone, Copy, Debug)]
enum Step {
    Text(&'static str),
    Binary(&'static [u8]),
    Pass(Duration),
}
use Step::{Binary, Pass, Text};

const ONE_ATTACHMENT: Step = Text(r#"51-["x",{"_placeholder":true,"num":0}]"#);
const HALF_A_MINUTE: Duration = Duration::from_secs(30);

/// All steps but the last are accepted.
const BREACHES: &[(Violation, &[Step])] = &[
    (Violation::EmptyPacket, &[Text("")]),
    (Violation::UnknownPacketType, &[Text("7")]),
    (Violation::IllegalAttachments, &[Text(r#"5x-["x"]"#)]),
    (Violation::TooManyAttachments, &[Text(r#"53-["x"]"#)]),
    (Violation::IllegalAckId, &[Text(r#"29007199254740993["x"]"#)]),
    (Violation::NamespaceTooLong, &[Text("0/namespace,")]),
    (Violation::InvalidPayload, &[Text("2[]")]),
    (Violation::PayloadTooDeep, &[Text(r#"2["x",[1]]"#), Text(r#"2["x",[[1]]]"#)]),
    (Violation::PayloadTooDeep, &[Text(r#"0/a,{"a":1}"#), Text(r#"0/b,{"a":{"b":[1]}}"#)]),
    (Violation::PayloadTooDeep, &[Text("31[[1]]"), Text("31[[[1]]]")]),
    (Violation::ReservedEvent, &[Text(r#"2["connect"]"#)]),
    (Violation::UnexpectedBinary, &[Binary(b"x")]),
    (Violation::InterruptedAttachments, &[ONE_ATTACHMENT, Text(r#"2["y"]"#)]),
    (Violation::PacketTooLarge, &[ONE_ATTACHMENT, Binary(&[0; 100])]),
    (Violation::AttachmentTimeout, &[ONE_ATTACHMENT, Pass(HALF_A_MINUTE)]),
    (Violation::NotJoined, &[Text(r#"2/other,["x"]"#)]),
    (Violation::AlreadyJoined, &[Text("0")]),
    (Violation::TooManyNamespaces, &[Text("0/a,"), Text("0/b,")]),
    (Violation::UnexpectedPacketType, &[Text("4{}")]),
    (Violation::TooManyStray, &[Text("31"), Text("31"), Text("31")]),
];

fn config() -> Arc<MuxConfig> {
    Arc::new(MuxConfig {
        max_attachments: 2,
        max_depth: 2,
        max_payload: 120,
        max_namespaces: 2,
        max_namespace_len: 9,
        max_stray: 2,
        ..MuxConfig::default()
    })
}

fn take(mux: &mut Mux, step: Step, now: &mut Instant) -> Result<(), Violation> {
    let message = match step {
        Text(text) => MessageRef::Text(text),
        Binary(bytes) => MessageRef::Binary(bytes),
        Pass(time) => {
            *now += time;
            return mux.handle_timeout(*now);
        }
    };
    mux.handle(message, *now).map(drop)
}

#[test]
fn every_violation_has_a_conversation_that_is_it() {
    for (violation, steps) in BREACHES {
        let mut now = Instant::now();
        let mut mux = Mux::new(config(), now);
        let Ok(Some(Incoming::Connect { slot, .. })) = mux.handle(MessageRef::Text("0"), now) else {
            panic!("a CONNECT is accepted")
        };
        mux.admitted(slot);
        let (last, before) = steps.split_last().unwrap_or_else(|| panic!("{violation} has no steps"));
        for step in before {
            assert_eq!(take(&mut mux, *step, &mut now), Ok(()), "{violation}: {step:?} is fine");
        }
        assert_eq!(take(&mut mux, *last, &mut now), Err(*violation), "{last:?}");
    }
}

#[test]
fn who_joins_nothing_in_time_breaks_the_protocol_too() {
    let mut now = Instant::now();
    let mut mux = Mux::new(config(), now);
    assert_eq!(take(&mut mux, Pass(Duration::from_millis(44_999)), &mut now), Ok(()));
    assert_eq!(take(&mut mux, Pass(Duration::from_millis(1)), &mut now), Err(Violation::ConnectTimeout));
}
