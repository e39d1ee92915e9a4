//! Types read from JSON text that was scanned when it came, with no second look at its grammar.

use std::fmt;

use serde::de::{
    self, Deserializer, IgnoredAny, Visitor,
    value::{BorrowedStrDeserializer, StringDeserializer},
};
use serde_json::de::StrRead;

use crate::socket::scan;

mod access;
mod key;
mod number;
mod string;

use self::{
    access::{Elements, Entries},
    string::Text,
};

/// A place in scanned text.
///
/// It reads what handlers mostly ask for: structs, lists, strings, numbers. Anything else it leaves to the JSON library,
/// value by value. What it does read is what the library would have read; where the type refuses, or the library might
/// have a word on it, it is [`Unfit`], and the library reads all from the beginning and tells the error.
pub(super) struct Reader<'de> {
    text: &'de str,
    /// What has not been read.
    rest: &'de [u8],
    /// Arrays and objects that may still be opened, as the library counts.
    levels: u8,
}

/// Is to be read in the usual way.
#[derive(Debug)]
pub(super) struct Unfit;

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not read in haste")
    }
}

impl std::error::Error for Unfit {}

impl de::Error for Unfit {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// What the library allows.
const LEVELS: u8 = 127;

impl<'de> Reader<'de> {
    /// At the front of `text`, whose first value was scanned.
    pub(super) fn new(text: &'de str) -> Self {
        Self { text, rest: text.as_bytes(), levels: LEVELS }
    }

    /// The first byte of what comes next, left where it is.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        self.rest = scan::whitespace(self.rest);
        self.rest.first().copied()
    }

    /// Reads `byte` if it comes next.
    #[inline]
    fn eat(&mut self, byte: u8) -> bool {
        // White space is rare between programs.
        self.eat_here(byte) || self.eat_behind_whitespace(byte)
    }

    /// Reads `byte` if it is the next one.
    #[inline]
    fn eat_here(&mut self, byte: u8) -> bool {
        match self.rest {
            [first, rest @ ..] if *first == byte => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    #[inline(never)]
    fn eat_behind_whitespace(&mut self, byte: u8) -> bool {
        self.rest = scan::whitespace(self.rest);
        self.eat_here(byte)
    }

    #[inline]
    fn expect(&mut self, byte: u8) -> Result<(), Unfit> {
        if self.eat(byte) { Ok(()) } else { Err(Unfit) }
    }

    /// Reads `null` if it comes next.
    #[inline]
    fn null(&mut self) -> bool {
        if self.peek() != Some(b'n') {
            return false;
        }
        self.rest = self.rest.get(b"null".len()..).unwrap_or_default();
        true
    }

    #[inline]
    fn position(&self) -> usize {
        self.text.len().saturating_sub(self.rest.len())
    }

    /// Reads the next value by the library.
    fn leave<T>(
        &mut self,
        read: impl FnOnce(&mut serde_json::Deserializer<StrRead<'de>>) -> serde_json::Result<T>,
    ) -> Result<T, Unfit> {
        let rest = self.text.get(self.position()..).unwrap_or_default();
        let mut json = serde_json::Deserializer::from_str(rest);
        let value = read(&mut json).map_err(|_| Unfit)?;
        let end = json.into_iter::<IgnoredAny>().byte_offset();
        self.rest = self.rest.get(end..).unwrap_or_default();
        Ok(value)
    }

    #[inline]
    fn elements<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Unfit> {
        self.expect(b'[')?;
        self.levels = self.levels.checked_sub(1).ok_or(Unfit)?;
        let value = visitor.visit_seq(Elements::of(self))?;
        self.levels = self.levels.saturating_add(1);
        self.expect(b']')?;
        Ok(value)
    }

    #[inline]
    fn entries<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Unfit> {
        self.expect(b'{')?;
        self.levels = self.levels.checked_sub(1).ok_or(Unfit)?;
        let value = visitor.visit_map(Entries::of(self))?;
        self.levels = self.levels.saturating_add(1);
        self.expect(b'}')?;
        Ok(value)
    }
}

macro_rules! strings {
    ($($method:ident)*) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
            match self.string()? {
                Text::Plain(text) => visitor.visit_borrowed_str(text),
                Text::Resolved(text) => visitor.visit_str(&text),
            }
        }
    )*};
}

macro_rules! integers {
    ($($method:ident)*) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
            match self.integer() {
                Some(number) => number.visit(visitor),
                None => self.leave(|json| json.$method(visitor)),
            }
        }
    )*};
}

macro_rules! left {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
            self.leave(|json| json.$method(visitor))
        }
    )*};
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Unfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        if self.peek() == Some(b'"') {
            return self.deserialize_str(visitor);
        }
        self.leave(|json| json.deserialize_any(visitor))
    }

    strings! { deserialize_char deserialize_str deserialize_identifier }

    #[inline]
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.string()? {
            Text::Plain(text) => visitor.visit_borrowed_str(text),
            Text::Resolved(text) => visitor.visit_string(text),
        }
    }

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    left! { deserialize_i128 deserialize_u128 deserialize_f32 deserialize_bytes deserialize_byte_buf }

    #[inline]
    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.number() {
            Some(number) => number.visit(visitor),
            None => self.leave(|json| json.deserialize_f64(visitor)),
        }
    }

    #[inline]
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        let value = self.peek() == Some(b't');
        let word: &[u8] = if value { b"true" } else { b"false" };
        self.rest = self.rest.strip_prefix(word).ok_or(Unfit)?;
        visitor.visit_bool(value)
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        if self.null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    #[inline]
    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        if self.null() { visitor.visit_unit() } else { Err(Unfit) }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.deserialize_unit(visitor)
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        // No name of a type: raw JSON is asked for by such.
        if name.starts_with('$') {
            return self.leave(|json| json.deserialize_newtype_struct(name, visitor));
        }
        visitor.visit_newtype_struct(self)
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.elements(visitor)
    }

    #[inline]
    fn deserialize_tuple<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, Unfit> {
        self.elements(visitor)
    }

    #[inline]
    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.elements(visitor)
    }

    #[inline]
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.entries(visitor)
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        if self.peek() == Some(b'{') {
            return self.entries(visitor);
        }
        self.leave(|json| json.deserialize_struct(name, fields, visitor))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        if self.peek() != Some(b'"') {
            return self.leave(|json| json.deserialize_enum(name, variants, visitor));
        }
        match self.string()? {
            Text::Plain(variant) => visitor.visit_enum(BorrowedStrDeserializer::new(variant)),
            Text::Resolved(variant) => visitor.visit_enum(StringDeserializer::new(variant)),
        }
    }

    #[inline]
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.rest = scan::skip(self.text, self.rest).ok_or(Unfit)?;
        visitor.visit_unit()
    }
}

#[cfg(test)]
mod tests;
