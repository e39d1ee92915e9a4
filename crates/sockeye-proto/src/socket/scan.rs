//! One pass over JSON text that checks its whole grammar, bounds its depth and finds an event's parts.
//!
//! Nothing is built: what is accepted is kept as the text it is, and read once more into the handler's own type. The
//! grammar is that of RFC 8259, and so exactly what `serde_json` accepts when it ignores a value.

use super::{name::RawName, placeholder::ALONE, violation::Violation};

mod few;
mod plain;
mod token;
mod value;

pub(super) use self::{
    few::is_short_and_plain,
    plain::{ends_plain, is_plain, plain_at_end, short},
    token::whitespace,
};

/// Why a text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// No JSON, or not of the shape asked for.
    Syntax,
    /// Deeper than allowed.
    TooDeep,
}

impl From<Fault> for Violation {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Syntax => Self::InvalidPayload,
            Fault::TooDeep => Self::PayloadTooDeep,
        }
    }
}

/// The deepest nesting that can be told to a scanner: one bit per level.
const DEEPEST: usize = 128;

/// An event's name, and its arguments as they stand between the name's comma and the closing bracket.
pub(super) fn event(text: &str, max_depth: usize) -> Result<(RawName<'_>, &str), Fault> {
    let mut scan = Scanner::new(text, max_depth);
    scan.whitespace();
    scan.open_array()?;
    scan.whitespace();
    let name = match scan.peek() {
        Some(b'"') => scan.string()?,
        Some(b'-' | b'0'..=b'9') => {
            let start = scan.position();
            scan.rest = token::number(scan.rest)?;
            RawName { text: scan.since(start), escaped: false }
        }
        _ => return Err(Fault::Syntax),
    };
    scan.whitespace();
    let mut arguments = "";
    if !scan.eat(b']') {
        scan.expect(b',')?;
        scan.whitespace();
        // One attachment and nothing else: the text is known, and one level deep.
        if scan.levels > 0
            && let Some(alone) = scan.rest.strip_suffix(b"]")
            && alone == ALONE.as_bytes()
        {
            return Ok((name, ALONE));
        }
        let start = scan.position();
        loop {
            scan.value()?;
            let end = scan.position();
            scan.whitespace();
            if scan.eat(b']') {
                arguments = text.get(start..end).unwrap_or_default();
                break;
            }
            scan.expect(b',')?;
        }
    }
    scan.end()?;
    Ok((name, arguments))
}

/// The text of an array, without the white space around it.
pub(super) fn array(text: &str, max_depth: usize) -> Result<&str, Fault> {
    whole(text, max_depth, b"[")
}

/// The text of an object, without the white space around it.
pub(super) fn object(text: &str, max_depth: usize) -> Result<&str, Fault> {
    whole(text, max_depth, b"{")
}

/// The text of an object or a string, which is what a refusal may carry.
pub(super) fn object_or_string(text: &str, max_depth: usize) -> Result<&str, Fault> {
    whole(text, max_depth, b"{\"")
}

/// What follows the value at the front of `rest`, with which `text` ends.
pub(super) fn skip<'a>(text: &'a str, rest: &'a [u8]) -> Option<&'a [u8]> {
    value::value(text.as_bytes(), rest, DEEPEST).ok()
}

/// What follows the string that `rest`, with which `whole` ends, begins with, behind its first quote.
pub(super) fn string_end<'a>(whole: &'a [u8], rest: &'a [u8]) -> Option<&'a [u8]> {
    token::string(whole, rest).ok().map(|ended| ended.rest)
}

fn whole<'a>(text: &'a str, max_depth: usize, first: &[u8]) -> Result<&'a str, Fault> {
    let mut scan = Scanner::new(text, max_depth);
    scan.whitespace();
    if !scan.peek().is_some_and(|byte| first.contains(&byte)) {
        return Err(Fault::Syntax);
    }
    let start = scan.position();
    scan.value()?;
    let value = scan.since(start);
    scan.end()?;
    Ok(value)
}

/// A place in a JSON text.
#[derive(Clone, Debug)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    /// What has not been read.
    rest: &'a [u8],
    /// Arrays and objects that may still be opened.
    levels: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str, max_depth: usize) -> Self {
        Self { text, rest: text.as_bytes(), levels: max_depth.min(DEEPEST) }
    }

    /// Reads one value, whatever is in it.
    #[inline]
    pub(super) fn value(&mut self) -> Result<(), Fault> {
        let whole = self.text.as_bytes();
        self.rest = match self.rest {
            // Most often there is no more to it.
            [b'"', rest @ ..] => token::string(whole, rest)?.rest,
            rest => value::value(whole, rest, self.levels)?,
        };
        Ok(())
    }

    /// Reads a string with its quotes; what lies between is returned.
    #[inline]
    pub(super) fn string(&mut self) -> Result<RawName<'a>, Fault> {
        self.expect(b'"')?;
        let start = self.position();
        let token::Ended { rest, escaped } = token::string(self.text.as_bytes(), self.rest)?;
        self.rest = rest;
        let text = self.text.get(start..self.position().saturating_sub(1)).unwrap_or_default();
        Ok(RawName { text, escaped })
    }

    /// Reads a key and its colon.
    pub(super) fn key(&mut self) -> Result<RawName<'a>, Fault> {
        let key = self.string()?;
        self.whitespace();
        self.expect(b':')?;
        Ok(key)
    }

    #[inline]
    pub(super) fn whitespace(&mut self) {
        self.rest = whitespace(self.rest);
    }

    /// Reads `byte` if it comes next.
    #[inline]
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        match self.rest {
            [first, rest @ ..] if *first == byte => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    #[inline]
    pub(super) fn expect(&mut self, byte: u8) -> Result<(), Fault> {
        if self.eat(byte) { Ok(()) } else { Err(Fault::Syntax) }
    }

    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    #[inline]
    pub(super) fn position(&self) -> usize {
        self.text.len().saturating_sub(self.rest.len())
    }

    /// The text from `start` up to here.
    pub(super) fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.position()).unwrap_or_default()
    }

    #[inline]
    fn open_array(&mut self) -> Result<(), Fault> {
        self.expect(b'[')?;
        self.levels = self.levels.checked_sub(1).ok_or(Fault::TooDeep)?;
        Ok(())
    }

    #[inline]
    fn end(&mut self) -> Result<(), Fault> {
        self.whitespace();
        if self.rest.is_empty() { Ok(()) } else { Err(Fault::Syntax) }
    }
}

#[cfg(test)]
pub(super) mod tests;
