//! Strings: borrowed where they stand as they are, made where escapes are resolved.

use super::{Reader, Unfit};
use crate::socket::scan::{plain_at_end, short, string_end};

/// A string's text.
pub(super) enum Text<'de> {
    Plain(&'de str),
    /// It had escapes.
    Resolved(String),
}

impl<'de> Reader<'de> {
    /// Reads a string, if it is one that comes next.
    #[inline]
    pub(super) fn string(&mut self) -> Result<Text<'de>, Unfit> {
        match self.short() {
            Some(text) => Ok(Text::Plain(text)),
            None => self.any_string(),
        }
    }

    /// Reads a string of at most a block without escapes, if it is one that comes next, with no white space before.
    #[inline]
    fn short(&mut self) -> Option<&'de str> {
        let [b'"', rest @ ..] = self.rest else { return None };
        let len = short(rest)?;
        let [b'"', behind @ ..] = rest.get(len..)? else { return None };
        let start = self.text.len().wrapping_sub(rest.len());
        let text = self.text.get(start..start.wrapping_add(len))?;
        self.rest = behind;
        Some(text)
    }

    #[inline(never)]
    fn any_string(&mut self) -> Result<Text<'de>, Unfit> {
        self.peek();
        let [b'"', rest @ ..] = self.rest else { return Err(Unfit) };
        let len = plain_at_end(self.text.as_bytes(), rest);
        let Some([b'"', behind @ ..]) = rest.get(len..) else {
            return self.resolved(rest).map(Text::Resolved);
        };
        let start = self.text.len().saturating_sub(rest.len());
        self.rest = behind;
        self.text.get(start..start.saturating_add(len)).map(Text::Plain).ok_or(Unfit)
    }

    /// Reads a string whose first quote was read, and which holds escapes.
    #[inline(never)]
    fn resolved(&mut self, mut rest: &'de [u8]) -> Result<String, Unfit> {
        let whole = self.text.as_bytes();
        // Escapes are longer than what they stand for, so it does not grow.
        let end = string_end(whole, rest).ok_or(Unfit)?;
        let mut text = String::with_capacity(rest.len().saturating_sub(end.len()));
        loop {
            let start = self.text.len().saturating_sub(rest.len());
            let len = plain_at_end(whole, rest);
            let piece = self.text.get(start..start.saturating_add(len)).ok_or(Unfit)?;
            let (escape, behind) = match rest.get(len..) {
                Some([b'"', behind @ ..]) => {
                    text.push_str(piece);
                    self.rest = behind;
                    return Ok(text);
                }
                Some([b'\\', escape, behind @ ..]) => (*escape, behind),
                _ => return Err(Unfit),
            };
            let resolved = match escape {
                b'"' | b'\\' | b'/' => char::from(escape),
                b'b' => '\x08',
                b'f' => '\x0c',
                b'n' => '\n',
                b'r' => '\r',
                b't' => '\t',
                // Pairs of surrogates, and lone ones: all of the string is left to the library.
                _ => return self.leave(|json| serde::Deserialize::deserialize(json)),
            };
            text.push_str(piece);
            text.push(resolved);
            rest = behind;
        }
    }
}
