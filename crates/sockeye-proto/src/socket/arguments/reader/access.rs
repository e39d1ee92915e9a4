//! Elements of arrays and entries of objects, one after the other.

use serde::de::{DeserializeSeed, MapAccess, SeqAccess};

use super::{Reader, Unfit, key::Key};

/// What is left of an array.
pub(super) struct Elements<'a, 'de> {
    reader: &'a mut Reader<'de>,
    begun: bool,
}

impl<'a, 'de> Elements<'a, 'de> {
    pub(super) fn of(reader: &'a mut Reader<'de>) -> Self {
        Self { reader, begun: false }
    }
}

impl<'de> SeqAccess<'de> for Elements<'_, 'de> {
    type Error = Unfit;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Unfit> {
        // Where no comma follows, it is the bracket.
        if self.begun {
            if !self.reader.eat(b',') {
                return Ok(None);
            }
        } else if self.reader.peek() == Some(b']') {
            return Ok(None);
        }
        self.begun = true;
        seed.deserialize(&mut *self.reader).map(Some)
    }
}

/// What is left of an object.
pub(super) struct Entries<'a, 'de> {
    reader: &'a mut Reader<'de>,
    begun: bool,
}

impl<'a, 'de> Entries<'a, 'de> {
    pub(super) fn of(reader: &'a mut Reader<'de>) -> Self {
        Self { reader, begun: false }
    }
}

impl<'de> MapAccess<'de> for Entries<'_, 'de> {
    type Error = Unfit;

    #[inline]
    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Unfit> {
        if self.begun {
            if !self.reader.eat(b',') {
                return Ok(None);
            }
        } else if self.reader.peek() == Some(b'}') {
            return Ok(None);
        }
        self.begun = true;
        let key = self.reader.string()?;
        self.reader.expect(b':')?;
        seed.deserialize(Key(key)).map(Some)
    }

    #[inline]
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Unfit> {
        seed.deserialize(&mut *self.reader)
    }
}
