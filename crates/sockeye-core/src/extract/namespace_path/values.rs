//! From the texts in a namespace's name to the types of the application.

use serde::{
    Deserializer,
    de::{
        Error, IntoDeserializer, Visitor,
        value::{MapDeserializer, SeqDeserializer, StrDeserializer},
    },
    forward_to_deserialize_any,
};
use thiserror::Error;

use crate::namespace::Parameters;

/// All parameters of a name: a map, a struct, a tuple in the order of the pattern, or, if there is one, a single value.
pub(super) struct Values<'a>(pub(super) &'a Parameters);

/// One of them.
#[derive(Clone, Copy)]
struct Value<'a> {
    name: &'a str,
    text: &'a str,
}

/// Why a name does not fit.
#[derive(Debug, Error)]
#[error("{0}")]
pub(super) struct Unfit(String);

impl Error for Unfit {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl<'a> Values<'a> {
    fn values(&self) -> impl ExactSizeIterator<Item = Value<'a>> + use<'a> {
        self.0.iter().map(|(name, text)| Value { name, text })
    }

    fn only(&self) -> Result<Value<'a>, Unfit> {
        let mut values = self.values();
        match (values.next(), values.next()) {
            (Some(value), None) => Ok(value),
            _ => Err(Unfit(format!(
                "the name has {} parameters, and one value is asked for",
                self.0.iter().len()
            ))),
        }
    }

    fn several(
        &self,
        expected: usize,
    ) -> Result<SeqDeserializer<impl Iterator<Item = Value<'a>>, Unfit>, Unfit> {
        let found = self.0.iter().len();
        if found != expected {
            return Err(Unfit(format!(
                "the name has {found} parameters, and {expected} values are asked for"
            )));
        }
        Ok(SeqDeserializer::new(self.values()))
    }
}

/// A single value is the only parameter.
macro_rules! only {
    ($($method:ident)*) => {
        $(
            fn $method<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unfit> {
                self.only()?.$method(visitor)
            }
        )*
    };
}

impl<'a> Deserializer<'a> for Values<'a> {
    type Error = Unfit;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_map(visitor)
    }

    only! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64
        deserialize_char deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf deserialize_option
        deserialize_identifier
    }

    fn deserialize_unit<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'a>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        visitor.visit_newtype_struct(self)
    }

    /// A list of pairs would be told apart from a list of values only by looking at its items, so it is one of values.
    fn deserialize_seq<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_seq(SeqDeserializer::new(self.values()))
    }

    fn deserialize_tuple<V: Visitor<'a>>(self, len: usize, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_seq(self.several(len)?)
    }

    fn deserialize_tuple_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        visitor.visit_seq(self.several(len)?)
    }

    fn deserialize_map<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_map(MapDeserializer::new(self.values().map(|value| (value.name, value))))
    }

    fn deserialize_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.only()?.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_unit()
    }
}

/// A value is parsed as what is asked for.
macro_rules! parse {
    ($($method:ident $visit:ident $ty:ty,)*) => {
        $(
            fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
                let value: $ty = self.text.parse().map_err(|error| self.unfit(error))?;
                visitor.$visit(value).map_err(|error: Unfit| self.unfit(error))
            }
        )*
    };
}

impl Value<'_> {
    /// Says which parameter it is. Its text is not repeated: who wrote it knows it.
    fn unfit(&self, error: impl std::fmt::Display) -> Unfit {
        Unfit(format!("`{}` does not fit: {error}", self.name))
    }
}

impl<'de> Deserializer<'de> for Value<'de> {
    type Error = Unfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_borrowed_str(self.text).map_err(|error: Unfit| self.unfit(error))
    }

    parse! {
        deserialize_bool visit_bool bool,
        deserialize_i8 visit_i8 i8,
        deserialize_i16 visit_i16 i16,
        deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64,
        deserialize_i128 visit_i128 i128,
        deserialize_u8 visit_u8 u8,
        deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64,
        deserialize_u128 visit_u128 u128,
        deserialize_f32 visit_f32 f32,
        deserialize_f64 visit_f64 f64,
        deserialize_char visit_char char,
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        let text: StrDeserializer<'_, Unfit> = self.text.into_deserializer();
        visitor.visit_enum(text).map_err(|error| self.unfit(error))
    }

    /// The item of a list of pairs.
    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Unfit> {
        if len != 2 {
            return Err(self.unfit(Unfit::invalid_length(len, &"a name and its value")));
        }
        visitor.visit_seq(SeqDeserializer::new([self.name, self.text].into_iter()))
    }

    forward_to_deserialize_any! {
        str string bytes byte_buf unit unit_struct seq tuple_struct map struct identifier ignored_any
    }
}

impl<'a> IntoDeserializer<'a, Unfit> for Value<'a> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
