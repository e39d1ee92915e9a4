//! A deserializer around another that puts attachments where their placeholders stand.

use bytes::Bytes;
use serde::{
    Deserializer,
    de::{DeserializeSeed, Visitor},
};

mod access;
mod object;
mod visitor;

use self::visitor::{FillVisitor, Role};

/// What a type that takes anything is given for a placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Open {
    Bytes,
    Object,
}

/// What all layers know.
#[derive(Clone, Copy)]
struct Source<'de> {
    attachments: &'de [Bytes],
    open: Open,
}

/// Deserializes from `inner`, bytes from attachments.
pub(super) struct Fill<'de, D> {
    inner: D,
    source: Source<'de>,
}

impl<'de, D> Fill<'de, D> {
    pub(super) fn new(inner: D, attachments: &'de [Bytes], open: Open) -> Self {
        Self { inner, source: Source { attachments, open } }
    }
}

/// The methods whose hint rules out bytes.
macro_rules! plain {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.inner.$method(FillVisitor { visitor, source: self.source, role: Role::Plain })
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Fill<'de, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let role = if self.source.open == Open::Bytes { Role::Any } else { Role::Plain };
        self.inner.deserialize_any(FillVisitor { visitor, source: self.source, role })
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_any(FillVisitor { visitor, source: self.source, role: Role::Bytes })
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.deserialize_bytes(visitor)
    }

    plain! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64
        deserialize_char deserialize_str deserialize_string deserialize_option deserialize_unit deserialize_seq
        deserialize_map deserialize_identifier deserialize_ignored_any
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner
            .deserialize_unit_struct(name, FillVisitor { visitor, source: self.source, role: Role::Plain })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner
            .deserialize_newtype_struct(name, FillVisitor { visitor, source: self.source, role: Role::Plain })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_tuple(len, FillVisitor { visitor, source: self.source, role: Role::Plain })
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = FillVisitor { visitor, source: self.source, role: Role::Plain };
        self.inner.deserialize_tuple_struct(name, len, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = FillVisitor { visitor, source: self.source, role: Role::Plain };
        self.inner.deserialize_struct(name, fields, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = FillVisitor { visitor, source: self.source, role: Role::Plain };
        self.inner.deserialize_enum(name, variants, visitor)
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

/// A seed whose value is filled as well.
struct FillSeed<'de, S> {
    seed: S,
    source: Source<'de>,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for FillSeed<'de, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.seed.deserialize(Fill { inner: deserializer, source: self.source })
    }
}
