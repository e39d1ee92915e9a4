//! One pass over JSON text that checks its whole grammar, bounds its depth and finds an event's parts.
//!
//! Nothing is built: what is accepted is kept as the text it is, and read once more into the handler's own type. The
//! grammar is that of RFC 8259, and so exactly what `serde_json` accepts when it ignores a value.

use super::{name::RawName, placeholder::ALONE, violation::Violation};

mod plain;

pub(super) use plain::{is_plain, plain};

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
            let start = scan.at;
            scan.number()?;
            RawName { text: scan.since(start), escaped: false }
        }
        _ => return Err(Fault::Syntax),
    };
    scan.whitespace();
    let mut arguments = "";
    if !scan.eat(b']') {
        scan.expect(b',')?;
        scan.whitespace();
        let start = scan.at;
        // One attachment and nothing else: the text is known, and one level deep.
        if scan.levels > 0
            && let Some(rest) = text.get(start..)
            && rest.strip_suffix(']') == Some(ALONE)
        {
            return Ok((name, text.get(start..text.len().saturating_sub(1)).unwrap_or_default()));
        }
        loop {
            scan.value()?;
            let end = scan.at;
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

fn whole<'a>(text: &'a str, max_depth: usize, first: &[u8]) -> Result<&'a str, Fault> {
    let mut scan = Scanner::new(text, max_depth);
    scan.whitespace();
    if !scan.peek().is_some_and(|byte| first.contains(&byte)) {
        return Err(Fault::Syntax);
    }
    let start = scan.at;
    scan.value()?;
    let value = scan.since(start);
    scan.end()?;
    Ok(value)
}

/// A place in a JSON text.
#[derive(Clone, Debug)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// Arrays and objects that may still be opened.
    levels: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str, max_depth: usize) -> Self {
        Self { text, at: 0, levels: max_depth.min(DEEPEST) }
    }

    /// Reads one value, whatever is in it.
    pub(super) fn value(&mut self) -> Result<(), Fault> {
        // One bit per open level, the innermost lowest: set for an object.
        let mut objects: u128 = 0;
        let mut open: usize = 0;
        'value: loop {
            self.whitespace();
            match self.peek() {
                Some(byte @ (b'{' | b'[')) => {
                    if open >= self.levels {
                        return Err(Fault::TooDeep);
                    }
                    self.advance();
                    self.whitespace();
                    let object = byte == b'{';
                    if !self.eat(if object { b'}' } else { b']' }) {
                        open = open.saturating_add(1);
                        objects = objects << 1 | u128::from(object);
                        if object {
                            self.key()?;
                        }
                        continue 'value;
                    }
                }
                Some(b'"') => drop(self.string()?),
                Some(b'-' | b'0'..=b'9') => self.number()?,
                Some(b't') => self.literal(b"true")?,
                Some(b'f') => self.literal(b"false")?,
                Some(b'n') => self.literal(b"null")?,
                _ => return Err(Fault::Syntax),
            }
            loop {
                if open == 0 {
                    return Ok(());
                }
                let object = objects & 1 == 1;
                self.whitespace();
                if self.eat(b',') {
                    if object {
                        self.whitespace();
                        self.key()?;
                    }
                    continue 'value;
                }
                self.expect(if object { b'}' } else { b']' })?;
                open = open.saturating_sub(1);
                objects >>= 1;
            }
        }
    }

    /// Reads a string with its quotes; what lies between is returned.
    pub(super) fn string(&mut self) -> Result<RawName<'a>, Fault> {
        self.expect(b'"')?;
        let start = self.at;
        let mut escaped = false;
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            self.at = self.at.saturating_add(plain(rest));
            match self.next() {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                _ => return Err(Fault::Syntax),
            }
        }
        let text = self.text.get(start..self.at.saturating_sub(1)).unwrap_or_default();
        Ok(RawName { text, escaped })
    }

    /// Reads a key and its colon.
    pub(super) fn key(&mut self) -> Result<RawName<'a>, Fault> {
        let key = self.string()?;
        self.whitespace();
        self.expect(b':')?;
        Ok(key)
    }

    pub(super) fn whitespace(&mut self) {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.peek() {
            self.advance();
        }
    }

    /// Reads `byte` if it comes next.
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn expect(&mut self, byte: u8) -> Result<(), Fault> {
        if self.eat(byte) { Ok(()) } else { Err(Fault::Syntax) }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// The text from `start` up to here.
    pub(super) fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn open_array(&mut self) -> Result<(), Fault> {
        self.expect(b'[')?;
        self.levels = self.levels.checked_sub(1).ok_or(Fault::TooDeep)?;
        Ok(())
    }

    fn number(&mut self) -> Result<(), Fault> {
        self.eat(b'-');
        match self.next() {
            Some(b'0') => {}
            Some(b'1'..=b'9') => self.digits(),
            _ => return Err(Fault::Syntax),
        }
        if self.eat(b'.') {
            self.some_digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            if !self.eat(b'+') {
                self.eat(b'-');
            }
            self.some_digits()?;
        }
        Ok(())
    }

    fn some_digits(&mut self) -> Result<(), Fault> {
        let Some(b'0'..=b'9') = self.next() else { return Err(Fault::Syntax) };
        self.digits();
        Ok(())
    }

    fn digits(&mut self) {
        while let Some(b'0'..=b'9') = self.peek() {
            self.advance();
        }
    }

    fn escape(&mut self) -> Result<(), Fault> {
        match self.next() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(()),
            // Lone surrogates are legal JSON; whether one fits the handler's type is judged when it is read.
            Some(b'u') if (0..4).all(|_| self.next().is_some_and(|byte| byte.is_ascii_hexdigit())) => Ok(()),
            _ => Err(Fault::Syntax),
        }
    }

    fn literal(&mut self, word: &[u8]) -> Result<(), Fault> {
        word.iter().try_for_each(|byte| self.expect(*byte))
    }

    fn end(&mut self) -> Result<(), Fault> {
        self.whitespace();
        if self.peek().is_none() { Ok(()) } else { Err(Fault::Syntax) }
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.advance();
        Some(byte)
    }

    fn advance(&mut self) {
        self.at = self.at.saturating_add(1);
    }
}

#[cfg(test)]
mod tests;
