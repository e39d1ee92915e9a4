//! Keys of maps.

use std::{fmt, io};

use serde::{
    Serialize, Serializer,
    ser::{Error as _, Impossible, SerializeMap as _},
};
use serde_json::{Error, ser::Formatter};

use super::Json;

/// Writes a key with its quotes: a string as any other string, anything else as the library has it, or refuses it.
pub(super) fn write<T: Serialize + ?Sized>(json: &mut Json<'_>, key: &T) -> Result<(), Error> {
    let start = json.out.len();
    if key.serialize(Text(&mut *json)).is_ok() {
        return Ok(());
    }
    json.out.truncate(start);
    let mut library = serde_json::Serializer::with_formatter(&mut *json.out, KeyAlone);
    // Without its end it is no object.
    library.serialize_map(Some(1))?.serialize_key(key)
}

/// Compact JSON, of which an object's bracket is missing.
struct KeyAlone;

impl Formatter for KeyAlone {
    fn begin_object<W: io::Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        Ok(())
    }
}

/// Takes strings.
struct Text<'a, 'b>(&'b mut Json<'a>);

/// What was to be written is no string.
#[derive(Debug)]
struct NoText;

impl fmt::Display for NoText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no string")
    }
}

impl std::error::Error for NoText {}

impl serde::ser::Error for NoText {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

type Nothing = Impossible<(), NoText>;

macro_rules! refused {
    ($($method:ident($($ty:ty),*) -> $ok:ty;)*) => {$(
        fn $method(self, $(_: $ty),*) -> Result<$ok, NoText> {
            Err(NoText)
        }
    )*};
}

impl Serializer for Text<'_, '_> {
    type Ok = ();
    type Error = NoText;
    type SerializeSeq = Nothing;
    type SerializeTuple = Nothing;
    type SerializeTupleStruct = Nothing;
    type SerializeTupleVariant = Nothing;
    type SerializeMap = Nothing;
    type SerializeStruct = Nothing;
    type SerializeStructVariant = Nothing;

    #[inline]
    fn serialize_str(self, text: &str) -> Result<(), NoText> {
        self.0.string(*b"\"", text, *b"\"");
        Ok(())
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), NoText> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<(), NoText> {
        value.serialize(self)
    }

    refused! {
        serialize_bool(bool) -> ();
        serialize_i8(i8) -> ();
        serialize_i16(i16) -> ();
        serialize_i32(i32) -> ();
        serialize_i64(i64) -> ();
        serialize_i128(i128) -> ();
        serialize_u8(u8) -> ();
        serialize_u16(u16) -> ();
        serialize_u32(u32) -> ();
        serialize_u64(u64) -> ();
        serialize_u128(u128) -> ();
        serialize_f32(f32) -> ();
        serialize_f64(f64) -> ();
        serialize_char(char) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_none() -> ();
        serialize_unit() -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_seq(Option<usize>) -> Nothing;
        serialize_tuple(usize) -> Nothing;
        serialize_tuple_struct(&'static str, usize) -> Nothing;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Nothing;
        serialize_map(Option<usize>) -> Nothing;
        serialize_struct(&'static str, usize) -> Nothing;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Nothing;
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<(), NoText> {
        Err(NoText)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _: &T,
    ) -> Result<(), NoText> {
        Err(NoText::custom("holds a value"))
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, _: &T) -> Result<(), NoText> {
        Err(NoText)
    }
}
