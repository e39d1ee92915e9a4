//! A string without escapes, handed to whoever wants one.

use std::fmt;

use serde::de::{self, Deserializer, Visitor};

use crate::socket::scan::plain;

/// A string as it stands in JSON text that holds nothing to resolve. Its end is found many bytes at a time, and nothing
/// is looked at twice.
///
/// It serves types that take a string from JSON, and no others: those are read, or refused, in the usual way.
pub(super) struct Word<'a>(&'a str);

impl<'a> Word<'a> {
    /// The string at the front of `json`, which was scanned before.
    pub(super) fn at_front(json: &'a str) -> Option<Self> {
        let text = json.strip_prefix('"')?;
        let (word, rest) = text.split_at_checked(plain(text.as_bytes()))?;
        rest.starts_with('"').then_some(Self(word))
    }
}

/// Is read in the usual way.
#[derive(Debug)]
pub(super) struct Unfit;

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no plain string")
    }
}

impl std::error::Error for Unfit {}

impl de::Error for Unfit {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

macro_rules! strings {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
            visitor.visit_borrowed_str(self.0)
        }
    )*};
}

macro_rules! unfit {
    ($($method:ident($($name:ident: $ty:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $($name: $ty,)* _: V) -> Result<V::Value, Unfit> {
            Err(Unfit)
        }
    )*};
}

impl<'de> Deserializer<'de> for Word<'de> {
    type Error = Unfit;

    strings! { deserialize_any deserialize_char deserialize_str deserialize_string }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        // No name of a type: raw JSON is asked for by such.
        if name.starts_with('$') { Err(Unfit) } else { visitor.visit_newtype_struct(self) }
    }

    unfit! {
        deserialize_bool() deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64()
        deserialize_i128() deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64()
        deserialize_u128() deserialize_f32() deserialize_f64() deserialize_bytes() deserialize_byte_buf()
        deserialize_unit() deserialize_unit_struct(_name: &'static str) deserialize_seq()
        deserialize_tuple(_len: usize) deserialize_tuple_struct(_name: &'static str, _len: usize)
        deserialize_map() deserialize_struct(_name: &'static str, _fields: &'static [&'static str])
        deserialize_enum(_name: &'static str, _variants: &'static [&'static str]) deserialize_identifier()
        deserialize_ignored_any()
    }
}

#[cfg(test)]
mod tests {
    use std::{borrow::Cow, collections::BTreeMap, path::PathBuf};

    use bytes::Bytes;
    use proptest::prelude::*;
    use serde::{Deserialize, de::DeserializeOwned};
    use serde_json::{Value, value::RawValue};

    use crate::socket::Arguments;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Name(String);

    #[derive(Debug, Deserialize, PartialEq)]
    enum Kind {
        #[serde(rename = "x")]
        X,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(untagged)]
    enum Either {
        Number(u8),
        Text(Option<String>),
    }

    fn agrees<T: DeserializeOwned + PartialEq + std::fmt::Debug>(text: &str) {
        let judge = serde_json::from_str::<T>(text).ok();
        let read = Arguments::json(&format!("[ {text} ,1]")).unwrap().deserialize_first::<T>().ok();
        assert_eq!(read, judge, "{text}");
    }

    proptest! {
        #[test]
        fn every_type_is_read_as_by_the_json_library(text in "([a-z\u{e9}]|x|\\\\n){0,40}") {
            let text = format!("\"{text}\"");
            agrees::<String>(&text);
            agrees::<Option<Name>>(&text);
            agrees::<Box<Cow<'static, str>>>(&text);
            agrees::<Value>(&text);
            agrees::<Either>(&text);
            agrees::<Kind>(&text);
            agrees::<Option<Kind>>(&text);
            agrees::<char>(&text);
            agrees::<PathBuf>(&text);
            agrees::<Bytes>(&text);
            agrees::<u8>(&text);
            agrees::<()>(&text);
            agrees::<(String, String)>(&text);
            agrees::<Vec<String>>(&text);
            agrees::<BTreeMap<String, Value>>(&text);
            let raw: Box<RawValue> = Arguments::json(&format!("[{text}]")).unwrap().deserialize_first().unwrap();
            prop_assert_eq!(raw.get(), text);
        }
    }
}
