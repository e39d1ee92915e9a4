//! The text against the JSON library's.

use std::{
    collections::{BTreeMap, HashMap},
    net::Ipv4Addr,
};

use proptest::prelude::*;
use serde::Serialize;
use serde_json::Value;

use crate::socket::{encode::EventWriter, scan::tests::json};

fn agrees(value: &(impl Serialize + ?Sized)) {
    let mut writer = EventWriter::event("/", None, "e");
    match serde_json::to_string(value) {
        Ok(text) => {
            writer.arg(value).unwrap();
            let group = writer.finish();
            let frame = group.frames().next().unwrap();
            let ours = std::str::from_utf8(frame.message()).unwrap();
            assert_eq!(ours.strip_prefix("2[\"e\",").unwrap().strip_suffix(']').unwrap(), text);
        }
        Err(error) => {
            assert!(writer.arg(value).unwrap_err().to_string().ends_with(&error.to_string()));
            assert_eq!(writer.finish().frames().next().unwrap().message(), b"2[\"e\"]");
        }
    }
}

#[derive(Serialize)]
struct Unit;

#[derive(Serialize)]
struct Empty {}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Name(&'static str);

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Unit,
    #[serde(rename = "new\"type")]
    Newtype(u8),
    Tuple(u8, Option<char>),
    None(),
    Struct {
        a: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        b: Option<u8>,
    },
    Empty {},
}

#[derive(Serialize)]
struct All {
    #[serde(rename = "a\nkey that is longer than a block, with an escape")]
    integers: (i8, i16, i32, i64, i128, u8, u16, u32, u64, u128),
    floats: (f32, f64, f64, f64, f64),
    text: &'static str,
    none: Option<u8>,
    kinds: Vec<Kind>,
    unit: (Unit, (), Empty, [u8; 0]),
    #[serde(flatten)]
    rest: BTreeMap<&'static str, char>,
    numbered: BTreeMap<i16, bool>,
    named: BTreeMap<Name, Ipv4Addr>,
    lettered: BTreeMap<char, Value>,
    flagged: BTreeMap<bool, [u8; 0]>,
}

#[test]
fn every_kind_of_value_is_written_as_by_the_json_library() {
    agrees(&All {
        integers: (-1, i16::MIN, i32::MIN, i64::MIN, i128::MIN, 0, 1, u32::MAX, u64::MAX, u128::MAX),
        floats: (0.1, 1e300, -0.0, f64::NAN, f64::INFINITY),
        text: "\u{0}\u{8}\u{c}\u{1f}\u{7f}\r\n\t\"\\/é😀",
        none: None,
        kinds: vec![
            Kind::Unit,
            Kind::Newtype(1),
            Kind::Tuple(1, Some('"')),
            Kind::None(),
            Kind::Struct { a: true, b: None },
            Kind::Empty {},
        ],
        unit: (Unit, (), Empty {}, []),
        rest: BTreeMap::from([("x", 'y'), ("z\"", '\u{1}')]),
        numbered: BTreeMap::from([(-1, true), (2, false)]),
        named: BTreeMap::from([(Name("a"), Ipv4Addr::LOCALHOST), (Name("\\"), Ipv4Addr::BROADCAST)]),
        lettered: BTreeMap::from([('a', Value::Null), ('"', serde_json::json!({}))]),
        flagged: BTreeMap::from([(true, [])]),
    });
}

#[test]
fn keys_are_refused_as_by_the_json_library() {
    agrees(&BTreeMap::from([(Kind::Unit, 1)]));
    agrees(&BTreeMap::from([(Kind::Newtype(1), 1)]));
    agrees(&BTreeMap::from([(Kind::Tuple(1, None), 1)]));
    agrees(&BTreeMap::from([(Kind::Struct { a: true, b: Some(1) }, 1)]));
    agrees(&BTreeMap::from([(Some("a"), 1)]));
    agrees(&BTreeMap::from([(None::<&str>, 1)]));
    agrees(&BTreeMap::from([((), 1)]));
    agrees(&BTreeMap::from([((1, 2), 1)]));
    agrees(&BTreeMap::from([(vec!["a"], 1)]));
    agrees(&HashMap::from([(Ipv4Addr::LOCALHOST, 1)]));
    agrees(&[BTreeMap::from([("a", BTreeMap::from([([0; 0], 1)]))])]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_value_is_written_as_by_the_json_library(value in json()) {
        agrees(&value);
    }

    #[test]
    fn any_number_is_written_as_by_the_json_library(numbers in any::<(i64, u64, f64, f32, i128, u8)>()) {
        agrees(&numbers);
    }
}
