//! Arguments that were accepted can be read as any type, or refused in few words.

use std::fmt;

use bytes::Bytes;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::Value;
use sockeye_proto::socket::Arguments;

/// Two texts of at most 200 bytes, what marks them as cut, and the words around them.
const LONGEST_ERROR: usize = 420;

pub(crate) fn check(arguments: &Arguments, max_depth: usize) {
    let json = arguments.as_json();
    assert!(json.starts_with('[') && json.ends_with(']'));
    assert!(serde_json::from_str::<IgnoredAny>(json).is_ok(), "what was accepted is no JSON");
    assert!(depth(json) <= max_depth, "nested too deep");
    let attached: usize = arguments.attachments().iter().map(Bytes::len).sum();
    assert_eq!(arguments.len(), json.len() + attached);

    read::<String>(arguments);
    read::<(u64, Option<bool>, Bytes)>(arguments);
    read::<Vec<Bytes>>(arguments);
    let held = read::<Held>(arguments);
    assert!(held.as_ref().is_none_or(|held| held.0 <= attached), "something twice");
    let Some(values) = read::<Vec<Value>>(arguments) else { return };
    if let Some(Held(held)) = held {
        let named: usize = values.iter().map(|value| named(value, arguments.attachments())).sum();
        // Fewer are named here where a key comes twice.
        assert!(named <= held, "a placeholder is not filled");
    }
    assert_eq!(Ok(values), serde_json::from_str(json).map_err(|_| "no values"));
}

/// Bytes of the attachments that the placeholders in `value` name. There are none where nothing is attached.
fn named(value: &Value, attachments: &[Bytes]) -> usize {
    match value {
        Value::Array(values) => values.iter().map(|value| named(value, attachments)).sum(),
        Value::Object(entries) => match (entries.get("_placeholder"), entries.get("num")) {
            (Some(Value::Bool(true)), number) if !attachments.is_empty() => {
                assert_eq!(entries.len(), 2, "a placeholder holds nothing else");
                let number = number.and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
                number.and_then(|number| attachments.get(number)).map_or(usize::MAX, Bytes::len)
            }
            _ => entries.values().map(|value| named(value, attachments)).sum(),
        },
        _ => 0,
    }
}

/// Reads all arguments as `T`, and the first as well.
fn read<T: DeserializeOwned>(arguments: &Arguments) -> Option<T> {
    for error in [arguments.deserialize_first::<T>().err(), arguments.deserialize_tuple::<T>().err()] {
        assert!(error.is_none_or(|error| error.to_string().len() <= LONGEST_ERROR), "a long error");
    }
    arguments.deserialize_tuple().ok()
}

fn depth(json: &str) -> usize {
    let (mut open, mut deepest, mut string, mut escape) = (0_usize, 0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escape => escape = false,
            b'\\' if string => escape = true,
            b'"' => string = !string,
            b'[' | b'{' if !string => {
                open += 1;
                deepest = deepest.max(open);
            }
            b']' | b'}' if !string => open -= 1,
            _ => {}
        }
    }
    deepest
}

/// Takes anything and counts the bytes of attachments in it.
struct Held(usize);

impl<'de> Deserialize<'de> for Held {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(HeldVisitor)
    }
}

struct HeldVisitor;

macro_rules! nothing {
    ($($method:ident: $value:ty),* $(,)?) => {$(
        fn $method<E: Error>(self, _: $value) -> Result<Held, E> {
            Ok(Held(0))
        }
    )*};
}

impl<'de> Visitor<'de> for HeldVisitor {
    type Value = Held;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    nothing! { visit_bool: bool, visit_u64: u64, visit_i64: i64, visit_f64: f64, visit_str: &str }

    fn visit_unit<E: Error>(self) -> Result<Held, E> {
        Ok(Held(0))
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Held, E> {
        Ok(Held(bytes.len()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Held, A::Error> {
        let mut held = 0;
        while let Some(Held(more)) = seq.next_element()? {
            held += more;
        }
        Ok(Held(held))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Held, A::Error> {
        let mut held = 0;
        while let Some((IgnoredAny, Held(more))) = map.next_entry()? {
            held += more;
        }
        Ok(Held(held))
    }
}
