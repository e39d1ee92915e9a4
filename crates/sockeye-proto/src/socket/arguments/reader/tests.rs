//! The reader against the JSON library.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    fmt::Debug,
    path::PathBuf,
};

use bytes::Bytes;
use proptest::prelude::*;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};

use super::{super::Arguments, Reader};
use crate::socket::scan::tests::json;

#[derive(Debug, Deserialize, PartialEq)]
struct Name(String);

#[derive(Debug, Deserialize, PartialEq)]
struct Nothing;

#[derive(Debug, Deserialize, PartialEq)]
enum Kind {
    #[serde(rename = "x")]
    X,
    Y(u8),
    Z {
        a: Vec<Self>,
    },
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(untagged)]
enum Either {
    Number(u8),
    Text(Option<String>),
    Other(Value),
}

#[derive(Debug, Deserialize, PartialEq)]
struct Record {
    a: Option<i64>,
    #[serde(default)]
    b: Vec<f64>,
    c: Option<Box<Self>>,
    #[serde(default)]
    d: BTreeMap<String, Value>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Strict {
    a: Option<String>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Flat {
    a: Option<Value>,
    #[serde(flatten)]
    rest: HashMap<String, Value>,
}

fn agrees<T: DeserializeOwned + PartialEq + Debug>(text: &str) {
    let judge = serde_json::from_str::<T>(text).ok();
    let arguments = Arguments::json(&format!("[ {text} ,1]")).unwrap();
    assert_eq!(arguments.deserialize_first::<T>().ok(), judge, "{text}");
    // Whatever it dares to read has to be right, too.
    if let Ok(value) = T::deserialize(&mut Reader::new(text)) {
        assert_eq!(Some(value), judge, "{text}");
    }
    let judge = serde_json::from_str::<(u8, T, Value)>(&format!("[7, {text} ,1]")).ok();
    let arguments = Arguments::json(&format!("[7, {text} ,1,2]")).unwrap();
    assert_eq!(arguments.deserialize_tuple::<(u8, T, Value)>().ok(), judge, "{text}");
}

fn every_type_agrees(text: &str) {
    agrees::<String>(text);
    agrees::<Option<Name>>(text);
    agrees::<Option<Nothing>>(text);
    agrees::<Box<Cow<'static, str>>>(text);
    agrees::<Value>(text);
    agrees::<Either>(text);
    agrees::<Kind>(text);
    agrees::<Option<Kind>>(text);
    agrees::<char>(text);
    agrees::<PathBuf>(text);
    agrees::<Bytes>(text);
    agrees::<bool>(text);
    agrees::<()>(text);
    agrees::<(String, String)>(text);
    agrees::<[Value; 2]>(text);
    agrees::<Vec<String>>(text);
    agrees::<Vec<Vec<Value>>>(text);
    agrees::<BTreeMap<String, Value>>(text);
    agrees::<BTreeMap<Option<Name>, Value>>(text);
    agrees::<BTreeMap<i16, Value>>(text);
    // Of another key the library tells in its error all but the first byte, and if that was a part of a character, panics.
    if text.is_ascii() {
        agrees::<BTreeMap<bool, Value>>(text);
    }
    agrees::<Record>(text);
    agrees::<Strict>(text);
    agrees::<Flat>(text);
    every_number_agrees(text);
}

fn every_number_agrees(text: &str) {
    agrees::<u8>(text);
    agrees::<i8>(text);
    agrees::<u16>(text);
    agrees::<i16>(text);
    agrees::<u32>(text);
    agrees::<i32>(text);
    agrees::<u64>(text);
    agrees::<i64>(text);
    // These stop at what is no digit, and nobody looks behind an event's first argument.
    if !text.contains(['.', 'e', 'E']) {
        agrees::<u128>(text);
        agrees::<i128>(text);
    }
    let bits = |text: &str| serde_json::from_str::<f64>(text).ok().map(f64::to_bits);
    let read = |text: &str| Arguments::json(&format!("[{text}]")).unwrap().deserialize_first::<f64>().ok();
    assert_eq!(read(text).map(f64::to_bits), bits(text), "{text}");
    agrees::<f32>(text);
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Eq for Name {}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

#[test]
fn corners_are_read_as_by_the_json_library() {
    for text in [
        "null",
        "true",
        "false",
        "{}",
        "[]",
        " [ ] ",
        " { } ",
        r#"{"a":1}"#,
        r#"{"a":1,"a":2}"#,
        r#"{"a":null,"b":[1,2.5,-0.0,1e3],"c":{"a":-1,"x":[{"y":"\n"}]},"d":{"\u0061":1,"b\"":2}}"#,
        r#"{ "a" : -0 , "b" : [ 1 , 2 ] }"#,
        r#"[1,[2.5],{"a":null},{}]"#,
        r#"{"a":"x","b":1}"#,
        r#"{"a":"x"}"#,
        r#"{"1":2,"-3":4}"#,
        r#"{"01":2}"#,
        r#"{"true":2}"#,
        r#""x""#,
        r#""\u0078""#,
        r#"{"x":null}"#,
        r#"{"Y":3}"#,
        r#"{"Z":{"a":["x",{"Y":1}]}}"#,
        r#""\ud83d\ude00\\ \/""#,
        r#""\ud800""#,
        r#"{"\ud800":1}"#,
        r#"["a\tb","\"\\\/\b\f\n\r"]"#,
    ] {
        every_type_agrees(text);
    }
}

#[test]
fn as_deep_as_the_json_library_and_no_deeper() {
    #[derive(Debug, Deserialize, PartialEq)]
    struct Nest(Vec<Self>);
    for levels in [1, 126, 127] {
        agrees_alone::<Nest>(&format!("{}{}", "[".repeat(levels), "]".repeat(levels)));
        agrees_alone::<Record>(&format!("{}null{}", "{\"c\":".repeat(levels), "}".repeat(levels)));
    }
    let deep = format!("{}{}", "[".repeat(128), "]".repeat(128));
    assert!(serde_json::from_str::<Nest>(&deep).is_err());
    assert!(Nest::deserialize(&mut Reader::new(&deep)).is_err());
}

fn agrees_alone<T: DeserializeOwned + PartialEq + Debug>(text: &str) {
    let judge = serde_json::from_str::<T>(text).ok();
    assert!(judge.is_some(), "{text}");
    assert_eq!(T::deserialize(&mut Reader::new(text)).ok(), judge, "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_type_is_read_as_by_the_json_library(text in "([a-z\u{e9}]|x|\\\\n|\\\\u00e9){0,40}") {
        let text = format!("\"{text}\"");
        every_type_agrees(&text);
        let raw: Box<RawValue> = Arguments::json(&format!("[{text}]")).unwrap().deserialize_first().unwrap();
        prop_assert_eq!(raw.get(), text);
    }

    #[test]
    fn any_value_is_read_as_by_the_json_library(value in json()) {
        every_type_agrees(&value.to_string());
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        every_type_agrees(&pretty);
        let raw: Vec<Box<RawValue>> = Arguments::json(&format!("[[{pretty} , 1]]")).unwrap().deserialize_first().unwrap();
        prop_assert_eq!(raw[0].get(), pretty);
    }

    #[test]
    fn any_number_is_read_as_by_the_json_library(
        text in "-?(0|[1-9][0-9]{0,22})(\\.[0-9]{1,22})?([eE][+-]?[0-9]{1,3})?",
    ) {
        every_number_agrees(&text);
        agrees::<Value>(&text);
        agrees::<Either>(&text);
    }

    #[test]
    fn any_float_is_read_as_by_the_json_library(number in any::<f64>(), cents in any::<i32>()) {
        for number in [number, f64::from(cents) / 100.0] {
            if number.is_finite() {
                every_number_agrees(&serde_json::to_string(&number).unwrap());
            }
        }
    }
}
