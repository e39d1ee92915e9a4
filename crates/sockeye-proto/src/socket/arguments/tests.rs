//! Reading arguments into types.

use std::collections::HashMap;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::*;

fn args(text: &str) -> Arguments {
    Arguments::json(text).unwrap()
}

fn binary(text: &str, attachments: &[&'static [u8]]) -> Arguments {
    Arguments::with_attachments(text, attachments.iter().map(|bytes| Bytes::from_static(bytes)).collect())
        .unwrap()
}

#[derive(Debug, PartialEq, Deserialize)]
struct Photo {
    room: String,
    data: Bytes,
    #[serde(default)]
    more: Vec<Bytes>,
    thumb: Option<Bytes>,
}

#[test]
fn the_first_argument_is_whatever_it_is() {
    assert_eq!(args("[1,2]").deserialize_first::<u8>().unwrap(), 1);
    assert_eq!(args("[ [1,2] , 3 ]").deserialize_first::<Vec<u8>>().unwrap(), [1, 2]);
    assert_eq!(args("[[1,2]]").deserialize_first::<(u8, u8)>().unwrap(), (1, 2));
    assert_eq!(args("[]").deserialize_first::<Option<u8>>().unwrap(), None);
    assert_eq!(args("[ ]").deserialize_first::<Value>().unwrap(), Value::Null);
    args("[]").deserialize_first::<()>().unwrap();
    assert_eq!(
        args("[]").deserialize_first::<String>().unwrap_err().to_string(),
        "at 0: invalid type: null, expected a string"
    );
}

#[test]
fn a_tuple_takes_what_it_needs() {
    let two = args(r#"["a",1]"#);
    assert_eq!(two.deserialize_tuple::<(String, u8)>().unwrap(), ("a".to_owned(), 1));
    assert_eq!(two.deserialize_tuple::<(String,)>().unwrap(), ("a".to_owned(),));
    assert_eq!(
        two.deserialize_tuple::<(Value, u8, Option<String>, Value)>().unwrap(),
        (json!("a"), 1, None, Value::Null)
    );
    two.deserialize_tuple::<()>().unwrap();
    args("[]").deserialize_tuple::<()>().unwrap();
    assert_eq!(two.deserialize_tuple::<Vec<Value>>().unwrap(), [json!("a"), json!(1)]);
    assert_eq!(two.deserialize_tuple::<[Value; 3]>().unwrap(), [json!("a"), json!(1), Value::Null]);
    #[derive(Debug, PartialEq, Deserialize)]
    struct Pair(String, u8);
    assert_eq!(two.deserialize_tuple::<Pair>().unwrap(), Pair("a".to_owned(), 1));
}

#[test]
fn an_error_names_the_path() {
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "read for its errors")]
    struct Message {
        room: String,
        tags: HashMap<String, Vec<u8>>,
    }
    for (text, path, message) in [
        (r#"[{"room":1}]"#, "0.room", "invalid type: integer `1`, expected a string"),
        (r#"[{"room":"a"}]"#, "0", "missing field `tags`"),
        (r#"[{"room":"a","tags":{"x":[1,999]}}]"#, "0.tags.x.1", "invalid value: integer `999`, expected u8"),
        ("[7]", "0", "invalid type: integer `7`, expected struct Message"),
    ] {
        let error = args(text).deserialize_first::<Message>().unwrap_err();
        assert_eq!((error.path(), error.message()), (path, message));
    }
    let error = args(r#"["a"]"#).deserialize_tuple::<(String, u8)>().unwrap_err();
    assert_eq!(error.to_string(), "at 1: invalid type: null, expected u8");
    let error = args(r#"["a",{"room":1}]"#).deserialize_tuple::<(String, Message)>().unwrap_err();
    assert_eq!(error.path(), "1.room");
    let error = args(r#"["a"]"#).deserialize_tuple::<String>().unwrap_err();
    assert_eq!(error.to_string(), "invalid type: sequence, expected a string");
}

#[test]
fn a_peer_cannot_make_an_error_long() {
    let long = "é".repeat(100_000);
    let error = args(&format!("[\"{long}\"]")).deserialize_first::<u8>().unwrap_err();
    assert!(error.message().len() <= 210);
    let error =
        args(&format!("[{{\"{long}\":1}}]")).deserialize_first::<HashMap<String, String>>().unwrap_err();
    assert!(error.path().len() <= 210 && error.message().starts_with("invalid type"));
}

#[test]
fn bytes_are_filled_at_any_depth() {
    let text = r#"[{"room":"a","data":{"_placeholder":true,"num":1},"more":[{"_placeholder":true,"num":0}],"thumb":null}]"#;
    let photo: Photo = binary(text, &[b"zero", b"one"]).deserialize_first().unwrap();
    assert_eq!(photo.data, "one");
    assert_eq!(photo.more, ["zero"]);
    assert_eq!(photo.thumb, None);
    let (name, inner): (String, HashMap<String, Option<(u8, Bytes)>>) =
        binary(r#"["n",{"a":[1,{"_placeholder":true,"num":0}],"b":null}]"#, &[b"z"])
            .deserialize_tuple()
            .unwrap();
    assert_eq!((name.as_str(), &inner["a"], &inner["b"]), ("n", &Some((1, Bytes::from_static(b"z"))), &None));
}

#[test]
fn bytes_are_filled_behind_types_that_buffer() {
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(tag = "type", rename_all = "lowercase")]
    enum Tagged {
        Photo { data: Bytes },
        Text { text: String },
    }
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(untagged)]
    enum Untagged {
        Text(String),
        Data(Bytes),
        Both { num: u8, _placeholder: bool },
    }
    #[derive(Debug, PartialEq, Deserialize)]
    enum External {
        Photo(Bytes),
        Album { photos: Vec<Bytes> },
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Flat {
        #[serde(flatten)]
        rest: HashMap<String, Bytes>,
    }
    let holder = r#"{"_placeholder":true,"num":0}"#;
    // No UTF-8: serde lets a `String` take bytes that are.
    let read = |text: &str| binary(&format!("[{}]", text.replace('#', holder)), &[b"\xff"]);
    let data = Bytes::from_static(b"\xff");
    assert_eq!(
        read(r##"{"type":"photo","data":#}"##).deserialize_first::<Tagged>().unwrap(),
        Tagged::Photo { data: data.clone() }
    );
    assert_eq!(read("#").deserialize_first::<Untagged>().unwrap(), Untagged::Data(data.clone()));
    assert_eq!(
        read(r##"{"_placeholder":false,"num":3}"##).deserialize_first::<Untagged>().unwrap(),
        Untagged::Both { num: 3, _placeholder: false }
    );
    assert_eq!(
        read(r##"{"Photo":#}"##).deserialize_first::<External>().unwrap(),
        External::Photo(data.clone())
    );
    assert_eq!(
        read(r##"{"Album":{"photos":[#]}}"##).deserialize_first::<External>().unwrap(),
        External::Album { photos: vec![data.clone()] }
    );
    assert_eq!(read(r##"{"a":#}"##).deserialize_first::<Flat>().unwrap().rest["a"], data);
    assert_eq!(
        read(r##"{"type":"text","text":"t"}"##).deserialize_first::<Tagged>().unwrap(),
        Tagged::Text { text: "t".to_owned() }
    );
}

#[test]
fn a_json_value_keeps_the_placeholder() {
    let arguments = binary(r#"[{"a":{"_placeholder":true,"num":0}}]"#, &[b"x"]);
    assert_eq!(arguments.deserialize_first::<Value>().unwrap(), json!({"a":{"_placeholder":true,"num":0}}));
    assert_eq!(arguments.as_json(), r#"[{"a":{"_placeholder":true,"num":0}}]"#);
    assert_eq!(arguments.attachments(), ["x"]);
    assert_eq!(arguments.len(), arguments.as_json().len() + 1);
}

#[test]
fn a_placeholder_without_attachments_is_a_plain_object() {
    let forged = args(r#"[{"_placeholder":true,"num":0}]"#);
    assert_eq!(forged.deserialize_first::<Value>().unwrap(), json!({"_placeholder":true,"num":0}));
    assert_eq!(forged.deserialize_first::<Bytes>().unwrap_err().path(), "0");
}

#[test]
fn bytes_without_a_placeholder_are_read_as_json_has_them() {
    for arguments in
        [args(r#"["ab",[97,98]]"#), binary(r#"["ab",[97,98],{"_placeholder":true,"num":0}]"#, &[b""])]
    {
        let (text, numbers): (Bytes, Bytes) = arguments.deserialize_tuple().unwrap();
        assert_eq!((text, numbers), (Bytes::from_static(b"ab"), Bytes::from_static(b"ab")));
    }
}

#[test]
fn an_illegal_placeholder_is_an_error_with_its_path() {
    for object in
        [r#"{"_placeholder":true,"num":1}"#, r#"{"_placeholder":true}"#, r#"{"_placeholder":true,"x":0}"#]
    {
        let error =
            binary(&format!("[{{\"a\":{object}}}]"), &[b"x"]).deserialize_first::<HashMap<String, Bytes>>();
        assert_eq!(error.unwrap_err().path(), "0.a", "{object}");
    }
}

#[test]
fn an_error_beside_a_json_value_is_the_one_that_is_told() {
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "read for its errors")]
    struct Beside {
        any: Value,
        number: u8,
    }
    let text = r#"[{"any":{"_placeholder":true,"num":0},"number":"x"}]"#;
    let error = binary(text, &[b"x"]).deserialize_first::<Beside>().unwrap_err();
    assert_eq!(error.path(), "0.number");
}

#[test]
fn only_an_array_makes_arguments() {
    for text in ["", "{}", "1", "[", "[1]2", "[1,]"] {
        assert_eq!(Arguments::json(text).unwrap_err().to_string(), "not a JSON array", "{text}");
    }
    assert!(Arguments::json(&"[".repeat(200)).is_err());
    assert_eq!(args("  [1]\n").as_json(), "[1]");
    assert_eq!(Arguments::default().as_json(), "[]");
    assert_eq!(
        format!("{:?}", binary(r#"["secret"]"#, &[b"x"])),
        "Arguments { codec: Json, payload: Payload(10 bytes), attachments: 1 }"
    );
}
