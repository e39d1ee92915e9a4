//! The scanner against `serde_json`.

use proptest::prelude::*;
use serde::de::IgnoredAny;

use super::*;

/// Reads `text` as one value with nothing after it.
fn scan(text: &str, max_depth: usize) -> Result<(), Fault> {
    let mut scanner = Scanner::new(text, max_depth);
    scanner.value()?;
    scanner.end()
}

fn depth(text: &str) -> usize {
    let (mut open, mut deepest, mut in_string, mut escape) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escape => escape = false,
            b'\\' if in_string => escape = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                open += 1;
                deepest = deepest.max(open);
            }
            b']' | b'}' if !in_string => open = open.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

fn agrees(text: &str) {
    let judge = serde_json::from_str::<IgnoredAny>(text).is_ok();
    let ours = scan(text, DEEPEST);
    if depth(text) <= DEEPEST {
        assert_eq!(ours.is_ok(), judge, "{text:?}");
    } else {
        assert!(ours.is_err(), "{text:?}");
    }
}

#[test]
fn agrees_on_the_corners() {
    for text in [
        "",
        " ",
        "null",
        "nul",
        "nulll",
        "true",
        "tru",
        "false",
        "0",
        "-0",
        "-",
        "01",
        "1.",
        ".1",
        "1.0",
        "1e",
        "1e+",
        "1e5",
        "1E-5",
        "1e999",
        "+1",
        "--1",
        "\"\"",
        "\"",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12G4\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\u{7f}\"",
        "\"\u{1f}\"",
        "\"\n\"",
        "[",
        "]",
        "[]",
        "[ ]",
        "[,]",
        "[1,]",
        "[1 2]",
        "[1,2]",
        " [ 1 , 2 ] ",
        "{}",
        "{ }",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\":1}",
        " { \"a\" : [ { } ] } ",
        "{\"a\":1,\"a\":2}",
        "[}",
        "{]",
        "[[]",
        "[]]",
        "1 1",
        "[] []",
        "\u{feff}1",
        "\u{a0}1",
        "[1\u{b}]",
        "\"é😀\"",
        "NaN",
        "Infinity",
        "'a'",
        "/**/1",
        "[null,true,false,\"a\",-1.5e-3]",
    ] {
        agrees(text);
    }
}

#[test]
fn bounds_the_depth_exactly() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nested = |levels: usize| format!("{}1{}", open.repeat(levels), close.repeat(levels));
        for max in [1, 2, 64, 127, 128] {
            assert_eq!(scan(&nested(max), max), Ok(()));
            assert_eq!(scan(&nested(max + 1), max), Err(Fault::TooDeep));
        }
        assert_eq!(scan(&nested(129), usize::MAX), Err(Fault::TooDeep));
    }
    assert_eq!(scan("[[],[],[[]]]", 3), Ok(()));
    assert_eq!(scan("[[],[],[[]]]", 2), Err(Fault::TooDeep));
    assert_eq!(scan("1", 0), Ok(()));
    // The event's own array is a level.
    assert!(event(r#"["a",[[]]]"#, 3).is_ok());
    assert_eq!(event(r#"["a",[[]]]"#, 2), Err(Fault::TooDeep));
    assert_eq!(event(r#"["a"]"#, 0), Err(Fault::TooDeep));
}

#[test]
fn finds_name_and_arguments() {
    for (text, name, escaped, arguments) in [
        (r#"["a"]"#, "a", false, ""),
        (r#" [ "a" ] "#, "a", false, ""),
        (r#"["a",1]"#, "a", false, "1"),
        (r#"["a" , 1 , [2] ]"#, "a", false, "1 , [2]"),
        (r#"["",null]"#, "", false, "null"),
        (r#"["\"a\"",{"b":"]"}]"#, r#"\"a\""#, true, r#"{"b":"]"}"#),
        ("[-1.5e3,2]", "-1.5e3", false, "2"),
        (r#"["__proto__","constructor"]"#, "__proto__", false, r#""constructor""#),
    ] {
        assert_eq!(event(text, 64), Ok((RawName { text: name, escaped }, arguments)), "{text}");
    }
    for text in [
        "",
        "[]",
        "{}",
        "\"x\"",
        "[true]",
        "[null]",
        "[{}]",
        "[[\"a\"]]",
        r#"["a",]"#,
        r#"["a"]x"#,
        r#"["a"1]"#,
    ] {
        assert_eq!(event(text, 64), Err(Fault::Syntax), "{text}");
    }
}

#[test]
fn shapes_are_told_apart() {
    assert_eq!(object(" {\"a\":1}\n", 64), Ok("{\"a\":1}"));
    assert_eq!(array(" [1] ", 64), Ok("[1]"));
    for text in ["[]", "\"x\"", "null", "1", "{", "{}{}", ""] {
        assert_eq!(object(text, 64), Err(Fault::Syntax), "{text}");
    }
    for text in ["{}", "\"x\"", "[", "[][]", ""] {
        assert_eq!(array(text, 64), Err(Fault::Syntax), "{text}");
    }
    assert_eq!(object_or_string("\"no\"", 64), Ok("\"no\""));
}

/// Text that is nearly JSON: tokens in any order.
fn tokens() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        Just("[".to_owned()),
        Just("]".to_owned()),
        Just("{".to_owned()),
        Just("}".to_owned()),
        Just(",".to_owned()),
        Just(":".to_owned()),
        Just("\"a\"".to_owned()),
        Just("\"a\":".to_owned()),
        Just("null".to_owned()),
        Just("true".to_owned()),
        "[ \t\n\r]",
        "-?[0-9]{1,3}(\\.[0-9]{0,2})?([eE][+-]?[0-9]{0,2})?",
        "\"(\\\\[\"\\\\/bfnrtux]|\\\\u[0-9a-fA-F]{3,4}|[ -~]|é|😀){0,6}\"",
    ];
    prop::collection::vec(token, 0..12).prop_map(|tokens| tokens.concat())
}

/// Valid JSON, as deep as a handler may see.
pub(crate) fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<i32>().prop_map(|number| (f64::from(number) / 64.0).into()),
        ".*".prop_map(Into::into),
    ];
    leaf.prop_recursive(6, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::vec((".{0,6}", inner), 0..6)
                .prop_map(|entries| serde_json::Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agrees_on_what_is_nearly_json(text in tokens()) {
        agrees(&text);
    }

    #[test]
    fn agrees_on_any_text(text in any::<String>()) {
        agrees(&text);
    }

    #[test]
    fn agrees_on_damaged_json(value in json(), at in any::<prop::sample::Index>(), with in "[\\[\\]{}\",:0-9a-z\\\\ ]{0,2}") {
        let text = value.to_string();
        agrees(&text);
        agrees(&serde_json::to_string_pretty(&value).unwrap());
        let at = text.char_indices().map(|(at, _)| at).nth(at.index(text.chars().count())).unwrap();
        let (head, tail) = text.split_at(at);
        agrees(&format!("{head}{with}{tail}"));
        agrees(head);
        let mut tail = tail.chars();
        tail.next();
        agrees(&format!("{head}{}", tail.as_str()));
    }

    #[test]
    fn an_event_is_an_array_that_begins_with_its_name(name in any::<String>(), arguments in prop::collection::vec(json(), 0..4)) {
        let mut array = vec![serde_json::Value::from(name.clone())];
        array.extend(arguments.iter().cloned());
        let text = serde_json::Value::from(array).to_string();
        let (found, rest) = event(&text, 64).unwrap();
        prop_assert_eq!(&*found.decode(), name.as_str());
        let rest: Vec<serde_json::Value> = serde_json::from_str(&format!("[{rest}]")).unwrap();
        prop_assert_eq!(rest, arguments);
    }
}
