//! Raw packets and what the server makes of each; the numbers are the lines of the protocol's edge cases they stand for.
#![expect(clippy::panic, reason = "a test that meets the unexpected stops")]

use std::{sync::Arc, time::Instant};

use sockeye_proto::{
    engine::MessageRef,
    socket::{Incoming, Mux, MuxConfig},
};

/// What has happened before the row's messages.
#[derive(Clone, Copy, Debug)]
enum After {
    Nothing,
    Pending,
    Joined,
    Left,
}
use After::{Joined, Left, Nothing, Pending};

/// Messages begin with the Engine.IO type `4`, or with `b:` when they are binary. All but the last are accepted.
const TABLE: &[(u16, After, &[&str], &str)] = &[
    // CONNECT
    (167, Nothing, &["40"], "connect / {}"),
    (168, Nothing, &[r#"40{"token":"123"}"#], r#"connect / {"token":"123"}"#),
    (169, Nothing, &[r#"40/custom,{"a":[1]}"#], r#"connect /custom {"a":[1]}"#),
    (170, Nothing, &["40/"], "connect / {}"),
    (170, Nothing, &["40/,"], "connect / {}"),
    (170, Nothing, &["40/custom"], "connect /custom {}"),
    (172, Nothing, &["40/custom?a=b&c=d,"], "connect /custom?a=b&c=d {}"),
    (173, Nothing, &["40[]"], "invalid payload"),
    (173, Nothing, &[r#"40"x""#], "invalid payload"),
    (173, Nothing, &["40null"], "invalid payload"),
    (173, Nothing, &[r#"40{"a"}"#], "invalid payload"),
    (173, Nothing, &["40{}{}"], "invalid payload"),
    (174, Nothing, &[r#"42["x"]"#], "namespace not joined"),
    (174, Nothing, &["431[]"], "namespace not joined"),
    (174, Nothing, &["41"], "namespace not joined"),
    (177, Joined, &["40"], "namespace already joined"),
    (177, Joined, &["40/,{}"], "namespace already joined"),
    (178, Pending, &["40"], "namespace already joined"),
    (179, Nothing, &["405{}"], "connect / {}"),
    (180, Joined, &["44{}"], "unexpected packet type"),
    (180, Nothing, &[r#"44"no""#], "namespace not joined"),
    (181, Joined, &["41", "40"], "connect / {}"),
    (182, Joined, &[r#"42/other,["x"]"#], "namespace not joined"),
    (182, Joined, &["43/other,1[]"], "namespace not joined"),
    (182, Joined, &["41/other,"], "namespace not joined"),
    (183, Nothing, &["40nope"], "invalid payload"),
    (183, Joined, &[r#"42/Custom,["x"]"#], "namespace not joined"),
    (188, Pending, &[r#"42["x"]"#], "namespace not joined"),
    // EVENT, ACK
    (190, Joined, &["42[]"], "invalid payload"),
    (190, Joined, &["42{}"], "invalid payload"),
    (190, Joined, &[r#"42"x""#], "invalid payload"),
    (190, Joined, &["42[true]"], "invalid payload"),
    (190, Joined, &["42[null]"], "invalid payload"),
    (190, Joined, &["42[{}]"], "invalid payload"),
    (190, Joined, &[r#"42[["x"]]"#], "invalid payload"),
    (191, Joined, &[r#"42[1,"a"]"#], r#"event 1 ["a"]"#),
    (191, Joined, &["42[-1.5e3]"], "event -1.5e3 []"),
    // Without an event there is nothing to call: refused (deliberately, where the reference calls catch-alls).
    (192, Joined, &["42"], "invalid payload"),
    (192, Joined, &["427"], "invalid payload"),
    (193, Joined, &[r#"42["connect"]"#], "reserved event name"),
    (193, Joined, &[r#"42["connect_error",1]"#], "reserved event name"),
    (193, Joined, &[r#"42["disconnect"]"#], "reserved event name"),
    (193, Joined, &[r#"42["disconnecting"]"#], "reserved event name"),
    (193, Joined, &[r#"42["newListener"]"#], "reserved event name"),
    (193, Joined, &[r#"42["removeListener"]"#], "reserved event name"),
    (193, Joined, &[r#"42["\u0063onnect"]"#], "reserved event name"),
    (193, Joined, &[r#"451-["connect",{"_placeholder":true,"num":0}]"#], "reserved event name"),
    (194, Joined, &[r#"42["error"]"#], "event error []"),
    (194, Joined, &[r#"42["connection",{}]"#], "event connection [{}]"),
    (194, Joined, &[r#"42["message","hi"]"#], r#"event message ["hi"]"#),
    (195, Joined, &[r#"42["x"]x"#], "invalid payload"),
    (195, Joined, &[r#"42["x"]["y"]"#], "invalid payload"),
    (196, Joined, &["47"], "unknown packet type"),
    (196, Joined, &[r#"49["x"]"#], "unknown packet type"),
    (197, Joined, &[r#"42007["x"]"#], "event x ack 7 []"),
    (197, Joined, &[r#"421.5["x"]"#], "invalid payload"),
    (197, Joined, &[r#"42-1["x"]"#], "invalid payload"),
    (197, Joined, &[r#"42 1["x"]"#], "event x ack 1 []"),
    (198, Joined, &[r#"429007199254740992["x"]"#], "event x ack 9007199254740992 []"),
    (198, Joined, &[r#"429007199254740993["x"]"#], "illegal ack id"),
    (198, Joined, &[r#"4299999999999999999999999["x"]"#], "illegal ack id"),
    (203, Joined, &["4399[]"], "ack 99 []"),
    (203, Joined, &["43[]"], "ignored"),
    (203, Joined, &["431"], "ignored"),
    (204, Joined, &["431{}"], "invalid payload"),
    (204, Joined, &[r#"431"x""#], "invalid payload"),
    (205, Joined, &["41", r#"42["x"]"#], "ignored"),
    (206, Joined, &[r#"42["x"]"#, "41"], "disconnect"),
    (210, Joined, &[r#"42["__proto__",{"__proto__":1}]"#], r#"event __proto__ [{"__proto__":1}]"#),
    (211, Joined, &[r#"42["😀","\ud83d","å"]"#], r#"event 😀 ["\ud83d","å"]"#),
    (213, Joined, &[r#"42["x",null]"#], "event x [null]"),
    (215, Joined, &[r#"42["x",false]"#], "event x [false]"),
    (216, Joined, &["4"], "empty packet"),
    (216, Joined, &["4hello"], "unknown packet type"),
    (217, Joined, &["b:"], "got binary data when not reconstructing a packet"),
    // Binary
    (219, Joined, &[r#"451-["x",{"_placeholder":true,"num":0}]"#, "b:one"], "event x [#0] one"),
    (
        220,
        Joined,
        &[
            r#"452-["x",{"a":[{"_placeholder":true,"num":0}],"b":{"_placeholder":true,"num":1}}]"#,
            "b:1",
            "b:2",
        ],
        r#"event x [{"a":[#0],"b":#1}] 1 2"#,
    ),
    // Each copy would cost a handler the whole attachment again: refused (deliberately).
    (
        221,
        Joined,
        &[r#"451-["x",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]"#],
        "illegal attachments",
    ),
    (222, Joined, &[r#"452-["x",{"_placeholder":true,"num":1}]"#, "b:1", "b:2"], "event x [#1] 1 2"),
    (223, Joined, &[r#"451-["x",{"_placeholder":true,"num":1}]"#], "illegal attachments"),
    (223, Joined, &[r#"451-["x",{"_placeholder":true,"num":-1}]"#], "illegal attachments"),
    (223, Joined, &[r#"451-["x",{"_placeholder":true,"num":"0"}]"#], "illegal attachments"),
    (223, Joined, &[r#"451-["x",{"_placeholder":true}]"#], "illegal attachments"),
    (224, Joined, &[r#"451-["x",{"_placeholder":true,"num":0.5}]"#], "illegal attachments"),
    (225, Joined, &[r#"42["x",{"_placeholder":true,"num":0}]"#], "event x [#0]"),
    (226, Joined, &[r#"450-["x"]"#], "event x []"),
    (226, Joined, &[r#"45-["x"]"#], "illegal attachments"),
    (226, Joined, &[r#"45a-["x"]"#], "illegal attachments"),
    (226, Joined, &[r#"451["x"]"#], "illegal attachments"),
    (226, Joined, &[r#"45-1-["x"]"#], "illegal attachments"),
    (226, Joined, &[r#"451.5-["x"]"#], "illegal attachments"),
    (226, Joined, &["45"], "illegal attachments"),
    (227, Joined, &[r#"451e1-["x"]"#], "ignored"),
    (228, Joined, &[r#"4510-["x"]"#], "ignored"),
    (228, Joined, &[r#"4511-["x"]"#], "too many attachments"),
    (228, Joined, &[r#"451000000000-["x"]"#], "too many attachments"),
    (229, Joined, &["b:x"], "got binary data when not reconstructing a packet"),
    (229, Joined, &[r#"451-["x"]"#, "b:1", "b:2"], "got binary data when not reconstructing a packet"),
    (230, Joined, &[r#"451-["x"]"#, r#"42["y"]"#], "got plaintext data when reconstructing a packet"),
    (230, Joined, &[r#"451-["x"]"#, "40/other,"], "got plaintext data when reconstructing a packet"),
    (235, Joined, &[r#"451-["x",{"_placeholder":true,"num":0}]"#, "b:"], "event x [#0] "),
    (235, Joined, &[r#"461-5[{"_placeholder":true,"num":0}]"#, "b:y"], "ack 5 [#0] y"),
    // Disconnect
    (295, Joined, &["41"], "disconnect"),
    (295, Joined, &["41{}"], "invalid payload"),
    (296, Left, &[r#"42["x"]"#], "ignored"),
    (296, Left, &["41"], "ignored"),
    (296, Left, &["40"], "connect / {}"),
];

#[test]
fn every_row_has_its_outcome() {
    let wrong: Vec<String> = TABLE
        .iter()
        .filter_map(|(line, after, messages, expected)| {
            let found = outcome(*after, messages);
            (found != *expected)
                .then(|| format!("{line}: {messages:?} after {after:?}: {found}, not {expected}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn outcome(after: After, messages: &[&str]) -> String {
    let now = Instant::now();
    let mut mux = Mux::new(Arc::new(MuxConfig::default()), now);
    if !matches!(after, Nothing) {
        let Ok(Some(Incoming::Connect { slot, .. })) = mux.handle(MessageRef::Text("0"), now) else {
            panic!("a CONNECT is accepted")
        };
        if !matches!(after, Pending) {
            mux.admitted(slot);
        }
        if matches!(after, Left) {
            mux.left(slot);
        }
    }
    let mut last = String::new();
    for (at, raw) in messages.iter().enumerate() {
        let message = match raw.strip_prefix("b:") {
            Some(bytes) => MessageRef::Binary(bytes.as_bytes()),
            None => MessageRef::Text(raw.strip_prefix('4').unwrap_or_default()),
        };
        match mux.handle(message, now) {
            Ok(incoming) => {
                last = incoming.map_or_else(|| "ignored".to_owned(), |incoming| describe(&incoming))
            }
            Err(violation) if at + 1 == messages.len() => last = violation.to_string(),
            Err(violation) => panic!("{raw} of {messages:?}: {violation}"),
        }
    }
    last
}

fn describe(incoming: &Incoming<'_>) -> String {
    let short = |arguments: &sockeye_proto::socket::Arguments| {
        let mut text = arguments.as_json().to_owned();
        for num in 0..10 {
            text = text.replace(&format!(r#"{{"_placeholder":true,"num":{num}}}"#), &format!("#{num}"));
        }
        for attachment in arguments.attachments() {
            text.push(' ');
            text.push_str(&String::from_utf8_lossy(attachment));
        }
        text
    };
    match incoming {
        Incoming::Connect { namespace, auth, .. } => {
            format!("connect {namespace} {}", String::from_utf8_lossy(auth))
        }
        Incoming::Event { ack: None, name, arguments, .. } => format!("event {name} {}", short(arguments)),
        Incoming::Event { ack: Some(id), name, arguments, .. } => {
            format!("event {name} ack {id} {}", short(arguments))
        }
        Incoming::Ack { id, arguments, .. } => format!("ack {id} {}", short(arguments)),
        Incoming::Disconnect { .. } => "disconnect".to_owned(),
    }
}
