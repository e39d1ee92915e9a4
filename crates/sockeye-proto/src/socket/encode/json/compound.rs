//! What holds other values.

use serde::{
    Serialize,
    ser::{
        SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
        SerializeTupleStruct, SerializeTupleVariant, Serializer as _,
    },
};
use serde_json::Error;

use super::{Json, key};
use crate::socket::scan::is_short_and_plain;

/// An array or object that is being written.
pub(in crate::socket::encode) struct Compound<'a, 'b> {
    json: &'b mut Json<'a>,
    /// What is to be written before the next element: the opening bracket or a comma.
    before: u8,
}

impl<'a, 'b> Compound<'a, 'b> {
    pub(super) fn array(json: &'b mut Json<'a>) -> Self {
        Self { json, before: b'[' }
    }

    pub(super) fn object(json: &'b mut Json<'a>) -> Self {
        Self { json, before: b'{' }
    }

    #[inline]
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.json.out.extend(&[self.before]);
        self.before = b',';
        value.serialize(&mut *self.json)
    }

    /// Keys are known when the application is compiled, and so is, inlined, whether they are plain: what is left is a
    /// copy of known length.
    #[inline(always)]
    fn field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        if is_short_and_plain(key.as_bytes()) {
            self.json.out.extend(&[self.before, b'"']);
            self.json.out.extend(key.as_bytes());
            self.json.out.extend(b"\":");
        } else {
            self.json.string([self.before, b'"'], key, *b"\":");
        }
        self.before = b',';
        value.serialize(&mut *self.json)
    }

    /// Writes the closing bracket, behind the opening one if nothing else did.
    #[inline]
    fn close(&mut self, open: u8, close: u8) {
        if self.before == open {
            self.json.out.extend(&[open]);
        }
        self.json.out.extend(&[close]);
    }
}

macro_rules! arrays {
    ($($compound:ident: $method:ident, $($outer:literal)?;)*) => {$(
        impl $compound for Compound<'_, '_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.element(value)
            }

            fn end(mut self) -> Result<(), Error> {
                self.close(b'[', b']');
                $(self.json.out.extend($outer);)?
                Ok(())
            }
        }
    )*};
}

arrays! {
    SerializeSeq: serialize_element, ;
    SerializeTuple: serialize_element, ;
    SerializeTupleStruct: serialize_field, ;
    SerializeTupleVariant: serialize_field, b"}";
}

impl SerializeStructVariant for Compound<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.field(key, value)
    }

    fn end(mut self) -> Result<(), Error> {
        self.close(b'{', b'}');
        self.json.out.extend(b"}");
        Ok(())
    }
}

impl SerializeMap for Compound<'_, '_> {
    type Ok = ();
    type Error = Error;

    /// Keys are strings, so they hold no attachments.
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.json.out.extend(&[self.before]);
        self.before = b',';
        key::write(self.json, key)?;
        self.json.out.extend(b":");
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(&mut *self.json)
    }

    fn end(mut self) -> Result<(), Error> {
        self.close(b'{', b'}');
        Ok(())
    }
}

/// A struct that is being written.
pub(in crate::socket::encode) struct Fields<'a, 'b> {
    object: Compound<'a, 'b>,
    /// It is no object, but something told to the library behind its back.
    signal: Option<&'static str>,
}

impl<'a, 'b> Fields<'a, 'b> {
    #[inline]
    pub(super) fn of(json: &'b mut Json<'a>, name: &'static str) -> Self {
        // No names of types: raw JSON and numbers of any precision are told by them.
        let signal = name.starts_with("$serde_json::private::").then_some(name);
        Self { object: Compound::object(json), signal }
    }
}

impl SerializeStruct for Fields<'_, '_> {
    type Ok = ();
    type Error = Error;

    #[inline(always)]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        let Some(name) = self.signal else { return self.object.field(key, value) };
        // Such a struct has one field, which is its text.
        let mut library = self.object.json.library();
        let mut fields = library.serialize_struct(name, 1)?;
        SerializeStruct::serialize_field(&mut fields, key, value)?;
        SerializeStruct::end(fields)
    }

    #[inline(always)]
    fn end(mut self) -> Result<(), Error> {
        if self.signal.is_none() {
            self.object.close(b'{', b'}');
        }
        Ok(())
    }
}
