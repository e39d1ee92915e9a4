//! Values as compact JSON, written straight into the frame, with bytes taken out as attachments.
//!
//! The text is the one that the JSON library writes. Strings are copied first and judged many bytes at a time; what is
//! rare, and how a float looks, is left to the library.

use std::fmt;

use serde::{
    Serialize,
    ser::{SerializeStruct as _, Serializer},
};
use serde_json::{Error, ser::CompactFormatter};

use crate::{
    Frame, FrameBuilder,
    few::Few,
    socket::{
        placeholder::{MARK, NUMBER},
        scan::{ends_plain, plain_at_end},
    },
};

mod compound;
mod key;

use self::compound::{Compound, Fields};

/// Writes values behind what the frame holds.
pub(super) struct Json<'a> {
    pub(super) out: &'a mut FrameBuilder,
    /// Depth first, as the reference counts them.
    pub(super) attachments: &'a mut Few<Frame>,
}

impl Json<'_> {
    /// The library's serializer, for what is no value of its own or holds no bytes.
    fn library(&mut self) -> serde_json::Serializer<&mut FrameBuilder, CompactFormatter> {
        serde_json::Serializer::new(&mut *self.out)
    }

    /// Writes a string between its quotes, which are the last byte of `before` and the first one of `after`.
    #[inline]
    fn string<const B: usize, const A: usize>(&mut self, before: [u8; B], text: &str, after: [u8; A]) {
        self.out.extend(&before);
        self.out.extend(text.as_bytes());
        if !ends_plain(self.out.written(), text.len()) {
            self.out.truncate(self.out.len().saturating_sub(text.len()));
            self.escaped(text);
        }
        self.out.extend(&after);
    }

    #[inline(never)]
    fn escaped(&mut self, text: &str) {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let whole = text.as_bytes();
        let mut rest = whole;
        loop {
            let (plain, special) = rest.split_at_checked(plain_at_end(whole, rest)).unwrap_or_default();
            self.out.extend(plain);
            let [byte, behind @ ..] = special else { return };
            match byte {
                b'"' => self.out.extend(b"\\\""),
                b'\\' => self.out.extend(b"\\\\"),
                b'\n' => self.out.extend(b"\\n"),
                b'\r' => self.out.extend(b"\\r"),
                b'\t' => self.out.extend(b"\\t"),
                0x08 => self.out.extend(b"\\b"),
                0x0c => self.out.extend(b"\\f"),
                control => {
                    let digit = |half: u8| HEX.get(usize::from(half)).copied().unwrap_or(b'0');
                    self.out.extend(&[b'\\', b'u', b'0', b'0', digit(control >> 4), digit(control & 0xf)]);
                }
            }
            rest = behind;
        }
    }
}

macro_rules! integers {
    ($($method:ident: $ty:ty),* $(,)?) => {$(
        #[inline]
        fn $method(self, value: $ty) -> Result<(), Error> {
            self.out.extend(itoa::Buffer::new().format(value).as_bytes());
            Ok(())
        }
    )*};
}

macro_rules! left {
    ($($method:ident: $ty:ty),* $(,)?) => {$(
        fn $method(self, value: $ty) -> Result<(), Error> {
            self.library().$method(value)
        }
    )*};
}

impl<'a, 'b> Serializer for &'b mut Json<'a> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Compound<'a, 'b>;
    type SerializeTuple = Compound<'a, 'b>;
    type SerializeTupleStruct = Compound<'a, 'b>;
    type SerializeTupleVariant = Compound<'a, 'b>;
    type SerializeMap = Compound<'a, 'b>;
    type SerializeStruct = Fields<'a, 'b>;
    type SerializeStructVariant = Compound<'a, 'b>;

    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), Error> {
        let number = self.attachments.len();
        self.attachments.push(Frame::binary(bytes));
        let mut placeholder = self.serialize_struct("Placeholder", 2)?;
        placeholder.serialize_field(MARK, &true)?;
        placeholder.serialize_field(NUMBER, &number)?;
        placeholder.end()
    }

    #[inline]
    fn serialize_str(self, text: &str) -> Result<(), Error> {
        self.string(*b"\"", text, *b"\"");
        Ok(())
    }

    integers! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128,
    }

    left! { serialize_f32: f32, serialize_f64: f64, serialize_char: char }

    #[inline]
    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.out.extend(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.out.extend(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.string(*b"{\"", variant, *b"\":");
        value.serialize(&mut *self)?;
        self.out.extend(b"}");
        Ok(())
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Compound<'a, 'b>, Error> {
        Ok(Compound::array(self))
    }

    fn serialize_tuple(self, _len: usize) -> Result<Compound<'a, 'b>, Error> {
        Ok(Compound::array(self))
    }

    fn serialize_tuple_struct(self, _name: &'static str, _len: usize) -> Result<Compound<'a, 'b>, Error> {
        Ok(Compound::array(self))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Compound<'a, 'b>, Error> {
        self.string(*b"{\"", variant, *b"\":");
        Ok(Compound::array(self))
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Compound<'a, 'b>, Error> {
        Ok(Compound::object(self))
    }

    #[inline]
    fn serialize_struct(self, name: &'static str, _len: usize) -> Result<Fields<'a, 'b>, Error> {
        Ok(Fields::of(self, name))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Compound<'a, 'b>, Error> {
        self.string(*b"{\"", variant, *b"\":");
        Ok(Compound::object(self))
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<(), Error> {
        self.library().collect_str(value)
    }
}

#[cfg(test)]
mod tests;
