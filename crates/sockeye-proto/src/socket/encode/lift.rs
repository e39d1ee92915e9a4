//! A serializer around another that takes bytes out as attachments and leaves placeholders.

use std::{cell::RefCell, fmt};

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use crate::{
    Frame,
    socket::placeholder::{MARK, NUMBER},
};

/// Serializes into `inner`, bytes into `attachments`.
pub(super) struct Lifting<'a, S> {
    inner: S,
    /// Depth first, as the reference counts them.
    attachments: &'a RefCell<Vec<Frame>>,
}

impl<'a, S> Lifting<'a, S> {
    pub(super) fn new(inner: S, attachments: &'a RefCell<Vec<Frame>>) -> Self {
        Self { inner, attachments }
    }
}

/// A value inside another.
struct Lifted<'a, T: ?Sized> {
    value: &'a T,
    attachments: &'a RefCell<Vec<Frame>>,
}

impl<T: Serialize + ?Sized> Serialize for Lifted<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(Lifting::new(serializer, self.attachments))
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

    forward! {
        serialize_bool: bool,
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128,
        serialize_f32: f32, serialize_f64: f64, serialize_char: char, serialize_str: &str,
        serialize_unit_struct: &'static str,
    }

    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        self.inner.serialize_none()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.inner.serialize_some(&Lifted { value, attachments: self.attachments })
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
        self.inner.serialize_newtype_struct(name, &Lifted { value, attachments: self.attachments })
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        let value = Lifted { value, attachments: self.attachments };
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
        Ok(Lifting::new(self.inner.serialize_struct(name, len)?, self.attachments))
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
                self.inner.$method(&Lifted { value, attachments: self.attachments })
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
                self.inner.serialize_field(key, &Lifted { value, attachments: self.attachments })
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
        self.inner.serialize_value(&Lifted { value, attachments: self.attachments })
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.inner.end()
    }
}
