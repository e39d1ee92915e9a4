//! What goes on the wire.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;
use serde::Serialize;
use serde_json::json;

use super::*;
use crate::Part;

fn wire(group: &Group) -> Vec<String> {
    group.frames().map(|frame| String::from_utf8_lossy(frame.message()).into_owned()).collect()
}

fn event(arg: &(impl Serialize + ?Sized)) -> Vec<String> {
    let mut writer = EventWriter::event("/", None, "e");
    writer.arg(arg).unwrap();
    wire(&writer.finish())
}

#[test]
fn packets_look_as_the_protocol_says() {
    assert_eq!(wire(&EventWriter::event("/", None, "a").finish()), [r#"2["a"]"#]);
    assert_eq!(wire(&EventWriter::event("/chat", Some(12), "a\"b").finish()), [r#"2/chat,12["a\"b"]"#]);
    assert_eq!(wire(&EventWriter::ack("/", 0).finish()), ["30[]"]);
    assert_eq!(wire(&EventWriter::ack("/chat", u64::MAX).finish()), ["3/chat,18446744073709551615[]"]);
    let mut ack = EventWriter::ack("/chat", 1);
    ack.arg(&Bytes::from_static(b"x")).unwrap();
    ack.arg(&2).unwrap();
    assert_eq!(wire(&ack.finish()), [r#"61-/chat,1[{"_placeholder":true,"num":0},2]"#, "x"]);
    assert_eq!(wire(&connect("/", &json!({"sid":"x"}))), [r#"0{"sid":"x"}"#]);
    assert_eq!(wire(&connect("/chat", &json!({"sid":"x"}))), [r#"0/chat,{"sid":"x"}"#]);
    assert_eq!(wire(&connect_error("/chat", &json!({"message":"no"}))), [r#"4/chat,{"message":"no"}"#]);
    assert_eq!(wire(&disconnect("/")), ["1"]);
    assert_eq!(wire(&disconnect("/chat")), ["1/chat,"]);
    assert_eq!(wire(&bare(PacketType::Connect, "/")), ["0"]);
}

#[test]
fn an_ack_may_learn_last_what_it_answers() {
    let mut writer = EventWriter::unaddressed();
    writer.arg("x").unwrap();
    writer.arg(&1).unwrap();
    let arguments = writer.seal();
    assert_eq!(arguments.json(), r#"["x",1]"#);
    assert_eq!(wire(&arguments.clone().into_ack("/", 3)), [r#"33["x",1]"#]);
    let long = "/".repeat(100);
    assert_eq!(wire(&arguments.into_ack(&long, u64::MAX)), [format!(r#"3{long},{}["x",1]"#, u64::MAX)]);
    assert_eq!(wire(&EventWriter::unaddressed().seal().into_ack("/chat", 0)), ["3/chat,0[]"]);
    let mut writer = EventWriter::unaddressed();
    writer.arg(&Bytes::from_static(b"ab")).unwrap();
    let arguments = writer.seal();
    assert_eq!(arguments.attachments().collect::<Vec<_>>(), [b"ab"]);
    assert_eq!(wire(&arguments.into_ack("/chat", 5)), [r#"61-/chat,5[{"_placeholder":true,"num":0}]"#, "ab"]);
}

#[test]
fn arguments_go_on_as_they_came() {
    let placeholder = r#"{"_placeholder":true,"num":0}"#;
    let file = Arguments::with_attachments(&format!("[ 1, {placeholder} ]"), vec![Bytes::from_static(b"ab")]);
    let file = file.unwrap();
    let raw = |arguments: &Arguments, before: Option<&Bytes>| {
        let mut writer = EventWriter::event("/", Some(1), "e");
        before.into_iter().for_each(|before| writer.arg(before).unwrap());
        let result = writer.raw(arguments);
        (result.is_ok(), wire(&writer.finish()))
    };
    let texts =
        |first: &str, rest: &[&str]| [&[first], rest].concat().into_iter().map(str::to_owned).collect();
    assert_eq!(raw(&Arguments::default(), None), (true, texts(r#"21["e"]"#, &[])));
    assert_eq!(raw(&Arguments::json("[ ]").unwrap(), None), (true, texts(r#"21["e"]"#, &[])));
    let odd = r#"["\u00e9",1.50, [ ] ]"#;
    assert_eq!(
        raw(&Arguments::json(odd).unwrap(), None),
        (true, texts(r#"21["e","\u00e9",1.50, [ ]]"#, &[])),
        "nothing is written anew"
    );
    assert_eq!(raw(&file, None), (true, texts(&format!(r#"51-1["e",1, {placeholder}]"#), &["ab"])));
    let first = Bytes::from_static(b"x");
    let alone = texts(&format!(r#"51-1["e",{placeholder}]"#), &["x"]);
    assert_eq!(raw(&file, Some(&first)), (false, alone), "two of the same number");
}

#[test]
fn frames_say_whether_they_are_binary() {
    let mut writer = EventWriter::event("/", None, "e");
    writer.arg(&(Bytes::from_static(b""), 1)).unwrap();
    let group = writer.finish();
    assert_eq!(group.frames().map(Part::is_binary).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn bytes_are_lifted_from_every_kind_of_value() {
    #[derive(Serialize)]
    struct Newtype(Bytes);
    #[derive(Serialize)]
    struct Pair(Bytes, u8);
    #[derive(Serialize)]
    enum Kind {
        Newtype(Bytes),
        Tuple(u8, Bytes),
        Struct { data: Bytes },
        Unit,
    }
    #[derive(Serialize)]
    struct All {
        plain: Bytes,
        option: Option<Bytes>,
        none: Option<Bytes>,
        seq: Vec<Bytes>,
        tuple: (u8, Bytes),
        newtype: Newtype,
        pair: Pair,
        kinds: Vec<Kind>,
        map: BTreeMap<u8, Bytes>,
        unit: (),
    }
    let bytes = |text: &'static str| Bytes::from_static(text.as_bytes());
    let all = All {
        plain: bytes("0"),
        option: Some(bytes("1")),
        none: None,
        seq: vec![bytes("2"), bytes("3")],
        tuple: (7, bytes("4")),
        newtype: Newtype(bytes("5")),
        pair: Pair(bytes("6"), 7),
        kinds: vec![
            Kind::Newtype(bytes("7")),
            Kind::Tuple(7, bytes("8")),
            Kind::Struct { data: bytes("9") },
            Kind::Unit,
        ],
        map: BTreeMap::from([(7, bytes("10"))]),
        unit: (),
    };
    let wire = event(&all);
    let hole = |num: u8| json!({"_placeholder": true, "num": num});
    let expected = json!(["e", {
        "plain": hole(0), "option": hole(1), "none": null, "seq": [hole(2), hole(3)], "tuple": [7, hole(4)],
        "newtype": hole(5), "pair": [hole(6), 7],
        "kinds": [{"Newtype": hole(7)}, {"Tuple": [7, hole(8)]}, {"Struct": {"data": hole(9)}}, "Unit"],
        "map": {"7": hole(10)}, "unit": null,
    }]);
    let text = wire[0].strip_prefix("511-").unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(text).unwrap(), expected);
    assert_eq!(wire[1..], ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]);
}

#[test]
fn scalars_are_written_as_json_has_them() {
    assert_eq!(event(&f64::NAN), [r#"2["e",null]"#]);
    assert_eq!(event("\u{1e}é\n"), [r#"2["e","\u001eé\n"]"#]);
    assert_eq!(event(&u64::MAX), [r#"2["e",18446744073709551615]"#]);
    assert_eq!(event(&[0_u8, 1]), [r#"2["e",[0,1]]"#]);
}

#[test]
fn a_failed_argument_leaves_the_packet_as_it_was() {
    #[derive(Serialize)]
    struct Bad(Bytes, HashMap<(u8, u8), u8>);
    let bad = Bad(Bytes::from_static(b"lost"), HashMap::from([((1, 2), 3)]));
    let mut writer = EventWriter::event("/", None, "e");
    writer.arg(&Bytes::from_static(b"kept")).unwrap();
    let error = writer.arg(&bad).unwrap_err();
    assert_eq!(error.to_string(), "cannot be written as JSON: key must be a string");
    writer.arg(&2).unwrap();
    assert_eq!(wire(&writer.finish()), [r#"51-["e",{"_placeholder":true,"num":0},2]"#, "kept"]);
    assert_eq!(wire(&connect("/", &bad.1)), ["0{}"]);
    assert_eq!(wire(&connect_error("/", &bad.1)), [r#"4{"message":"internal error"}"#]);
}

#[test]
fn raw_json_and_its_kind_pass_untouched() {
    let raw = |text: &str| serde_json::value::RawValue::from_string(text.to_owned()).unwrap();
    for text in ["1", "null", "[1, 2]", r#""plain""#, r#""a\nb""#, r#"{"a":"b"}"#] {
        assert_eq!(event(&raw(text)), [format!(r#"2["e",{text}]"#)]);
        assert_eq!(event(&[Some(raw(text))]), [format!(r#"2["e",[{text}]]"#)]);
    }
}

proptest::proptest! {
    #[test]
    fn strings_are_written_as_by_the_json_library(text in "(\\PC|[\"\\\\\u{0}-\u{1f}\u{7f}]){0,80}", key in ".{0,9}") {
        let value = json!({ key.as_str(): [&text], "same": &text });
        proptest::prop_assert_eq!(event(&value), [format!(r#"2["e",{value}]"#)]);
        let event = wire(&EventWriter::event("/", None, &text).finish());
        proptest::prop_assert_eq!(event, [format!("2[{}]", json!(text))]);
    }
}
