//! A serializer around another that takes bytes out as attachments and leaves placeholders.

use std::{cell::RefCell, fmt, io};

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use serde_json::ser::Formatter;

use crate::{
    Frame,
    few::Few,
    socket::{
        placeholder::{MARK, NUMBER},
        scan::is_plain,
    },
};

/// Serializes into `inner`, which has to write by [`PlainText`], and bytes into `attachments`.
pub(super) struct Lifting<'a, S> {
    inner: S,
    /// Depth first, as the reference counts them.
    attachments: &'a RefCell<Few<Frame>>,
    /// What follows is no JSON of its own, but told to the serializer behind its back.
    signal: bool,
}

impl<'a, S> Lifting<'a, S> {
    pub(super) fn new(inner: S, attachments: &'a RefCell<Few<Frame>>) -> Self {
        Self { inner, attachments, signal: false }
    }
}

/// Compact JSON, in which the bytes that reach it are a string's text that holds nothing to escape: real ones have
/// become attachments. The text is judged many bytes at a time and copied once, which takes a fraction of what looking
/// at each byte does.
pub(super) struct PlainText;

impl Formatter for PlainText {
    fn write_byte_array<W: io::Write + ?Sized>(&mut self, writer: &mut W, value: &[u8]) -> io::Result<()> {
        writer.write_all(b"\"")?;
        writer.write_all(value)?;
        writer.write_all(b"\"")
    }
}

/// A value inside another.
struct Lifted<'a, T: ?Sized> {
    value: &'a T,
    attachments: &'a RefCell<Few<Frame>>,
    signal: bool,
}

impl<'a, T: ?Sized> Lifted<'a, T> {
    fn new(value: &'a T, attachments: &'a RefCell<Few<Frame>>) -> Self {
        Self { value, attachments, signal: false }
    }
}

impl<T: Serialize + ?Sized> Serialize for Lifted<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let lifting = Lifting { inner: serializer, attachments: self.attachments, signal: self.signal };
        self.value.serialize(lifting)
    }
}

macro_rules! forward {
    ($($method:ident: $value:ty),* $(,)?) => {$(
        fn $method(self, value: $value) -> Result<S::Ok, S::Error> {
            self.inner.$method(value)
        }
    )*};
}

impl<'a, S: Serializer> Serializer for Lifting<'a, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Lifting<'a, S::SerializeSeq>;
    type SerializeTuple = Lifting<'a, S::SerializeTuple>;
    type SerializeTupleStruct = Lifting<'a, S::SerializeTupleStruct>;
    type SerializeTupleVariant = Lifting<'a, S::SerializeTupleVariant>;
    type SerializeMap = Lifting<'a, S::SerializeMap>;
    type SerializeStruct = Lifting<'a, S::SerializeStruct>;
    type SerializeStructVariant = Lifting<'a, S::SerializeStructVariant>;

    fn serialize_bytes(self, bytes: &[u8]) -> Result<S::Ok, S::Error> {
        let number = {
            let mut attachments = self.attachments.borrow_mut();
            let number = attachments.len();
            attachments.push(Frame::binary(bytes));
            number
        };
        let mut placeholder = self.inner.serialize_struct("Placeholder", 2)?;
        placeholder.serialize_field(MARK, &true)?;
        placeholder.serialize_field(NUMBER, &number)?;
        placeholder.end()
    }

    fn serialize_str(self, text: &str) -> Result<S::Ok, S::Error> {
        if !self.signal && is_plain(text.as_bytes()) {
            self.inner.serialize_bytes(text.as_bytes())
        } else {
            self.inner.serialize_str(text)
        }
    }

    forward! {
        serialize_bool: bool,
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128,
        serialize_f32: f32, serialize_f64: f64, serialize_char: char,
        serialize_unit_struct: &'static str,
    }

    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        self.inner.serialize_none()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.inner.serialize_some(&Lifted::new(value, self.attachments))
    }

    fn serialize_unit(self) -> Result<S::Ok, S::Error> {
        self.inner.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
    ) -> Result<S::Ok, S::Error> {
        self.inner.serialize_unit_variant(name, index, variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        self.inner.serialize_newtype_struct(name, &Lifted::new(value, self.attachments))
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        let value = Lifted::new(value, self.attachments);
        self.inner.serialize_newtype_variant(name, index, variant, &value)
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Self::SerializeSeq, S::Error> {
        Ok(Lifting::new(self.inner.serialize_seq(len)?, self.attachments))
    }

    fn serialize_tuple(self, len: usize) -> Result<Self::SerializeTuple, S::Error> {
        Ok(Lifting::new(self.inner.serialize_tuple(len)?, self.attachments))
    }

    fn serialize_tuple_struct(
        self,
        name: &'static str,
        len: usize,
    ) -> Result<Self::SerializeTupleStruct, S::Error> {
        Ok(Lifting::new(self.inner.serialize_tuple_struct(name, len)?, self.attachments))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeTupleVariant, S::Error> {
        Ok(Lifting::new(self.inner.serialize_tuple_variant(name, index, variant, len)?, self.attachments))
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Self::SerializeMap, S::Error> {
        Ok(Lifting::new(self.inner.serialize_map(len)?, self.attachments))
    }

    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Self::SerializeStruct, S::Error> {
        // Such names are no names of types: raw JSON and numbers of any precision are told to the serializer by them.
        let signal = name.starts_with('$');
        Ok(Lifting { inner: self.inner.serialize_struct(name, len)?, attachments: self.attachments, signal })
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeStructVariant, S::Error> {
        Ok(Lifting::new(self.inner.serialize_struct_variant(name, index, variant, len)?, self.attachments))
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.inner.collect_str(value)
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

/// The compound serializers that take one value at a time.
macro_rules! elements {
    ($($compound:ident: $method:ident),* $(,)?) => {$(
        impl<S: $compound> $compound for Lifting<'_, S> {
            type Ok = S::Ok;
            type Error = S::Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
                self.inner.$method(&Lifted::new(value, self.attachments))
            }

            fn end(self) -> Result<S::Ok, S::Error> {
                self.inner.end()
            }
        }
    )*};
}

elements! {
    SerializeSeq: serialize_element,
    SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field,
    SerializeTupleVariant: serialize_field,
}

/// Those whose values have names.
macro_rules! fields {
    ($($compound:ident),* $(,)?) => {$(
        impl<S: $compound> $compound for Lifting<'_, S> {
            type Ok = S::Ok;
            type Error = S::Error;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), S::Error> {
                let Self { attachments, signal, .. } = *self;
                self.inner.serialize_field(key, &Lifted { value, attachments, signal })
            }

            fn skip_field(&mut self, key: &'static str) -> Result<(), S::Error> {
                self.inner.skip_field(key)
            }

            fn end(self) -> Result<S::Ok, S::Error> {
                self.inner.end()
            }
        }
    )*};
}

fields! { SerializeStruct, SerializeStructVariant }

impl<S: SerializeMap> SerializeMap for Lifting<'_, S> {
    type Ok = S::Ok;
    type Error = S::Error;

    /// Keys are strings, so they hold no attachments.
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), S::Error> {
        self.inner.serialize_key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
        self.inner.serialize_value(&Lifted::new(value, self.attachments))
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.inner.end()
    }
}
