//! An object that may be a placeholder.

use serde::de::{
    DeserializeSeed, Error as _, IgnoredAny, IntoDeserializer, MapAccess, Visitor, value::StringDeserializer,
};
use serde_json::Value;

use super::{Fill, FillSeed, Source};
use crate::socket::placeholder::{MARK, NUMBER};

/// Visits the attachment that the object stands for, or the object if it stands for none.
///
/// What arrives was brought to one form, so the first key decides; see `placeholder`.
pub(super) fn visit<'de, A, V>(mut object: A, visitor: V, source: Source<'de>) -> Result<V::Value, A::Error>
where
    A: MapAccess<'de>,
    V: Visitor<'de>,
{
    let Some(key) = object.next_key::<String>()? else {
        return visitor.visit_map(Replay { key: None, value: None, object, source });
    };
    if key != MARK {
        return visitor.visit_map(Replay { key: Some(key), value: None, object, source });
    }
    let value = object.next_value::<Value>()?;
    if value != Value::Bool(true) {
        return visitor.visit_map(Replay { key: Some(key), value: Some(value), object, source });
    }
    let illegal = || A::Error::custom("a placeholder names no attachment");
    if object.next_key::<String>()?.is_none_or(|key| key != NUMBER) {
        return Err(illegal());
    }
    let attachment = source.attachments.get(object.next_value::<usize>()?).ok_or_else(illegal)?;
    while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    visitor.visit_borrowed_bytes(attachment)
}

/// An object whose first key, perhaps with its value, was read to decide.
struct Replay<'de, A> {
    key: Option<String>,
    value: Option<Value>,
    object: A,
    source: Source<'de>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Replay<'de, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        match self.key.take() {
            Some(key) => {
                let key: StringDeserializer<A::Error> = key.into_deserializer();
                seed.deserialize(key).map(Some)
            }
            None => self.object.next_key_seed(seed),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        match self.value.take() {
            Some(inner) => seed.deserialize(Fill { inner, source: self.source }).map_err(A::Error::custom),
            None => self.object.next_value_seed(FillSeed { seed, source: self.source }),
        }
    }
}
