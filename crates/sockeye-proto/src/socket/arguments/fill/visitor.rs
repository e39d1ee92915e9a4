//! What the inner deserializer found, passed on to the type.

use std::fmt;

use serde::{
    Deserializer,
    de::{EnumAccess, Error, MapAccess, SeqAccess, Visitor},
};

use super::{
    Fill, Source,
    access::{FillEnum, FillMap, FillSeq},
    object,
};

/// What the type said it wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Bytes: a placeholder becomes its attachment, and a string its bytes, as `serde_json` has it.
    Bytes,
    /// Anything: a placeholder becomes its attachment.
    Any,
    /// Something else: an object stays one.
    Plain,
}

pub(super) struct FillVisitor<'de, V> {
    pub(super) visitor: V,
    pub(super) source: Source<'de>,
    pub(super) role: Role,
}

macro_rules! forward {
    ($($method:ident: $value:ty),* $(,)?) => {$(
        fn $method<E: Error>(self, value: $value) -> Result<V::Value, E> {
            self.visitor.$method(value)
        }
    )*};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for FillVisitor<'de, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    forward! {
        visit_bool: bool,
        visit_i8: i8, visit_i16: i16, visit_i32: i32, visit_i64: i64, visit_i128: i128,
        visit_u8: u8, visit_u16: u16, visit_u32: u32, visit_u64: u64, visit_u128: u128,
        visit_f32: f32, visit_f64: f64, visit_char: char,
        visit_bytes: &[u8], visit_borrowed_bytes: &'de [u8], visit_byte_buf: Vec<u8>,
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        match self.role {
            Role::Bytes => self.visitor.visit_bytes(text.as_bytes()),
            Role::Any | Role::Plain => self.visitor.visit_str(text),
        }
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<V::Value, E> {
        match self.role {
            Role::Bytes => self.visitor.visit_borrowed_bytes(text.as_bytes()),
            Role::Any | Role::Plain => self.visitor.visit_borrowed_str(text),
        }
    }

    fn visit_string<E: Error>(self, text: String) -> Result<V::Value, E> {
        match self.role {
            Role::Bytes => self.visitor.visit_byte_buf(text.into_bytes()),
            Role::Any | Role::Plain => self.visitor.visit_string(text),
        }
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.visitor.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.visitor.visit_some(Fill { inner, source: self.source })
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.visitor.visit_unit()
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.visitor.visit_newtype_struct(Fill { inner, source: self.source })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_seq(FillSeq { inner, source: self.source })
    }

    fn visit_map<A: MapAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        match self.role {
            Role::Bytes | Role::Any => object::visit(inner, self.visitor, self.source),
            Role::Plain => self.visitor.visit_map(FillMap { inner, source: self.source }),
        }
    }

    fn visit_enum<A: EnumAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_enum(FillEnum { inner, source: self.source })
    }
}
