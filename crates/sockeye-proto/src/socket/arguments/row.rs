//! An array read as a tuple that may be shorter or longer than it.

use serde::{
    Deserializer,
    de::{DeserializeSeed, Error as _, IgnoredAny, SeqAccess, Visitor},
    forward_to_deserialize_any,
};

/// Gives a tuple as many elements as it asks for: surplus ones are skipped, missing ones are `null`.
pub(super) struct Row<D>(pub(super) D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Row<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(visitor)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        visitor.visit_unit()
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_seq(Padded { visitor, len })
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.deserialize_tuple(len, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option seq map struct enum
        identifier ignored_any
    }
}

/// Visits the array as a sequence of `len` elements.
struct Padded<V> {
    visitor: V,
    len: usize,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Padded<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<V::Value, A::Error> {
        let value = self.visitor.visit_seq(Elements { elements: &mut elements, left: self.len })?;
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(value)
    }
}

struct Elements<'a, A> {
    elements: &'a mut A,
    left: usize,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Elements<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        let mut seed = Some(seed);
        if let Some(value) = self.elements.next_element_seed(Lent(&mut seed))? {
            return Ok(Some(value));
        }
        // Not taken, for there was no element.
        let Some(seed) = seed else { return Ok(None) };
        seed.deserialize(serde_json::Value::Null).map(Some).map_err(A::Error::custom)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left)
    }
}

/// A seed that can be had back when there was nothing to read.
struct Lent<'a, S>(&'a mut Option<S>);

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Lent<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        match self.0.take() {
            Some(seed) => seed.deserialize(deserializer),
            None => Err(D::Error::custom("an element is read once")),
        }
    }
}
